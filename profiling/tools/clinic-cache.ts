/** clinic, installed on first use from its own lock file, apart from the project: it is unmaintained and brings 700 packages. */

import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import type { ServerExit } from '../run/server-launcher.ts';
import { ProcessGroup } from './process-group.ts';
import { removedAtExit } from './removed-at-exit.ts';
import type { ToolSurroundings } from './tool-surroundings.ts';

const FILES = ['package.json', 'package-lock.json'] as const;
/** Names the lock file that was installed; written last. */
const STAMP = 'installed';
const LOG = 'npm.log';
const INSTALL_TIMEOUT_MS = 600_000;
const LONGEST_REASON = 600;

/**
 * Install scripts are not run: clinic needs none.
 *
 * @returns the folder whose node_modules hold clinic
 * @throws TouchlineError `TL_TOOL_UNAVAILABLE` when npm cannot install it, `TL_INTERRUPTED` when it was stopped
 */
export async function ensureClinic(surroundings: ToolSurroundings): Promise<string> {
  const { projectFolder, note } = surroundings;
  const source = join(projectFolder, 'profiling', 'clinic');
  const cache = join(projectFolder, '.touchline', 'clinic');
  const wanted = await fingerprint(source);
  if ((await readStamp(cache)) === wanted) return cache;
  note('installing clinic 13 into .touchline/clinic with npm ci (700 packages, half a minute, once) …');
  const fresh = await makeFolder(join(projectFolder, '.touchline'));
  const remove = removedAtExit(fresh);
  try {
    await install(source, fresh, surroundings);
    await rm(join(fresh, LOG));
    await writeFile(join(fresh, STAMP), wanted);
    await replace(cache, fresh, wanted);
  } finally {
    await remove();
  }
  return cache;
}

async function makeFolder(parent: string): Promise<string> {
  try {
    await mkdir(parent, { recursive: true });
    return await mkdtemp(join(parent, 'clinic-'));
  } catch (cause) {
    throw unavailable(`to write into ${parent}`, cause instanceof Error ? cause.message : String(cause));
  }
}

async function install(
  source: string,
  folder: string,
  { environment, signal }: ToolSurroundings,
): Promise<void> {
  for (const file of FILES) await copyFile(join(source, file), join(folder, file));
  const words = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const logFile = join(folder, LOG);
  const npm = ProcessGroup.start(words, { folder, environment: given(environment), logFile, program: 'npm' });
  const exit = await npm.endWithin(INSTALL_TIMEOUT_MS, signal);
  if (exit?.code === 0) return;
  if (signal.aborted) {
    throw new TouchlineError('TL_INTERRUPTED', 'stopped by a signal while clinic was installed');
  }
  const said = (await readFile(logFile, 'utf8')).trim().slice(0, LONGEST_REASON);
  const end = exit === undefined ? `no end within ${INSTALL_TIMEOUT_MS / 1_000} s` : howItEnded(exit);
  throw unavailable(
    'npm ci to install clinic, which needs the npm registry once',
    said === '' ? end : `${end}: ${said}`,
  );
}

function given(environment: ToolSurroundings['environment']): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function howItEnded({ code, signal }: ServerExit): string {
  return code === null && signal === null ? 'no npm that could be started' : (signal ?? `exit code ${code}`);
}

function unavailable(expected: string, received: string): TouchlineError {
  return new TouchlineError('TL_TOOL_UNAVAILABLE', `expected ${expected}; received ${received}`);
}

/** Another command may have installed it meanwhile: then its folder is as good. */
async function replace(cache: string, fresh: string, wanted: string): Promise<void> {
  try {
    await rename(fresh, cache);
  } catch (error) {
    if ((await readStamp(cache)) === wanted) return;
    await rm(cache, { recursive: true, force: true });
    await rename(fresh, cache).catch(() => {
      throw error;
    });
  }
}

async function fingerprint(source: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of FILES) hash.update(await readFile(join(source, file)));
  return hash.digest('hex');
}

async function readStamp(cache: string): Promise<string | undefined> {
  return readFile(join(cache, STAMP), 'utf8').catch(() => undefined);
}

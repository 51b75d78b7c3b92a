/** clinic, installed on first use from its own lock file, apart from the project: it is unmaintained and brings 700 packages. */

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import type { ToolSurroundings } from './tool-surroundings.ts';

const run = promisify(execFile);

const FILES = ['package.json', 'package-lock.json'] as const;
/** Names the lock file that was installed; written last. */
const STAMP = 'installed';
const INSTALL_TIMEOUT_MS = 600_000;
const LONGEST_REASON = 600;

/**
 * Install scripts are not run: clinic needs none.
 *
 * @returns the folder whose node_modules hold clinic
 * @throws TouchlineError `TL_TOOL_UNAVAILABLE` when npm cannot install it
 */
export async function ensureClinic({ projectFolder, environment, note }: ToolSurroundings): Promise<string> {
  const source = join(projectFolder, 'profiling', 'clinic');
  const cache = join(projectFolder, '.touchline', 'clinic');
  const wanted = await fingerprint(source);
  if ((await readStamp(cache)) === wanted) return cache;
  note('installing clinic 13 into .touchline/clinic with npm ci (700 packages, half a minute, once) …');
  const parent = join(projectFolder, '.touchline');
  await mkdir(parent, { recursive: true });
  const fresh = await mkdtemp(join(parent, 'clinic-'));
  try {
    await install(source, fresh, environment);
    await writeFile(join(fresh, STAMP), wanted);
    await replace(cache, fresh, wanted);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return cache;
}

async function install(
  source: string,
  folder: string,
  environment: ToolSurroundings['environment'],
): Promise<void> {
  for (const file of FILES) await copyFile(join(source, file), join(folder, file));
  const words = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  try {
    await run('npm', words, { cwd: folder, env: { ...environment }, timeout: INSTALL_TIMEOUT_MS });
  } catch (cause) {
    throw new TouchlineError(
      'TL_TOOL_UNAVAILABLE',
      `expected npm ci to install clinic, which needs the npm registry once; received ${reasonOf(cause)}`,
      { cause },
    );
  }
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

/** npm's own words, where it had some. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const said = 'stderr' in cause && typeof cause.stderr === 'string' ? cause.stderr.trim() : '';
  return (said === '' ? cause.message : said).slice(0, LONGEST_REASON);
}

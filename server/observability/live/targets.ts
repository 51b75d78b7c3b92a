/** Whom else to watch: what runs write into `.touchline/targets/*.json`, as Prometheus reads it (file_sd). */

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface LiveTarget {
  readonly kind: 'server' | 'load';
  /** `127.0.0.1:9465` */
  readonly address: string;
}

export interface FoundTargets {
  readonly targets: readonly LiveTarget[];
  /** What is wrong with the files, each a sentence. */
  readonly problems: readonly string[];
}

/** A run has a server, its workers and a profiler; more would cost this server time that it is measured by. */
export const MAX_TARGETS = 8;
const MAX_FILES = 32;
const MAX_FILE_BYTES = 65_536;
const MAX_PROBLEMS = 5;
/** Anything else is refused: a file must not make this server ask around in a network. */
const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\]):(\d{1,5})$/;
const PROFILER_JOB = 'touchline-profiler';

/**
 * Reads the folder anew; one that is not there has no targets.
 *
 * @param own address of the server that reads, which is not its own target
 * @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#file_sd_config
 */
export async function findTargets(folder: string, own: string): Promise<FoundTargets> {
  const found = new Map<string, LiveTarget>();
  const problems: string[] = [];
  for (const name of await listFiles(folder)) {
    const read = await readTargetFile(join(folder, name));
    for (const target of read.targets) if (target.address !== own) found.set(target.address, target);
    problems.push(...read.problems.map((problem) => `${name}: ${problem}`));
  }
  const targets = [...found.values()];
  if (targets.length > MAX_TARGETS) {
    problems.push(`${targets.length} targets are named; the first ${MAX_TARGETS} are read`);
  }
  return { targets: targets.slice(0, MAX_TARGETS), problems: problems.slice(0, MAX_PROBLEMS) };
}

async function listFiles(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    // A pipe or device of that name would never end.
    const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.json'));
    return files
      .map(({ name }) => name)
      .sort()
      .slice(0, MAX_FILES);
  } catch {
    return [];
  }
}

async function readTargetFile(file: string): Promise<FoundTargets> {
  try {
    const { size } = await stat(file);
    if (size > MAX_FILE_BYTES) return broken(`expected at most ${MAX_FILE_BYTES} bytes; received ${size}`);
    return parseTargets(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    // A run that ended has taken its file away.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return { targets: [], problems: [] };
    return broken('expected JSON as Prometheus reads it (file_sd); this cannot be read');
  }
}

function broken(problem: string): FoundTargets {
  return { targets: [], problems: [problem] };
}

function parseTargets(content: unknown): FoundTargets {
  if (!Array.isArray(content)) return broken('expected a list of targets');
  const targets: LiveTarget[] = [];
  const problems: string[] = [];
  for (const group of content as unknown[]) {
    const { targets: addresses, labels } = asRecord(group);
    if (!Array.isArray(addresses)) return broken('expected "targets" to be a list of addresses');
    const kind = asRecord(labels)['job'] === PROFILER_JOB ? 'load' : 'server';
    for (const address of addresses as unknown[]) {
      if (typeof address === 'string' && isLoopback(address)) targets.push({ kind, address });
      else problems.push(`only loopback addresses with a port are read; received ${shown(address)}`);
    }
  }
  return { targets, problems };
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function isLoopback(address: string): boolean {
  const port = Number(LOOPBACK.exec(address)?.[1] ?? 0);
  return port > 0 && port <= 65_535;
}

function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 60) ?? 'nothing';
}

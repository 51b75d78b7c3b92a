/** Builds k6, in the version that load-tests/k6/go.mod pins, into .touchline/k6; once, as long as the pin stays the same. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../k6/lib/settings.ts';

/** What load-tests/k6/go.mod asks for. */
const LEAST_GO = [1, 25] as const;

export interface BuildPlace {
  /** Folder of package.json. */
  readonly projectFolder: string;
  readonly environment: Environment;
  /** Ends Go. */
  readonly interrupted?: AbortSignal;
}

/** Where the program is kept. */
export function builtK6({ projectFolder }: Pick<BuildPlace, 'projectFolder'>): string {
  return join(projectFolder, '.touchline', 'k6', 'k6');
}

/** Whether the program is there and is the one that is pinned. */
export function isK6Built(place: Pick<BuildPlace, 'projectFolder'>): boolean {
  const stamp = stampOf(place);
  return existsSync(builtK6(place)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === pinnedSums(place);
}

/**
 * Why a Go is of no use.
 *
 * @param answer stdout of `go version`; undefined where there is none
 * @returns undefined where it will do
 */
export function whyNotGo(answer: string | undefined): string | undefined {
  const [least, minor] = LEAST_GO;
  const wanted = `Go ${least}.${minor} or later on PATH, to build k6 with`;
  if (answer === undefined) return `expected ${wanted}; there is none.`;
  const match = /go(\d+)\.(\d+)/.exec(answer);
  const [major, is] = [Number(match?.[1]), Number(match?.[2])];
  if (major > least || (major === least && is >= minor)) return undefined;
  return `expected ${wanted}; received ${match?.[0] ?? `"${answer.trim()}"`}.`;
}

/**
 * Takes a minute or so; what Go says goes to stderr.
 *
 * @returns the program, or undefined where Go failed
 * @throws AbortError when it was interrupted
 */
export async function buildK6(place: BuildPlace): Promise<string | undefined> {
  const program = builtK6(place);
  mkdirSync(join(place.projectFolder, '.touchline', 'k6'), { recursive: true });
  // A name of its own: two builds at the same time would otherwise move each other's halves.
  const part = `${program}.${process.pid}.part`;
  const words = ['build', '-trimpath', '-ldflags=-s -w', '-o', part, 'go.k6.io/k6/v2'];
  // A toolchain of its own would be a download; the Go that is there has to do.
  const env = { ...place.environment, GOTOOLCHAIN: 'local' };
  const { interrupted: signal } = place;
  const go = spawn('go', words, {
    cwd: moduleOf(place),
    stdio: ['ignore', 2, 2],
    env,
    ...(signal && { signal }),
  });
  const [code] = (await once(go, 'exit')) as [number | null];
  if (code !== 0) return undefined;
  renameSync(part, program);
  writeFileSync(stampOf(place), pinnedSums(place));
  return program;
}

function moduleOf({ projectFolder }: Pick<BuildPlace, 'projectFolder'>): string {
  return join(projectFolder, 'load-tests', 'k6');
}

function pinnedSums(place: Pick<BuildPlace, 'projectFolder'>): string {
  return readFileSync(join(moduleOf(place), 'go.sum'), 'utf8');
}

function stampOf({ projectFolder }: Pick<BuildPlace, 'projectFolder'>): string {
  return join(projectFolder, '.touchline', 'k6', 'go.sum');
}

/** k6 while it runs: it shares our terminal, and is asked to end rather than killed. */

import { spawn } from 'node:child_process';
import type { Environment } from '../k6/lib/settings.ts';
import { watchCpu } from './cpu-watch.ts';
import type { K6Command } from './k6-command.ts';

export interface K6ProcessOptions {
  /** Of this process; the command's own comes on top. */
  readonly environment: Environment;
  /** Keeps stdout free: what k6 says there goes to stderr. */
  readonly quietStdout: boolean;
  /** Asks k6 to end its test and tell of it. */
  readonly end: AbortSignal;
  /** How long it may take for that: it waits for ever for a server that does not close its connections. */
  readonly endWithinMs?: number;
}

export interface K6Ended {
  /** Null where a signal ended it. */
  readonly code: number | null;
  /** Cores that it kept busy; undefined where /proc does not tell. */
  readonly cores: number | undefined;
  readonly seconds: number;
}

const END_WITHIN_MS = 10_000;

export function runCommand(
  { file, words, environment }: K6Command,
  { environment: ours, quietStdout, end, endWithinMs = END_WITHIN_MS }: K6ProcessOptions,
): Promise<K6Ended> {
  const stdio = ['ignore', quietStdout ? 2 : 1, 2] as const;
  const beganAt = performance.now();
  // A group of its own: Ctrl-C on the terminal is for us, who ask it to end.
  const child = spawn(file, [...words], {
    stdio: [...stdio],
    env: { ...ours, ...environment },
    detached: true,
  });
  const endWatch = child.pid === undefined ? () => undefined : watchCpu(child.pid);
  const kill = () => child.kill('SIGKILL');
  let deadline: NodeJS.Timeout | undefined;
  const ask = () => {
    child.kill('SIGTERM');
    deadline = setTimeout(kill, endWithinMs);
  };
  process.once('exit', kill);
  end.addEventListener('abort', ask);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      process.off('exit', kill);
      clearTimeout(deadline);
      end.removeEventListener('abort', ask);
      resolve({ code, cores: endWatch(), seconds: (performance.now() - beganAt) / 1_000 });
    });
  });
}

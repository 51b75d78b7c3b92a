/** Compares heap snapshots in a process of its own: what reading them takes is bounded there, and gone with it. */

import { type ChildProcess, fork } from 'node:child_process';
import { TouchlineError, type TouchlineErrorCode } from '../../server/protocol/touchline-error.ts';
import type { HeapGrowth } from '../record/heap-growth-record.ts';
import type { SnapshotComparison } from '../scenarios/scenario.ts';

const PROCESS_FILE = new URL('./compare-snapshots-process.js', import.meta.url);
/** Three snapshots of 100 MB take less. */
const MOST_HEAP_MB = 900;

/** What the process is told. */
export interface ComparisonOrder extends SnapshotComparison {
  readonly projectFolder: string;
}

/** What it answers, once. */
export type ComparisonAnswer =
  | { readonly growth: HeapGrowth }
  | { readonly code: TouchlineErrorCode; readonly message: string };

interface Surroundings {
  /** Folder of package.json and dist/. */
  readonly projectFolder: string;
  readonly signal: AbortSignal;
}

/** @throws TouchlineError as `findGrowth` does; `TL_WORKER_FAILED` when the process ended without an answer */
export async function compareSnapshots(
  asked: SnapshotComparison,
  { projectFolder, signal }: Surroundings,
): Promise<HeapGrowth> {
  const child = fork(PROCESS_FILE, [], {
    execArgv: [`--max-old-space-size=${MOST_HEAP_MB}`],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const stop = () => child.kill();
  signal.addEventListener('abort', stop, { once: true });
  try {
    const answer = answerOf(child);
    child.send({ ...asked, projectFolder } satisfies ComparisonOrder);
    const said = await answer;
    if ('growth' in said) return said.growth;
    throw new TouchlineError(said.code, said.message);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function answerOf(child: ChildProcess): Promise<ComparisonAnswer> {
  return new Promise((resolve) => {
    const failed = (received: string) =>
      resolve({
        code: 'TL_WORKER_FAILED',
        message: `expected the comparison of heap snapshots to end with an answer; received ${received}`,
      });
    // The child is this package's own compare-snapshots-process.ts.
    child.once('message', (message) => resolve(message as ComparisonAnswer));
    child.once('error', ({ message }) => failed(message));
    child.once('exit', (code, killedBy) => failed(killedBy ?? `exit code ${code}`));
  });
}

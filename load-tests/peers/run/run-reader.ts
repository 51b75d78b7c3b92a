/** The reader as whoever measures sees it: a process of its own that does one plan. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { TouchlineError } from '../../../server/protocol/touchline-error.ts';
import type { ReaderEvent, ReaderPlan, ReaderResult } from '../reader/reader-plan.ts';

const READER_FILE = new URL('../reader/reader-process.js', import.meta.url);
/** Beyond the plan's own time: connecting on a busy machine, and closing. */
const GRACE_MS = 30_000;
const GRACE_PER_READER_MS = 10;

/** Called as the reader tells, so that the server can be looked at from outside at the same moments. */
export interface WindowObserver {
  measuring?(): void;
  measured?(): void;
}

/** @throws TouchlineError `TL_WORKER_FAILED` when the reader gives no result */
export async function runReader(plan: ReaderPlan, observer: WindowObserver = {}): Promise<ReaderResult> {
  const child = fork(READER_FILE, [], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // As the peer, out of reach of Ctrl-C.
    detached: true,
  });
  const exited = once(child, 'exit');
  const plannedMs = plan.end.kind === 'window' ? plan.end.warmUpMs + plan.end.measureMs : 0;
  const timeoutMs = plannedMs + GRACE_MS + plan.readers * GRACE_PER_READER_MS;
  try {
    return await resultOf(child, plan, { ...observer, timeoutMs });
  } finally {
    if (child.connected) child.disconnect();
    child.kill('SIGKILL');
    await exited;
  }
}

function resultOf(
  child: ChildProcess,
  plan: ReaderPlan,
  observer: WindowObserver & { readonly timeoutMs: number },
): Promise<ReaderResult> {
  const { timeoutMs } = observer;
  let timer: NodeJS.Timeout | undefined;
  return new Promise<ReaderResult>((resolve, reject) => {
    const fail = (reason: string) => reject(new TouchlineError('TL_WORKER_FAILED', reason));
    const expected = `expected the reader of ${plan.readers} connections to give a result`;
    timer = setTimeout(() => fail(`${expected} within ${Math.round(timeoutMs / 1_000)} s`), timeoutMs);
    child.once('exit', (code, signal) => fail(`${expected}; it ended with ${signal ?? code}`));
    child.on('message', (event: ReaderEvent) => {
      if (event.type === 'ready') child.send(plan);
      else if (event.type === 'measuring') observer.measuring?.();
      else if (event.type === 'measured') observer.measured?.();
      else if (event.type === 'failed') fail(event.reason);
      else resolve(event);
    });
  }).finally(() => clearTimeout(timer));
}

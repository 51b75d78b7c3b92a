/** The reader as whoever measures sees it: a process of its own that does one plan. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { TouchlineError } from '../../../server/protocol/touchline-error.ts';
import type { ReaderEvent, ReaderPlan, ReaderResult } from '../reader/reader-plan.ts';

const READER_FILE = new URL('../reader/reader-process.js', import.meta.url);
/** Beyond the plan's own time: connecting a thousand on a busy machine, and closing them. */
const GRACE_MS = 30_000;

/** Called as the reader tells, so that the server can be looked at from outside at the same moments. */
export interface WindowObserver {
  measuring?(): void;
  measured?(): void;
}

/** @throws TouchlineError `TL_WORKER_FAILED` when the reader gives no result */
export async function runReader(plan: ReaderPlan, observer: WindowObserver = {}): Promise<ReaderResult> {
  const child = fork(READER_FILE, [], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const exited = once(child, 'exit');
  const plannedMs = plan.end.kind === 'window' ? plan.end.warmUpMs + plan.end.measureMs : 0;
  const timer = setTimeout(() => child.kill('SIGKILL'), plannedMs + GRACE_MS);
  try {
    return await resultOf(child, plan, observer);
  } finally {
    clearTimeout(timer);
    if (child.connected) child.disconnect();
    child.kill('SIGKILL');
    await exited;
  }
}

function resultOf(child: ChildProcess, plan: ReaderPlan, observer: WindowObserver): Promise<ReaderResult> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => reject(new TouchlineError('TL_WORKER_FAILED', reason));
    child.once('exit', (code, signal) =>
      fail(`expected the reader to give a result; it ended with ${signal ?? code}`),
    );
    child.on('message', (event: ReaderEvent) => {
      if (event.type === 'ready') child.send(plan);
      else if (event.type === 'measuring') observer.measuring?.();
      else if (event.type === 'measured') observer.measured?.();
      else if (event.type === 'failed') fail(event.reason);
      else resolve(event);
    });
  });
}

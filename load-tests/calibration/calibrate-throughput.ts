/** How many deliveries a worker checks per second of its CPU: the ceiling of the generator. */

import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import type { LoadPlan } from '../generator/load-plan.ts';
import { monotonicUs } from '../generator/monotonic-clock.ts';
import type { SubscriberReport, WindowReport } from '../generator/worker-messages.ts';
import { WorkerProcess } from '../generator/worker-process.ts';
import type { SinkStream } from './sink-messages.ts';
import type { SinkProcess } from './sink-process.ts';

/** The warm-up is this part of what is measured. */
const WARM_UP_PARTS = 2;
/** Longer than any stream takes; the window is ended by hand. */
const WINDOW_US = 10e6;
/** How often the worker is asked whether it has all. */
const POLL_MS = 50;
/** A worker that has read nothing for this long will read nothing more. */
const STALLED_MS = 5_000;

export interface ThroughputOptions {
  readonly sink: SinkProcess;
  /** Its connections are the members; nothing is published over HTTP. */
  readonly plan: LoadPlan;
  readonly mode: SinkStream['mode'];
  /** To each member. */
  readonly frames: number;
}

/**
 * Streams frames through one worker with every check of a real run.
 *
 * @returns deliveries per CPU second. For `single`, messages that came coalesced all the same count once a read
 * @throws TouchlineError `TL_INTERNAL` when a frame got lost: the figure would be of something else
 */
export async function measureThroughput(options: ThroughputOptions): Promise<number> {
  const worker = new WorkerProcess(0, 'subscribers');
  try {
    await worker.next('ready');
    const { window, subscribers } = await streamThrough(worker, options);
    const expected = options.plan.connections * (options.frames + Math.ceil(options.frames / WARM_UP_PARTS));
    const unique = subscribers?.books.unique.reduce((sum, count) => sum + count, 0) ?? 0;
    if (window === null || unique !== expected || subscribers?.books.duplicated !== 0) {
      throw new TouchlineError(
        'TL_INTERNAL',
        `expected ${expected} deliveries of the sink; received ${unique}`,
      );
    }
    const checked = options.mode === 'single' ? Math.min(window.reads, window.deliveries) : window.deliveries;
    return checked / window.usage.cpuSeconds;
  } finally {
    await worker.stop();
  }
}

async function streamThrough(
  worker: WorkerProcess,
  { sink, plan, mode, frames }: ThroughputOptions,
): Promise<{ readonly window: WindowReport | null; readonly subscribers: SubscriberReport | null }> {
  await worker.ask(
    { type: 'prepare', plan, clients: plan.connections, publisher: 0, sourceAddresses: [] },
    'prepared',
  );
  await worker.ask({ type: 'connect' }, 'connected');
  await worker.ask({ type: 'join' }, 'joined');
  // First a stream that is not measured: a real run's warm-up has compiled the hot path too.
  const warmUpFrames = Math.ceil(frames / WARM_UP_PARTS);
  for (const [firstSeq, count] of [
    [0, warmUpFrames],
    [warmUpFrames, frames],
  ] as const) {
    const startUs = monotonicUs();
    const window = { startUs, measureStartUs: startUs, measureEndUs: startUs + WINDOW_US };
    worker.tell({ type: 'load', window });
    const { runId, matchId, textLength } = plan;
    await sink.stream({
      type: 'stream',
      runId,
      publisher: 0,
      matchId,
      textLength,
      firstSeq,
      frames: count,
      mode,
    });
    await receiveAll(worker, plan.connections * (firstSeq + count));
  }
  worker.tell({ type: 'halt', graceMs: 0 });
  const report = await worker.ask({ type: 'report', unconfirmedSeqs: [] }, 'reported');
  await worker.ask({ type: 'close', timeoutMs: 1_000 }, 'closed');
  return report;
}

async function receiveAll(worker: WorkerProcess, expected: number): Promise<void> {
  let received = 0;
  let lastProgressUs = monotonicUs();
  while (received < expected && monotonicUs() - lastProgressUs < STALLED_MS * 1_000) {
    const progress = await worker.ask({ type: 'progress' }, 'progress');
    if (progress.received > received) lastProgressUs = monotonicUs();
    received = progress.received;
    await new Promise((resolve) => {
      setTimeout(resolve, POLL_MS);
    });
  }
}

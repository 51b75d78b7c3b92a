/** How many deliveries a worker checks per second of its CPU: the ceiling of the generator. */

import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import type { LoadPlan } from '../generator/load-plan.ts';
import { monotonicUs } from '../generator/monotonic-clock.ts';
import type { WindowReport } from '../generator/worker-messages.ts';
import { WorkerProcess } from '../generator/worker-process.ts';
import { median } from './median.ts';
import type { SinkStream } from './sink-messages.ts';
import type { SinkProcess } from './sink-process.ts';

/** Windows before the measured ones: a real run's warm-up has compiled the hot path too. */
const WARM_UP_WINDOWS = 1;
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
  /** To each member, in each window. */
  readonly frames: number;
  /** Measured ones; the figure is their median. */
  readonly windows: number;
}

/**
 * Streams frames through one worker with every check of a real run.
 *
 * @returns deliveries per CPU second in the median window. For `single`, messages that came coalesced all the
 * same count once a read
 * @throws TouchlineError `TL_INTERNAL` when a frame got lost: the figure would be of something else
 */
export async function measureThroughput(options: ThroughputOptions): Promise<number> {
  const { plan, mode } = options;
  const worker = new WorkerProcess(0, 'subscribers');
  try {
    await worker.next('ready');
    await worker.ask(
      {
        type: 'prepare',
        plan,
        clients: plan.connections,
        slowReaders: 0,
        publisher: 0,
        sourceAddresses: [],
      },
      'prepared',
    );
    await worker.ask({ type: 'connect' }, 'connected');
    await worker.ask({ type: 'join', timeoutMs: plan.connectTimeoutMs }, 'joined');
    const perCpuSecond: number[] = [];
    for (let index = 0; index < WARM_UP_WINDOWS + options.windows; index += 1) {
      const { deliveries, reads, usage } = await streamWindow(worker, options, index);
      const checked = mode === 'single' ? Math.min(reads, deliveries) : deliveries;
      if (index >= WARM_UP_WINDOWS) perCpuSecond.push(checked / usage.cpuSeconds);
    }
    await worker.ask({ type: 'close', timeoutMs: 1_000 }, 'closed');
    return median(perCpuSecond);
  } finally {
    await worker.stop();
  }
}

/** One stream to all members, and what its worker made of it. */
async function streamWindow(
  worker: WorkerProcess,
  { sink, plan, mode, frames }: ThroughputOptions,
  index: number,
): Promise<WindowReport> {
  const startUs = monotonicUs();
  const window = { startUs, measureStartUs: startUs, measureEndUs: startUs + WINDOW_US };
  worker.tell({ type: 'load', window });
  const { runId, matchId, textLength } = plan;
  const firstSeq = index * frames;
  await sink.stream({ type: 'stream', runId, publisher: 0, matchId, textLength, firstSeq, frames, mode });
  const expected = plan.connections * (firstSeq + frames);
  await receiveAll(worker, expected);
  const { window: report, subscribers } = await worker.ask(
    { type: 'report', unconfirmedSeqs: [] },
    'reported',
  );
  const unique = subscribers?.books.unique.reduce((sum, count) => sum + count, 0) ?? 0;
  if (report === null || unique !== expected || subscribers?.books.duplicated !== 0) {
    throw new TouchlineError(
      'TL_INTERNAL',
      `expected ${expected} deliveries of the sink; received ${unique}`,
    );
  }
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

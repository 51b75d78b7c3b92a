/** Measures the generator itself on this machine, against the built-in sink: what it can do, and what it costs. */

import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import { LoadCoordinator } from '../generator/coordinator.ts';
import type { LoadObserver } from '../generator/load-observer.ts';
import type { LoadPlan, LoadTarget } from '../generator/load-plan.ts';
import type { LoadResult } from '../generator/load-result.ts';
import { measureThroughput } from './calibrate-throughput.ts';
import type { BurstCalibration, Calibration } from './calibration.ts';
import { machineFingerprint } from './machine-fingerprint.ts';
import { median } from './median.ts';
import { OtherLoad } from './other-load.ts';
import { SinkProcess } from './sink-process.ts';

/** Broadcasts a second of the bursts: the concurrency scenario's rate. */
const BURSTS_PER_SECOND = 10;

/** What is measured, frames in each of several windows. Quick takes at most 8 s, full at most 50 s. */
const EXTENTS = {
  quick: {
    fanOuts: [10, 100, 1_000],
    measureMs: 1_000,
    windows: 3,
    singleFrames: 30,
    coalescedFrames: 25_000,
  },
  full: {
    fanOuts: [10, 100, 1_000, 5_000, 10_000],
    measureMs: 5_000,
    windows: 5,
    singleFrames: 60,
    coalescedFrames: 50_000,
  },
} as const;
const SINGLE_CLIENTS = 500;
const COALESCED_CLIENTS = 16;

export interface CalibrateOptions {
  /** Smaller fan-outs, shorter measurements. */
  readonly quick: boolean;
  /** Workers the bursts run on, each with `fanOut` clients. @defaultValue 1 */
  readonly workers?: number;
  /** Says what is measured next. */
  readonly onProgress?: (text: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Calibrates. Nothing else should load the machine meanwhile.
 *
 * @throws TouchlineError `TL_WORKER_FAILED` when a process of it fails, or the calibration is aborted
 */
export async function calibrate(options: CalibrateOptions): Promise<Calibration> {
  const extent = options.quick ? EXTENTS.quick : EXTENTS.full;
  const say = options.onProgress ?? (() => undefined);
  const sink = await SinkProcess.start();
  const others = new OtherLoad();
  try {
    say(`deliveries checked per core, one frame a read (${SINGLE_CLIENTS} connections)`);
    let endWatch = others.watch();
    const singleFramePerCoreSecond = await measureThroughput({
      sink,
      plan: sinkPlan(sink.target, { connections: SINGLE_CLIENTS }),
      mode: 'single',
      frames: extent.singleFrames,
      windows: extent.windows,
    });
    endWatch();
    checkAborted(options.signal);
    say(`deliveries checked per core, frames coalesced (${COALESCED_CLIENTS} connections)`);
    endWatch = others.watch();
    const coalescedPerCoreSecond = await measureThroughput({
      sink,
      plan: sinkPlan(sink.target, { connections: COALESCED_CLIENTS }),
      mode: 'coalesced',
      frames: extent.coalescedFrames,
      windows: extent.windows,
    });
    endWatch();
    checkAborted(options.signal);
    const measured = await measureBursts({ ...options, target: sink.target, extent, others });
    const othersCpuRatio = others.worstRatio;
    return {
      schemaVersion: 1,
      calibratedAt: Date.now(),
      fingerprint: machineFingerprint(),
      singleFramePerCoreSecond,
      coalescedPerCoreSecond,
      ...(othersCpuRatio === undefined ? {} : { othersCpuRatio }),
      ...measured,
    };
  } finally {
    await sink.stop();
  }
}

interface BurstMeasurements {
  readonly connectsPerSecondPerWorker: number;
  readonly bursts: BurstCalibration[];
}

interface BurstOptions extends CalibrateOptions {
  readonly target: LoadTarget;
  readonly extent: { readonly fanOuts: readonly number[]; readonly measureMs: number };
  readonly others: OtherLoad;
}

async function measureBursts(options: BurstOptions): Promise<BurstMeasurements> {
  const { target, extent, others, workers = 1 } = options;
  const coordinator = await LoadCoordinator.start({
    workers,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  const bursts: BurstCalibration[] = [];
  let connectsPerSecond = 0;
  try {
    for (const fanOut of extent.fanOuts) {
      options.onProgress?.(`latency floor at a fan-out of ${fanOut}`);
      const plan = sinkPlan(target, { connections: fanOut * workers, measureMs: extent.measureMs });
      const result = await coordinator.run(plan, watchingWhileMeasured(others));
      checkAborted(options.signal);
      checkComplete(result);
      bursts.push(burstOf(fanOut, result));
      // The largest fan-out stands for connecting: it takes long enough to be measured well.
      connectsPerSecond = (result.connect.connected * 1_000) / result.connect.establishMs;
    }
  } finally {
    await coordinator.stop();
  }
  return { connectsPerSecondPerWorker: connectsPerSecond / workers, bursts };
}

/** Watches others from the start of the measured window to its end. */
function watchingWhileMeasured(others: OtherLoad): LoadObserver {
  let endWatch: () => void = () => undefined;
  return {
    phase: (phase) => {
      if (phase === 'measure') endWatch = others.watch();
      if (phase === 'hold') endWatch();
    },
    progress: () => undefined,
  };
}

function sinkPlan(target: LoadTarget, changes: Partial<LoadPlan>): LoadPlan {
  return {
    runId: 'calibrate',
    seed: 1,
    target,
    workload: 'matches',
    matchId: 1,
    client: 'lean',
    connections: 1,
    broadcastsPerSecond: BURSTS_PER_SECOND,
    arrival: 'uniform',
    textLength: 120,
    warmUpMs: 200,
    measureMs: 1_000,
    connectTimeoutMs: 10_000,
    connectsInFlight: 100,
    drainTimeoutMs: 5_000,
    ...changes,
  };
}

function burstOf(fanOut: number, result: LoadResult): BurstCalibration {
  const seconds = result.seconds.filter((second) => second.deliveries > 0);
  const subscribers = result.workers.filter((worker) => worker.role === 'subscribers');
  return {
    fanOut,
    p50Ms: median(seconds.map((second) => second.p50Ms ?? 0)),
    p99Ms: median(seconds.map((second) => second.p99Ms ?? 0)),
    loopDelayP99Ms: Math.max(...subscribers.map((worker) => worker.loopDelayP99Ms)),
    workerCpuRatio: Math.max(...subscribers.map((worker) => worker.cpuRatio)),
  };
}

function checkComplete({ connect, connections, ledger }: LoadResult): void {
  if (connect.connected === connections && ledger.lost === 0) return;
  throw new TouchlineError(
    'TL_INTERNAL',
    `expected ${connections} connections to the sink and nothing lost; received ${connect.connected} ` +
      `(${connect.failures.map(({ reason, count }) => `${count} × ${reason}`).join(', ')}), ${ledger.lost} lost`,
  );
}

function checkAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true)
    throw new TouchlineError('TL_WORKER_FAILED', 'the calibration was interrupted');
}

/** Measures the generator itself on this machine, against the built-in sink: what it can do, and what it costs. */

import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import { LoadCoordinator } from '../generator/coordinator.ts';
import { decodeHistogram } from '../generator/latency/latency-histogram.ts';
import type { LoadPlan, LoadTarget } from '../generator/load-plan.ts';
import type { LoadResult } from '../generator/load-result.ts';
import { measureThroughput } from './calibrate-throughput.ts';
import type { BurstCalibration, Calibration } from './calibration.ts';
import { machineFingerprint } from './machine-fingerprint.ts';
import { SinkProcess } from './sink-process.ts';

/** Broadcasts a second of the bursts: the concurrency scenario's rate. */
const BURSTS_PER_SECOND = 10;

/** What is measured. Quick takes at most 8 s, full at most 40 s. */
const EXTENTS = {
  quick: { fanOuts: [10, 100, 1_000], measureMs: 1_000, singleFrames: 60, coalescedFrames: 40_000 },
  full: {
    fanOuts: [10, 100, 1_000, 5_000, 10_000],
    measureMs: 3_000,
    singleFrames: 200,
    coalescedFrames: 100_000,
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
  try {
    say(`deliveries checked per core, one frame a read (${SINGLE_CLIENTS} connections)`);
    const singleFramePerCoreSecond = await measureThroughput({
      sink,
      plan: sinkPlan(sink.target, { connections: SINGLE_CLIENTS }),
      mode: 'single',
      frames: extent.singleFrames,
    });
    checkAborted(options.signal);
    say(`deliveries checked per core, frames coalesced (${COALESCED_CLIENTS} connections)`);
    const coalescedPerCoreSecond = await measureThroughput({
      sink,
      plan: sinkPlan(sink.target, { connections: COALESCED_CLIENTS }),
      mode: 'coalesced',
      frames: extent.coalescedFrames,
    });
    checkAborted(options.signal);
    const measured = await measureBursts(sink.target, extent, options);
    return {
      schemaVersion: 1,
      calibratedAt: Date.now(),
      fingerprint: machineFingerprint(),
      singleFramePerCoreSecond,
      coalescedPerCoreSecond,
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

async function measureBursts(
  target: LoadTarget,
  extent: { readonly fanOuts: readonly number[]; readonly measureMs: number },
  options: CalibrateOptions,
): Promise<BurstMeasurements> {
  const workers = options.workers ?? 1;
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
      const result = await coordinator.run(plan, { phase: () => undefined, progress: () => undefined });
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
  const response = decodeHistogram(result.latency.response);
  const subscribers = result.workers.filter((worker) => worker.role === 'subscribers');
  return {
    fanOut,
    p50Ms: response.quantileMs(0.5) ?? 0,
    p99Ms: response.quantileMs(0.99) ?? 0,
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

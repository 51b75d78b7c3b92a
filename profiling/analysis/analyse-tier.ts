/** One tier's numbers. */

import type { LoadResult, WorkerUsage } from '../../load-tests/generator/load-result.ts';
import type { RunEnvelope } from '../record/run-envelope.ts';
import type { IdleRecord, TierRecord } from '../record/tier-record.ts';
import { analyseBreach } from './breach-analysis.ts';
import { counterChecks } from './counter-check.ts';
import { latencyFigures } from './latency-figures.ts';
import { calibratedFigure, loopDelayLimitMs, rigFloor } from './rig-floor.ts';
import { steadinessOf } from './steadiness.ts';
import type { AchievedRate, ServerCost, TierAnalysis, WorkerHealth } from './tier-analysis.ts';
import { worstSecondOf } from './worst-second.ts';

/** What a tier is seen against. */
export interface TierCircumstances extends Pick<RunEnvelope, 'calibration' | 'target'> {
  readonly idle: IdleRecord;
}

/** @param record the run that the tier belongs to: its idle figures and calibration are needed */
export function analyseTier(tier: TierRecord, record: TierCircumstances): TierAnalysis {
  const { load } = tier;
  const workers = load.workers.map((worker) => workerHealth(worker, record));
  return {
    connections: tier.connections,
    attempted: load.connect.attempted,
    connected: load.connect.connected,
    state: load.state,
    rateNote: tier.rateNote ?? null,
    measuredMs: load.measureAchievedMs,
    measureRequestedMs: load.measureRequestedMs,
    establishMs: load.connect.establishMs,
    ...latencies(load),
    negativeLatencies: load.latency.negative,
    broadcasts: achieved(load.broadcastsPerSecond, load.publish.achievedPerSecond),
    deliveries: deliveryRate(load),
    published: {
      intended: load.publish.intended,
      sent: load.publish.sent,
      accepted: load.publish.accepted,
    },
    ledger: load.ledger,
    failures: {
      connect: load.connect.failures,
      subscribe: load.subscribe.failures,
      publish: load.publish.failures,
      disconnects: load.disconnects,
    },
    counterChecks: counterChecks(tier),
    server: serverCost(tier, record.idle.cpuCores),
    memory: tier.memory,
    steadiness: steadinessOf(load),
    workers,
    machineCpuRatio: load.machineCpuRatio,
    floor: rigFloor(record.calibration, largestFanOut(workers)),
    worstSecond: worstSecondOf(tier),
    breach: analyseBreach(tier),
  };
}

function latencies(load: LoadResult) {
  return {
    connectLatency: latencyFigures(load.connect.latency),
    delivery: latencyFigures(load.latency.response),
    service: latencyFigures(load.latency.service),
    scheduleLag: latencyFigures(load.publish.scheduleLag),
    publishLatency: latencyFigures(load.publish.latency),
  };
}

/** Deliveries of the measured window, against accepted broadcasts × subscribers. */
function deliveryRate(load: LoadResult): AchievedRate {
  const delivered = load.seconds.reduce((total, second) => total + second.deliveries, 0);
  const seconds = load.measureAchievedMs / 1_000;
  return achieved(
    load.publish.achievedPerSecond * load.subscribe.acknowledged,
    seconds === 0 ? 0 : delivered / seconds,
  );
}

function achieved(requestedPerSecond: number, achievedPerSecond: number): AchievedRate {
  return {
    requestedPerSecond,
    achievedPerSecond,
    ratio: requestedPerSecond === 0 ? null : achievedPerSecond / requestedPerSecond,
  };
}

function serverCost(tier: TierRecord, idleCores: number | null): ServerCost {
  const { cpuCores, gcMs } = tier.serverWindow;
  const connected = tier.load.connect.connected;
  const aboveIdle = cpuCores === null || idleCores === null ? null : Math.max(0, cpuCores - idleCores);
  return {
    cpuCores,
    cpuAboveIdleCores: aboveIdle,
    cpuPerThousandCores: aboveIdle === null || connected === 0 ? null : (aboveIdle / connected) * 1_000,
    window: tier.serverWindow,
    counters: tier.serverCounters,
    gcRatio: gcMs === null || tier.load.measureAchievedMs === 0 ? null : gcMs / tier.load.measureAchievedMs,
  };
}

/** A generator process against what the calibration allows it. */
export function workerHealth(
  worker: WorkerUsage,
  record: Pick<TierCircumstances, 'calibration' | 'target'>,
): WorkerHealth {
  const bursts = record.calibration?.bursts ?? [];
  const calibrated = calibratedFigure(bursts, worker.connections, 'loopDelayP99Ms');
  return {
    ...worker,
    calibratedLoopDelayMs: calibrated,
    loopDelayLimitMs: loopDelayLimitMs(calibrated, record.target.sharesMachine),
  };
}

function largestFanOut(workers: readonly WorkerHealth[]): number {
  return Math.max(0, ...workers.map((worker) => worker.connections));
}

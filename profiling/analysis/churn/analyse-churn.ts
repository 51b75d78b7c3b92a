/** From what a churn run recorded to what it means; no thresholds here, and no judgement. */

import type { ChurnResult } from '../../../load-tests/generator/churn/churn-result.ts';
import type { ChurnRecord } from '../../record/churn-record.ts';
import { latencyFigures } from '../latency-figures.ts';
import type { ChurnAnalysis, Ends, HalfOpenFigures, Visits } from './churn-analysis.ts';
import { churnParts } from './churn-parts.ts';
import { fdFigures, keptAfter } from './kept.ts';
import { latencyCurve } from './latency-curve.ts';
import { releaseFigures, unnoticedEnds } from './release.ts';
import { stormFigures } from './storm-figures.ts';
import { timeWaitFigures } from './time-wait.ts';

/**
 * Computes every figure that verdict and report need.
 *
 * @throws TouchlineError `TL_RECORD_INVALID` when a histogram in the record cannot be decoded
 */
export function analyseChurn(record: ChurnRecord): ChurnAnalysis {
  const { load, outline, heartbeatMs } = record;
  return {
    outline,
    heartbeatMs,
    parts: churnParts(record),
    visits: load === null ? null : visitsOf(load),
    ends: load === null ? null : endsOf(load),
    halfOpen: load === null ? null : halfOpenOf(load, heartbeatMs),
    storm: load === null || load.storm === null ? null : stormFigures(load.storm),
    kept: keptAfter(record),
    fds: fdFigures(record),
    timeWait: timeWaitFigures(record),
    release: releaseFigures(record),
    unnoticedEnds: unnoticedEnds(record),
    samples: record.samples,
    faultInjections: injections(record),
  };
}

function visitsOf(load: ChurnResult): Visits {
  const { connect, seconds, requestedPerSecond, achievedMs, acceptedPerSecond } = load;
  const called = (requestedPerSecond * achievedMs) / 1_000;
  const inTime = seconds.slice(0, Math.ceil(achievedMs / 1_000));
  const attempted = inTime.reduce((total, second) => total + second.attempted, 0);
  return {
    attempted: connect.attempted,
    connected: connect.connected,
    accepted: {
      requestedPerSecond,
      achievedPerSecond: acceptedPerSecond,
      ratio: requestedPerSecond === 0 ? null : acceptedPerSecond / requestedPerSecond,
    },
    attemptedInTimeRatio: called === 0 ? null : attempted / called,
    handshake: latencyFigures(connect.latency),
    handshakeCurve: latencyCurve(connect.latency, connect.attempted),
    scheduleLag: latencyFigures(load.scheduleLag),
    seconds,
    mostOpen: Math.max(0, ...seconds.map(({ open }) => open)),
  };
}

function endsOf({ connect, ends, failures }: ChurnResult): Ends {
  const { clean, reset, halfOpen, unasked } = ends;
  return { notConnected: connect.failures, clean, reset, halfOpen, failed: failures, unasked };
}

function halfOpenOf({ halfOpen }: ChurnResult, heartbeatMs: number | null): HalfOpenFigures {
  const { silent, detected, reasons, cut = 0 } = halfOpen;
  const detection = latencyFigures(halfOpen.detection);
  const inHeartbeats = (ms: number | null): number | null =>
    ms === null || heartbeatMs === null ? null : ms / heartbeatMs;
  return {
    silent,
    detected,
    missed: silent - detected - cut,
    reasons,
    detection,
    typicalHeartbeats: inHeartbeats(detection.p50Ms),
    longestHeartbeats: inHeartbeats(detection.maxMs),
  };
}

function injections({ serverCounters, stormCounters }: ChurnRecord): Readonly<Record<string, number>> {
  const totals: Record<string, number> = {};
  for (const counters of [serverCounters, stormCounters]) {
    for (const [fault, count] of Object.entries(counters.faultInjections ?? {})) {
      totals[fault] = (totals[fault] ?? 0) + count;
    }
  }
  return totals;
}

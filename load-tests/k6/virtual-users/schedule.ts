/** The schedule of a `constant-arrival-rate` scenario, and how late k6 is with it. */

import exec from 'k6/execution';
import * as metrics from './load-metrics.ts';

/** One iteration of such a scenario. Times are epoch ms. */
export interface Turn {
  readonly seq: number;
  /** When the schedule has it. k6 tells when the schedule began in whole ms, so lateness reads high by up to 1 ms. */
  readonly intendedAtMs: number;
  /** When k6 came to it. */
  readonly beganAtMs: number;
}

/** @param ratePerSecond of that scenario */
export function takeTurn(ratePerSecond: number): Turn {
  const { startTime, iterationInTest: seq } = exec.scenario;
  const intendedAtMs = startTime + (seq * 1_000) / ratePerSecond;
  const beganAtMs = Math.max(Date.now(), intendedAtMs);
  metrics.scheduleLag.add(beganAtMs - intendedAtMs);
  return { seq, intendedAtMs, beganAtMs };
}

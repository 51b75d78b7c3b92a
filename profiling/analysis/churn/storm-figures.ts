/** How a storm of reconnects went: who came back, how soon, and with how much of what was missed. */

import type { StormResult } from '../../../load-tests/generator/churn-result.ts';
import { decodeHistogram } from '../../../load-tests/generator/latency/latency-histogram.ts';
import type { FailureCount } from '../../../load-tests/generator/load-result.ts';
import { latencyFigures } from '../latency-figures.ts';
import type { CurvePoint, StormFigures } from './churn-analysis.ts';

/** Enough for a smooth line. */
const CURVE_POINTS = 50;

export function stormFigures(storm: StormResult): StormFigures {
  const { clients, awayMs, openingMs, recovered, failures, recoveryMs, results, missed, givenBack } = storm;
  return {
    clients,
    awayMs,
    openingMs,
    returned: recovered,
    complete: countOf(results, 'recovered'),
    failures,
    handshake: latencyFigures(storm.handshake),
    resume: latencyFigures(storm.resume),
    recoveryMs,
    results,
    missed,
    givenBack,
    curve: curveOf(storm),
  };
}

/** Each point: by then, this share of all clients of the storm was back. */
function curveOf({ resume, clients }: StormResult): readonly CurvePoint[] {
  const histogram = decodeHistogram(resume);
  if (histogram.count === 0 || clients === 0) return [];
  const share = histogram.count / clients;
  return Array.from({ length: CURVE_POINTS + 1 }, (_, step) => step / CURVE_POINTS).flatMap((ratio) => {
    const ms = ratio === 1 ? histogram.maxMs : histogram.quantileMs(ratio);
    return ms === null ? [] : [{ ratio: ratio * share, ms }];
  });
}

function countOf(failures: readonly FailureCount[], reason: string): number {
  return failures.reduce((total, failure) => total + (failure.reason === reason ? failure.count : 0), 0);
}

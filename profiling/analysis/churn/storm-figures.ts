/** How a storm of reconnects went: who came back, how soon, and with how much of what was missed. */

import type { StormResult } from '../../../load-tests/generator/churn/churn-result.ts';
import type { FailureCount } from '../../../load-tests/generator/load-result.ts';
import { latencyFigures } from '../latency-figures.ts';
import type { StormFigures } from './churn-analysis.ts';
import { latencyCurve } from './latency-curve.ts';

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
    handshakeCurve: latencyCurve(storm.handshake, clients),
    returnCurve: latencyCurve(storm.resume, clients),
  };
}

function countOf(failures: readonly FailureCount[], reason: string): number {
  return failures.reduce((total, failure) => total + (failure.reason === reason ? failure.count : 0), 0);
}

/** Findings: what was seen, where, and what to do about it. */

import { connectionFindings } from '../findings/connections.ts';
import { integrityFindings } from '../findings/deliveries.ts';
import { rigFindings } from '../findings/rig.ts';
import { formatList, formatPercent } from '../quantities.ts';
import { holds } from '../thresholds.ts';
import type { Check, Finding } from '../verdict.ts';
import { BARE, JUDGED } from './comparisons.ts';
import { judgedComparison, loadOf, type OverheadContext } from './overhead-context.ts';
import type { ArmComparison } from './overhead-verdict.ts';

/** The one fault that the server is without while its instrumentation is off. */
const INSTRUMENT_FAULT = 'slow-instruments';

/** The gravest first. */
export function findingsOf(context: OverheadContext, checks: readonly Check[]): readonly Finding[] {
  const load = loadOf(context);
  return [
    ...integrityFindings(load, checks),
    ...connectionFindings(load, checks),
    ...costFindings(context, checks),
    ...context.comparisons.flatMap((comparison) => profilerFindings(comparison, context)),
    ...roundFindings(context),
  ];
}

function costFindings(context: OverheadContext, checks: readonly Check[]): readonly Finding[] {
  const check = checks.find(({ name }) => name === 'instrumentation-cost');
  const comparison = judgedComparison(context);
  if (check?.verdict !== 'fail' || comparison === undefined) return [];
  const seen = `${costOf(comparison)} of the deliveries that the server could make for its CPU time.`;
  const { faults } = context.record;
  if (faults.some((fault) => fault.startsWith(INSTRUMENT_FAULT))) {
    return [
      {
        title: 'The fault that is switched on costs CPU',
        seen,
        where: `the fault ${faults.join(', ')}; it rests while the instrumentation is off`,
        todo: 'Nothing: this is the positive control. Run again without --fault.',
      },
    ];
  }
  return [
    {
      title: 'Instrumentation costs more than it may',
      seen,
      where:
        'server/observability/event-loop.ts (samples every 10 ms), server/observability/metrics.ts (each scrape), server/hub/hub.ts (timing of broadcasts)',
      todo: 'Open the CPU profile of this run (cpu-profile/*.cpuprofile, with any browser) and add up the frames of server/observability.',
    },
  ];
}

/** What a profiler takes must not be taken for the server's own. */
function profilerFindings(comparison: ArmComparison, { limits }: OverheadContext): readonly Finding[] {
  const { arm, cost } = comparison;
  if (arm !== 'cpu-profile' || cost === null || holds('instrumentation-cost', cost.low, limits)) return [];
  return [
    {
      title: 'A CPU profile changes what it measures',
      seen: `Under node --cpu-prof the server made ${costOf(comparison)} fewer deliveries for its CPU time.`,
      where: "V8's sampling profiler: it interrupts the main thread a thousand times a second",
      todo: 'Take shares from a profile, and throughput and latency from a run without one.',
    },
  ];
}

function costOf({ cost }: ArmComparison): string {
  return `${formatPercent(cost?.mean ?? null)} (95 % CI ${formatPercent(cost?.low ?? null)} to ${formatPercent(cost?.high ?? null)})`;
}

function roundFindings({ spoilt }: OverheadContext): readonly Finding[] {
  const places = spoilt.map(({ round, arm, problems }) => ({
    name: String(round),
    problems,
    isJudged: arm === BARE || arm === JUDGED,
  }));
  return rigFindings(places, {
    placesOf: (rounds) => `In ${rounds.length === 1 ? 'round' : 'rounds'} ${formatList(rounds)}`,
    unjudged: 'The verdict does not depend on it: only ways to run the server that are not judged were met.',
  });
}

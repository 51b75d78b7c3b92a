/** Findings: what was seen, where, and what to do about it. */

import type { PercentileComparison } from '../../analysis/overhead/latency-comparison.ts';
import { connectionFindings } from '../findings/connections.ts';
import { integrityFindings } from '../findings/deliveries.ts';
import { rigFindings } from '../findings/rig.ts';
import { formatList, formatMs, formatPercent } from '../quantities.ts';
import { holds } from '../thresholds.ts';
import type { Check, Finding } from '../verdict.ts';
import { BARE, JUDGED } from './comparisons.ts';
import { intervalText } from './interval-check.ts';
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
    ...instrumentFindings(context, checks),
    ...context.comparisons.flatMap((comparison) => profilerFindings(comparison, context)),
    ...roundFindings(context),
  ];
}

function instrumentFindings(context: OverheadContext, checks: readonly Check[]): readonly Finding[] {
  const fails = (name: string) => checks.some((check) => check.name === name && check.verdict === 'fail');
  const comparison = judgedComparison(context);
  if (comparison === undefined) return [];
  const costly = fails('instrumentation-cost') ? [costFinding(comparison)] : [];
  const slow = fails('instrumentation-latency') ? [latencyFinding(comparison)] : [];
  const { faults } = context.record;
  if (!faults.some((fault) => fault.startsWith(INSTRUMENT_FAULT))) return [...costly, ...slow];
  return [...costly, ...slow].map(({ seen }, index) => ({
    title:
      costly.length > index
        ? 'The fault that is switched on costs CPU'
        : 'The fault that is switched on delays deliveries',
    seen,
    where: `the fault ${faults.join(', ')}; it rests while the instrumentation is off`,
    todo: 'Nothing: this is the positive control. Run again without --fault.',
  }));
}

function costFinding(comparison: ArmComparison): Finding {
  return {
    title: 'Instrumentation costs more than it may',
    seen: `${costOf(comparison)} of the deliveries that the server could make for its CPU time.`,
    where:
      'server/observability/event-loop.ts (samples every 10 ms), server/observability/metrics.ts (each scrape), server/hub/hub.ts (timing of broadcasts)',
    todo: 'Open the CPU profile of this run (cpu-profile/*.cpuprofile, with any browser) and add up the frames of server/observability.',
  };
}

function latencyFinding({ latency }: ArmComparison): Finding {
  return {
    title: 'Instrumentation delays deliveries more than it may',
    seen: `${addedOf(latency.p99)} on top of their p99, and ${addedOf(latency.p50)} on top of their p50.`,
    where:
      'what holds the event loop in one piece: server/observability/metrics.ts (each scrape), server/observability/event-loop.ts (samples every 10 ms)',
    todo: 'Where p99 grew and p50 did not, it is a few long pieces of work: look for them in the CPU profile of this run (cpu-profile/*.cpuprofile, with any browser), and scrape more seldom or fewer series.',
  };
}

function addedOf({ difference }: PercentileComparison): string {
  if (difference === null) return formatMs(null);
  return `${formatMs(difference.mean)} (${intervalText('instrumentation-latency', difference)})`;
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
  if (cost === null) return formatPercent(null);
  return `${formatPercent(cost.mean)} (${intervalText('instrumentation-cost', cost)})`;
}

function roundFindings({ spoilt, untimed }: OverheadContext): readonly Finding[] {
  const places = [...spoilt, ...untimed].map(({ round, arm, problems }) => ({
    name: String(round),
    problems,
    isJudged: arm === BARE || arm === JUDGED,
  }));
  return rigFindings(places, {
    placesOf: (rounds) => `In ${rounds.length === 1 ? 'round' : 'rounds'} ${formatList(rounds)}`,
    unjudged: 'The verdict does not depend on it: only ways to run the server that are not judged were met.',
  });
}

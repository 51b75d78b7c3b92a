/** Findings: what was seen, where, and what to do about it. The gravest first. */

import { connectionFindings } from '../findings/connections.ts';
import { integrityFindings } from '../findings/deliveries.ts';
import { latencyFinding } from '../findings/latency.ts';
import { rigFindings } from '../findings/rig.ts';
import { formatList } from '../quantities.ts';
import type { Check, Finding, Limit } from '../verdict.ts';
import { capacityFindings } from './findings/capacity.ts';
import { fanOutFindings } from './findings/fan-out.ts';
import { slowReaderFindings } from './findings/slow-readers.ts';
import { doubtsOf, type JudgingContext, loadOf } from './judging-context.ts';
import { compareSlowReaders } from './slow-reader-comparison.ts';

const LATENCY: ReadonlySet<string> = new Set(['p50', 'p95', 'p99']);

export function findingsOf(
  context: JudgingContext,
  checks: readonly Check[],
  limitedBy: Limit,
): readonly Finding[] {
  const load = loadOf(context);
  return [
    ...integrityFindings(load, checks),
    ...connectionFindings(load, checks),
    ...latencyFindings(context, checks),
    ...capacityFindings(context, limitedBy),
    ...slowReaderFindings(compareSlowReaders(context)),
    ...fanOutFindings(context),
    ...rigFindings(
      context.loads.map((judged) => ({
        name: judged.label,
        problems: judged.problems,
        isJudged: doubtsOf(context, judged).length > 0,
      })),
      {
        placesOf: (names) => `In ${formatList(names)}`,
        unjudged: 'The verdict does not depend on it.',
      },
    ),
  ];
}

/** One, for the worst percentile. */
function latencyFindings({ judged, record }: JudgingContext, checks: readonly Check[]): readonly Finding[] {
  const failed = checks.filter(({ name, verdict }) => LATENCY.has(name) && verdict === 'fail').at(-1);
  if (failed === undefined || judged === null) return [];
  return [latencyFinding(failed, judged.tier, { at: `at ${judged.label}`, faults: record.faults })];
}

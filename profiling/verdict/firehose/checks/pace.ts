/** The checks of how fast ticks go: the rate each format sustains to one reader, and what arrives there how late. */

import { FORMAT_WORDS } from '../../../record/firehose-label.ts';
import { formatRate } from '../../quantities.ts';
import { holds, THRESHOLDS } from '../../thresholds.ts';
import type { Check } from '../../verdict.ts';
import { cellFigure, PACE_LIMITS } from '../cell-limits.ts';
import type { FirehoseContext, FormatSearch, JudgedCell } from '../firehose-context.ts';
import { isServersPace } from '../judge-cell.ts';

type Pace = (typeof PACE_LIMITS)[number];

/** None where no rate was searched for. */
export function paceChecks(context: FirehoseContext): readonly Check[] {
  if (context.searches.length === 0) return [];
  return [sustainedCheck(context), ...PACE_LIMITS.map((name) => paceCheck(name, context))];
}

function sustainedCheck(context: FirehoseContext): Check {
  const { searches, requiredRate } = context;
  const found = searches.map((search) => ({ search, ...sustained(search, requiredRate) }));
  const worst =
    found.find(({ verdict }) => verdict === 'fail') ??
    found.find(({ verdict }) => verdict === 'inconclusive') ??
    found.reduce((low, one) => ((one.search.sustained ?? 0) < (low.search.sustained ?? 0) ? one : low));
  const each = searches.map(({ format, sustained: rate }) => `${FORMAT_WORDS[format]} ${formatRate(rate)}`);
  return {
    name: 'sustained-tick-rate',
    title: THRESHOLDS['sustained-tick-rate'].title,
    threshold: requiredRate,
    observed: worst.search.sustained,
    unit: 'per-second',
    verdict: worst.verdict,
    detail: worst.detail ?? each.join(', '),
  };
}

function sustained(search: FormatSearch, requiredRate: number): Pick<Check, 'verdict' | 'detail'> {
  const { format, ceiling, steps } = search;
  if (search.sustained !== null && search.sustained >= requiredRate) return { verdict: 'pass' };
  const word = FORMAT_WORDS[format];
  if (ceiling === null || ceiling.rate > requiredRate) {
    const why = `${formatRate(requiredRate)} was not measured in ${word}: add it to --rates`;
    return { verdict: 'inconclusive', detail: why };
  }
  const at = `at ${formatRate(ceiling.rate)} ${word}`;
  if (ceiling.judgement !== 'doubtful') return { verdict: 'fail', detail: `${at} limits broke` };
  const why = steps.filter(({ setup }) => setup.rate === ceiling.rate).at(-1)?.problems[0]?.sentence;
  return {
    verdict: 'inconclusive',
    detail: `${at} the rig was the limit: ${why ?? 'the measurement was cut short'}`,
  };
}

/** Of the formats' judged cells the worst. */
function paceCheck(name: Pace, context: FirehoseContext): Check {
  const { searches, limits } = context;
  const { title, unit } = THRESHOLDS[name];
  const base = { name, title, threshold: limits[name], unit } as const;
  const seen = searches.flatMap(({ judged }) => {
    const value = judged === null ? null : cellFigure(name, judged);
    return judged === null || value === null ? [] : [{ judged, value }];
  });
  const worst = seen.sort((a, b) => (name === 'tick-p99' ? b.value - a.value : a.value - b.value))[0];
  if (worst === undefined) return { ...base, observed: null, verdict: 'n/a', detail: 'too few samples' };
  return { ...base, observed: worst.value, ...judgePace(name, worst.judged, context) };
}

function judgePace(
  name: Pace,
  cell: JudgedCell,
  { limits }: FirehoseContext,
): Pick<Check, 'verdict' | 'detail'> {
  const at = `at ${cell.label}`;
  if (holds(name, cellFigure(name, cell) ?? 0, limits)) return { verdict: 'pass', detail: at };
  if (isServersPace(name, { cell, problems: cell.problems }, limits)) return { verdict: 'fail', detail: at };
  return {
    verdict: 'inconclusive',
    detail: `over the limit ${at}, but the rig itself may be why: ${cell.problems[0]?.sentence ?? ''}`,
  };
}

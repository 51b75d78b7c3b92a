/** Counts first: what the server tracks must be back at its baseline, and whoever unsubscribed out of the room. */

import { HOW_TO_SEE, lifecycleChecks } from '../../checks/lifecycle-checks.ts';
import { formatCount, formatList } from '../../quantities.ts';
import { holds, THRESHOLDS } from '../../thresholds.ts';
import type { Check } from '../../verdict.ts';
import type { MemoryContext } from '../memory-context.ts';

/** The fewest connections of which half are any. */
const HALF_OF = 2;

export function countChecks(context: MemoryContext): readonly Check[] {
  const { limits, analysis } = context;
  const { growth, countsClasses } = analysis;
  const seen = { limits, growth, countsClasses, unseen: missing(context), doubt: visitors(context) };
  return [...lifecycleChecks(seen), unsubscribedCheck(context)];
}

/** Room entries of clients that had unsubscribed and were still connected. */
function unsubscribedCheck(context: MemoryContext): Check {
  const { measured } = context.analysis;
  const looks = measured.flatMap(({ unsubscribed, number }) =>
    unsubscribed === null ? [] : [{ ...unsubscribed, number }],
  );
  const base = {
    name: 'unsubscribed',
    title: THRESHOLDS.unsubscribed.title,
    threshold: context.limits.unsubscribed,
    unit: 'count',
  } as const;
  if (context.record.connections < HALF_OF) {
    const detail = `needs cycles of ${HALF_OF} connections, half of which unsubscribe`;
    return { ...base, observed: null, verdict: 'n/a', detail };
  }
  if (looks.length < measured.length || looks.length === 0) {
    return { ...base, observed: null, verdict: 'inconclusive', detail: missing(context) };
  }
  // One too few would be a member that was dropped without asking: what it misses counts as lost.
  const guilty = looks.filter(({ kept }) => kept > 0);
  const kept = guilty.reduce((total, look) => total + look.kept, 0);
  if (holds('unsubscribed', kept, context.limits)) return { ...base, observed: kept, verdict: 'pass' };
  const left = looks.reduce((total, look) => total + look.left, 0);
  const cycles = `${guilty.length === 1 ? 'cycle' : 'cycles'} ${formatList(guilty.map(({ number }) => String(number)))}`;
  const said = `of ${formatCount(left)} that unsubscribed and stayed connected, in ${cycles}`;
  const doubt = visitors(context);
  return {
    ...base,
    observed: kept,
    verdict: doubt === null ? 'fail' : 'inconclusive',
    detail: doubt === null ? said : `${said}; ${doubt}`,
  };
}

/** What grew may be theirs: in a sentence; null where nobody else came. */
export function visitors({ analysis }: MemoryContext): string | null {
  return analysis.visitors === 0
    ? null
    : `others opened ${formatCount(analysis.visitors)} connections to this server meanwhile, so it may be theirs: measure a server that nobody else uses`;
}

function missing({ record, analysis }: MemoryContext): string {
  const wasSeen = analysis.cycles.some(({ structures }) => structures !== null);
  return record.outcome.state !== 'completed' && wasSeen ? 'the run ended before the last look' : HOW_TO_SEE;
}

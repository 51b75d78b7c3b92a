/** What must be back at its baseline when everyone has left. */

import { HOW_TO_SEE, lifecycleChecks } from '../../checks/lifecycle-checks.ts';
import { formatCount } from '../../quantities.ts';
import type { Check } from '../../verdict.ts';
import type { ChurnContext } from '../churn-context.ts';

export function keptChecks(context: ChurnContext): readonly Check[] {
  const { analysis, record, limits, growth } = context;
  const wasSeen = record.baseline.lifecycle !== null;
  return lifecycleChecks({
    limits,
    growth,
    countsClasses: analysis.kept.at(-1)?.countsClasses ?? false,
    unseen: wasSeen ? 'the run ended before the server was looked at again' : HOW_TO_SEE,
    doubt: visitorsDoubt(context),
  });
}

/** On a server that others use, what grew may be theirs. */
function visitorsDoubt({ analysis, record }: ChurnContext): string | null {
  if (record.target.kind === 'spawned') return null;
  const visitors = analysis.parts
    .flatMap(({ counterChecks }) => counterChecks)
    .filter(({ name }) => name === 'connections')
    .reduce((total, { unexplained }) => total + Math.max(0, unexplained ?? 0), 0);
  if (visitors === 0) return null;
  return `others opened ${formatCount(visitors)} connections to this server meanwhile, so it may be theirs: measure a server that nobody else uses`;
}

/** What a fault that is switched on says about itself: the run is a positive control then. */

import { formatCount, formatList } from '../../quantities.ts';
import type { Check, Finding } from '../../verdict.ts';
import type { ChurnContext } from '../churn-context.ts';

export const CONTROL_TODO = 'Nothing: this is the positive control. Run again without --fault.';

/** ` The fault leak-connections=1% is switched on and did its harm 26 times.`; empty without one. */
export function faultNote({ record, analysis }: ChurnContext): string {
  const { faults } = record;
  if (faults.length === 0) return '';
  const counts = Object.values(analysis.faultInjections);
  const harm = counts.reduce((total, count) => total + count, 0);
  const did =
    harm === 0 ? 'found nothing to harm' : `did harm ${harm === 1 ? 'once' : `${formatCount(harm)} times`}`;
  return faults.length === 1
    ? ` The fault ${faults[0]} is switched on and ${did}.`
    : ` The faults ${formatList(faults)} are switched on and together ${did}.`;
}

/** A control that nothing came of must not look like a tool that sees nothing. */
export function harmlessFault(context: ChurnContext, checks: readonly Check[]): readonly Finding[] {
  const note = faultNote(context);
  if (note === '' || checks.some(({ verdict }) => verdict !== 'pass' && verdict !== 'n/a')) return [];
  return [
    {
      title: 'The fault broke no limit',
      seen: `${note.trim()} No check of this scenario looks at what it does, or it stayed within the limits.`,
      where:
        'the checks of churn: what arrives, what is left behind, how soon ends are noticed, who comes back',
      todo: 'Late deliveries show in npm run profile:concurrency, histories that grow in npm run profile:memory.',
    },
  ];
}

/** What was run, in sentences that need no knowledge of the tool. */

import type { OverheadAnalysis } from '../../analysis/overhead/overhead-analysis.ts';
import type { OverheadRecord } from '../../record/overhead-record.ts';
import { formatAskedRate, formatList } from '../../verdict/quantities.ts';
import { formatDuration, formatPlural } from '../format.ts';
import type { Section } from '../report-document.ts';
import { targetText } from '../sections/target.ts';

export function whatWasRunSection(record: OverheadRecord, { arms, turns }: OverheadAnalysis): Section {
  const rounds = Math.max(0, ...turns.map(({ round }) => round));
  const measured = formatDuration(turns[0]?.tier.measureRequestedMs ?? 0);
  const load = `${formatPlural(record.connections, 'client')} in one match and ${formatAskedRate(record.rate)} commentaries a second`;
  const turnsOf = (arm: string) => turns.filter((turn) => turn.arm === arm).length;
  const seldom = arms.filter(({ name }) => turnsOf(name) < rounds).map(({ name }) => name);
  const fewer = seldom.length === 0 ? '' : ` Not in every round was the turn of ${formatList(seldom)}.`;
  const beside = arms.filter(({ name }) => name !== 'metrics').length;
  return {
    id: 'what-was-run',
    title: 'What was run',
    blocks: [
      { kind: 'paragraph', text: targetText(record) },
      {
        kind: 'paragraph',
        text:
          turns.length === 0
            ? 'Nothing was measured.'
            : `Beside it ran ${formatPlural(beside, 'server')} that ${beside === 1 ? 'differs' : 'differ'} in nothing but what the table below says: ${formatList(arms.map(({ name }) => name))}. All were alive throughout and were warmed up. The same load, ${load}, went to one after the other for ${measured} a turn, ${formatPlural(rounds, 'round')} long; the order changes from round to round, so that neither a place in it nor what ran before favours anybody.${fewer}`,
      },
      {
        kind: 'paragraph',
        text: 'What is compared is deliveries per second of the server’s CPU time, all its threads together (/proc/<pid>/task/*/schedstat, in nanoseconds), from the beginning of the measured window until its last delivery. The load is open, so a server that works harder does not deliver less: it uses more CPU.',
      },
    ],
  };
}

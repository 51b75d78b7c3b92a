/** What was run, in sentences that need no knowledge of the tool. */

import type { OverheadAnalysis, TurnAnalysis } from '../../analysis/overhead/overhead-analysis.ts';
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
  const others =
    seldom.length === 0
      ? ''
      : ` ${formatList(seldom)} ran beside it as servers of their own and had a turn in some of the rounds.`;
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
            : `The same load, ${load}, went to the server for ${measured} a turn, ${formatPlural(rounds, 'round')} long. Under it the instrumentation was switched off and on again about every half second, as off, on, on, off and the other way round in the next round: whatever the machine does and however this process came out meets both alike.${others}`,
      },
      {
        kind: 'paragraph',
        text: 'What is compared is deliveries per second of the server’s CPU time, all its threads together (/proc/<pid>/task/*/schedstat, in nanoseconds), read at each of these edges. What stays when the instrumentation is off: counting, and the empty hooks around a request. The load is open, so a server that works harder does not deliver less: it uses more CPU.',
      },
      ...latencyParagraph(turns),
    ],
  };
}

function latencyParagraph(turns: readonly TurnAnalysis[]): Section['blocks'] {
  return turns.some(({ latency }) => latency !== null)
    ? [
        {
          kind: 'paragraph',
          text: 'What it does to the deliveries is compared as their latency, from the intended send to the receipt, in the slices with and without: a few long pieces of work delay those that come meanwhile, and cost little.',
        },
      ]
    : [];
}

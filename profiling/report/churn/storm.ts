/** The storm: who came back, how soon, and with how much of what was missed. */

import type { ChurnAnalysis, StormFigures } from '../../analysis/churn/churn-analysis.ts';
import { formatCount, formatMs, formatPercent, formatReasons } from '../../verdict/quantities.ts';
import { type Block, type Cell, cell, type Section } from '../report-document.ts';

export function stormSection({ storm, parts }: ChurnAnalysis): readonly Section[] {
  if (storm === null) return [];
  const ledger = parts.find(({ name }) => name === 'storm')?.ledger;
  const lost = ledger?.lost ?? 0;
  return [
    {
      id: 'storm',
      title: 'Storm and recovery',
      blocks: [
        stormTable(storm),
        {
          kind: 'paragraph',
          tone: lost > 0 ? 'bad' : 'muted',
          text: `Over the whole absence, the storm's clients were owed ${formatCount(ledger?.expected ?? null)} messages, each exactly once, live or given back: ${formatCount(lost)} lost, ${formatCount(ledger?.duplicated ?? null)} twice, ${formatCount(ledger?.outOfOrder ?? null)} out of order.`,
        },
      ],
    },
  ];
}

function stormTable(storm: StormFigures): Block {
  const { clients, returned, complete, missed, givenBack } = storm;
  const away = clients - returned;
  const rows: readonly (readonly [string, Cell, string])[] = [
    [
      'Members before the cut',
      cell(formatCount(clients)),
      `all reset in one go, away for ${formatMs(storm.awayMs)}`,
    ],
    [
      'Members again',
      cell(formatCount(returned), away > 0 ? 'bad' : undefined),
      away === 0 ? 'one attempt each' : `the others: ${formatReasons(storm.failures)}`,
    ],
    [
      'Back with everything',
      cell(formatCount(complete), complete < clients ? 'bad' : undefined),
      `the server said: ${formatReasons(storm.results)}`,
    ],
    [
      'Recovery time',
      cell([{ strong: formatMs(storm.recoveryMs) }]),
      'from the first attempt to the last member',
    ],
    ['Sockets opened within', cell(formatMs(storm.openingMs)), 'how much "at once" it was'],
    [
      'Handshake p50, p95, max',
      cell(
        `${formatMs(storm.handshake.p50Ms)}, ${formatMs(storm.handshake.p95Ms)}, ${formatMs(storm.handshake.maxMs)}`,
      ),
      'from an attempt to its welcome',
    ],
    [
      'Member again p50, p95, max',
      cell(
        `${formatMs(storm.resume.p50Ms)}, ${formatMs(storm.resume.p95Ms)}, ${formatMs(storm.resume.maxMs)}`,
      ),
      'from an attempt to the answer with what was missed',
    ],
    ['Messages missed', cell(formatCount(missed)), 'broadcasts × clients that fell into an absence'],
    [
      'Given back',
      cell(formatCount(givenBack), givenBack < missed ? 'bad' : undefined),
      missed === 0 ? 'nothing was missed' : formatPercent(givenBack / missed),
    ],
  ];
  return {
    kind: 'table',
    columns: [{ title: 'Storm' }, { title: 'Observed', align: 'right' }, { title: 'How' }],
    rows: rows.map(([what, observed, how]) => [cell(what), observed, cell(how)]),
  };
}

/** The search for the highest rate, and the same rates to many readers. */

import type { CellAnalysis, FirehoseAnalysis } from '../../analysis/firehose/firehose-analysis.ts';
import { FORMAT_WORDS } from '../../record/firehose-label.ts';
import type { StepJudgement } from '../../record/sustained-rate.ts';
import type { CellVerdict, FirehoseVerdict } from '../../verdict/firehose/firehose-verdict.ts';
import {
  formatBytes,
  formatCores,
  formatCount,
  formatMs,
  formatPercent,
  formatRate,
} from '../../verdict/quantities.ts';
import {
  type Block,
  type Cell,
  type Column,
  cell,
  type RichText,
  type Section,
  strong,
  type Tone,
} from '../report-document.ts';

const right = (title: string): Column => ({ title, align: 'right' });

const JUDGEMENT_WORDS: Readonly<Record<StepJudgement, readonly [word: string, tone: Tone]>> = {
  held: ['held', 'good'],
  slow: ['too slow', 'bad'],
  broken: ['broken', 'bad'],
  doubtful: ['in doubt', 'doubtful'],
};

interface Judged {
  readonly one: CellAnalysis;
  readonly verdict: CellVerdict;
}

export function searchSection(analysis: FirehoseAnalysis, verdict: FirehoseVerdict): readonly Section[] {
  const search = judgedOf('search', analysis, verdict);
  if (search.length === 0) return [];
  return [
    {
      id: 'search',
      title: 'The highest rate to one reader',
      blocks: [
        rateTable(search),
        ...reasonList(search),
        {
          kind: 'paragraph',
          tone: 'muted',
          text: 'In the order they were run, format by format: up the list until one does not hold, then between the last that held and the first that did not, then what was found once more and twice as long. The reader is native-like: it checks number, time, symbol and price of every tick. Above 10,000/s the feed’s loop never waits, so the server uses all of a core that it can get, whatever the rate.',
        },
      ],
    },
  ];
}

export function manyReadersSection(analysis: FirehoseAnalysis, verdict: FirehoseVerdict): readonly Section[] {
  const many = judgedOf('readers', analysis, verdict);
  if (many.length === 0) return [];
  return [
    {
      id: 'many-readers',
      title: 'To many readers',
      blocks: [
        rateTable(many),
        {
          kind: 'paragraph',
          tone: 'muted',
          text: 'The same rates to each of many readers, until one does not hold; rates are those of all together. All readers are one process, which checks every tick of each, so that it may be the limit: the column says so.',
        },
      ],
    },
  ];
}

function judgedOf(
  part: CellAnalysis['part'],
  { cells }: FirehoseAnalysis,
  verdict: FirehoseVerdict,
): Judged[] {
  return cells.flatMap((one, index) => {
    const own = verdict.cells[index];
    return one.part !== part || own === undefined ? [] : [{ one, verdict: own }];
  });
}

function rateTable(rows: readonly Judged[]): Block {
  return {
    kind: 'table',
    columns: [
      ...['Asked', 'Format', 'Readers', 'Step'].map((title) => ({ title })),
      ...[
        'Received',
        'of asked',
        'p50',
        'p99',
        'p99.9',
        'max',
        'Lost',
        'Frames per write',
        'Server CPU',
        'Reader CPU',
        'RSS',
      ].map(right),
      { title: 'Judged' },
    ],
    rows: rows.map(rateRow),
  };
}

function rateRow({ one, verdict }: Judged): readonly Cell[] {
  const { setup, rates, latency, ledger, server } = one;
  const broken = new Set<string>(verdict.broken);
  const toneOf = (name: string): Tone | undefined => (broken.has(name) ? 'bad' : undefined);
  const [word, tone] = JUDGEMENT_WORDS[verdict.judgement];
  return [
    cell([strong(formatRate(setup.rate))]),
    cell(FORMAT_WORDS[setup.format]),
    cell(formatCount(setup.readers)),
    cell(one.kind ?? ''),
    cell(formatRate(rates.received)),
    cell(formatPercent(one.deliveredRatio), toneOf('delivered-ratio')),
    cell(formatMs(latency.p50Ms)),
    cell(formatMs(latency.p99Ms), toneOf('tick-p99')),
    cell(formatMs(latency.p999Ms)),
    cell(formatMs(latency.maxMs)),
    cell(formatCount(ledger.lost), toneOf('lost')),
    cell(formatCount(one.framesPerWrite)),
    cell(formatCores(server.cpuCores)),
    cell(formatCores(one.readerCores)),
    cell(formatBytes(server.rssBytes)),
    cell(word, tone),
  ];
}

/** Why steps did not hold: too long for the table. */
function reasonList(rows: readonly Judged[]): readonly Block[] {
  const items = rows
    .filter(({ verdict }) => verdict.judgement !== 'held')
    .map(({ verdict: { label, limit } }): RichText => [strong(label), `: ${limit.sentence}`]);
  return items.length === 0 ? [] : [{ kind: 'list', items }];
}

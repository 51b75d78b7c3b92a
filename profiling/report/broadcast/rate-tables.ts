/** Results of the search, rate by rate. */

import type { BroadcastAnalysis, StepAnalysis } from '../../analysis/broadcast/broadcast-analysis.ts';
import type { StepJudgement } from '../../record/sustained-rate.ts';
import type { ServerCounters } from '../../record/tier-record.ts';
import type { BroadcastVerdict, StepVerdict } from '../../verdict/broadcast/broadcast-verdict.ts';
import {
  formatBytes,
  formatCores,
  formatCount,
  formatMs,
  formatPercent,
  formatRate,
  NOT_AVAILABLE,
} from '../../verdict/quantities.ts';
import {
  type Block,
  type Cell,
  type Column,
  cell,
  type RichText,
  type Section,
  type Tone,
} from '../report-document.ts';
import { judgedStepOf } from './rates.ts';

const right = (title: string): Column => ({ title, align: 'right' });

/** How a judgement reads. */
export const JUDGEMENT_WORDS: Readonly<Record<StepJudgement, readonly [word: string, tone: Tone]>> = {
  held: ['held', 'good'],
  slow: ['too slow', 'bad'],
  broken: ['broke', 'bad'],
  doubtful: ['in doubt', 'doubtful'],
};

export function searchSection(analysis: BroadcastAnalysis, verdict: BroadcastVerdict): Section {
  return {
    id: 'search',
    title: 'The search for the highest rate',
    blocks: [
      {
        kind: 'table',
        columns: [
          right('Broadcasts'),
          { title: 'Step' },
          ...['Deliveries', 'p50', 'p95', 'p99', 'p99.9', 'Max', 'Samples', 'Lost'].map(right),
          { title: 'Judged' },
        ],
        rows: analysis.steps.map((step, index) => searchRow(step, verdict.steps[index])),
      },
      ...reasonList(verdict.steps),
      {
        kind: 'paragraph',
        tone: 'muted',
        text: 'In the order they were run: up the list until one does not hold, then between the last that held and the first that did not, then what was found once more and twice as long. n/a: fewer than 10 ÷ (1 − q) samples. Latency runs from the moment the POST was due to each receipt.',
      },
    ],
  };
}

/** Why steps did not hold: too long for the table. */
function reasonList(steps: readonly StepVerdict[]): readonly Block[] {
  const items = steps
    .filter(({ judgement }) => judgement !== 'held')
    .map(({ label, limit }): RichText => [{ strong: label }, `: ${limit.sentence}`]);
  return items.length === 0 ? [] : [{ kind: 'list', items }];
}

function searchRow(step: StepAnalysis, verdict: StepVerdict | undefined): readonly Cell[] {
  const { delivery, deliveries, ledger } = step.tier;
  const broken = new Set<string>(verdict?.broken ?? []);
  const toneOf = (name: string): Tone | undefined => (broken.has(name) ? 'bad' : undefined);
  const [word, tone] = JUDGEMENT_WORDS[verdict?.judgement ?? 'doubtful'];
  return [
    cell([{ strong: formatRate(step.rate) }]),
    cell(step.kind),
    cell(formatRate(deliveries.achievedPerSecond)),
    cell(formatMs(delivery.p50Ms), toneOf('p50')),
    cell(formatMs(delivery.p95Ms), toneOf('p95')),
    cell(formatMs(delivery.p99Ms), toneOf('p99')),
    cell(formatMs(delivery.p999Ms)),
    cell(formatMs(delivery.maxMs)),
    cell(formatCount(delivery.n)),
    cell(formatCount(ledger.lost), toneOf('lost')),
    cell(word, tone),
  ];
}

/** How one broadcast spreads, and whether all are served alike. */
export function fanOutSection(analysis: BroadcastAnalysis, verdict: BroadcastVerdict): Section {
  const judged = judgedStepOf(analysis, verdict);
  return {
    id: 'fan-out',
    title: 'The shape of a fan-out',
    blocks: [
      shapeTable(analysis.steps),
      {
        kind: 'paragraph',
        tone: 'muted',
        text: 'Times since the intended send. Spread: from the first member to the last. A broadcast that somebody never got has no last and no spread. Frames per write: what the server wrote to a member in one go, over the whole load.',
      },
      ...(judged?.fanOut == null ? [] : positionBlocks(judged)),
      { kind: 'heading', text: 'Delivered in time' },
      completenessTable(analysis.steps),
    ],
  };
}

function shapeTable(steps: readonly StepAnalysis[]): Block {
  return {
    kind: 'table',
    columns: [
      'Broadcasts',
      'First p50',
      'Median p50',
      'Last p50',
      'Last p95',
      'Spread p50',
      'Spread p95',
      'Frames per write',
      'Complete',
    ].map(right),
    rows: steps.flatMap(({ label, fanOut, tier }) =>
      fanOut === null
        ? []
        : [
            [
              cell([{ strong: label }]),
              ...[fanOut.first.p50Ms, fanOut.median.p50Ms, fanOut.last.p50Ms, fanOut.last.p95Ms].map(ms),
              ...[fanOut.spread.p50Ms, fanOut.spread.p95Ms].map(ms),
              cell(framesPerWrite(tier.server.counters)),
              cell(`${formatCount(fanOut.last.n)} of ${formatCount(fanOut.broadcasts)}`),
            ],
          ],
    ),
  };
}

function framesPerWrite({ framesWritten, socketWrites }: ServerCounters): string {
  if (framesWritten == null || !socketWrites) return NOT_AVAILABLE;
  return (framesWritten / socketWrites).toFixed(2);
}

function positionBlocks({ label, fanOut }: StepAnalysis): readonly Block[] {
  const positions = fanOut?.positions ?? [];
  return [
    { kind: 'heading', text: `Fairness by place in the room, at ${label}` },
    {
      kind: 'table',
      columns: ['Members', 'Mean', 'p50', 'p99'].map(right),
      rows: positions.map(({ from, to, meanMs, p50Ms, p99Ms }) => [
        cell(from === to ? formatCount(from) : `${formatCount(from)}–${formatCount(to)}`),
        ...[meanMs, p50Ms, p99Ms].map(ms),
      ]),
    },
  ];
}

function completenessTable(steps: readonly StepAnalysis[]): Block {
  const within = steps[0]?.completeness.map(({ withinMs }) => `Within ${withinMs} ms`) ?? [];
  return {
    kind: 'table',
    columns: ['Broadcasts', ...within].map(right),
    rows: steps.map(({ label, completeness }) => [
      cell([{ strong: label }]),
      ...completeness.map(({ ratio }) => cell(formatPercent(ratio))),
    ]),
  };
}

export function serverSection({ steps }: BroadcastAnalysis): Section {
  return {
    id: 'server',
    title: 'What it costs the server',
    blocks: [
      {
        kind: 'table',
        columns: [
          'Broadcasts',
          'Deliveries',
          'CPU',
          'Deliveries per core',
          'Loop p99',
          'GC',
          'RSS',
          'POST p50',
          'POST p99',
        ].map(right),
        rows: steps.map(({ label, tier, deliveriesPerCore }) => [
          cell([{ strong: label }]),
          cell(formatRate(tier.deliveries.achievedPerSecond)),
          cell(formatCores(tier.server.cpuCores)),
          cell(formatRate(deliveriesPerCore)),
          cell(formatMs(tier.server.window.loopDelayP99Ms)),
          cell(formatPercent(tier.server.gcRatio)),
          cell(formatBytes(tier.memory?.rssBytes ?? null)),
          cell(formatMs(tier.publishLatency.p50Ms)),
          cell(formatMs(tier.publishLatency.p99Ms)),
        ]),
      },
      {
        kind: 'paragraph',
        tone: 'muted',
        text: 'Deliveries per core: deliveries a second divided by the cores the server used. POST: from the intended send to the answer.',
      },
    ],
  };
}

function ms(value: number | null): Cell {
  return cell(formatMs(value));
}

/** The target of 1,000,000 ticks a second on each engine, beside what the ancestors of this scenario reached. */

import type { CellAnalysis, FirehoseAnalysis } from '../../analysis/firehose/firehose-analysis.ts';
import { FORMAT_WORDS } from '../../record/firehose-label.ts';
import type { FirehoseRecord } from '../../record/firehose-record.ts';
import { formatCores, formatCount, formatMs, formatPercent, formatRate } from '../../verdict/quantities.ts';
import { type Block, type Cell, type Column, cell, type Section, strong } from '../report-document.ts';

const right = (title: string): Column => ({ title, align: 'right' });

/** On other machines: what they tell is an order of magnitude. */
const ANCESTORS = [
  { who: 'ancestor, naive', rate: 186_000 },
  { who: 'ancestor, native reader', rate: 290_000 },
  { who: 'ancestor, wanted', rate: 400_000 },
] as const;
const NATIVE_ANCESTOR = ANCESTORS[1].rate;

/** Cells that show what an engine does, most readers last. */
function engineCells({ cells }: FirehoseAnalysis): readonly CellAnalysis[] {
  const own = cells.filter(({ part }) => part === 'engines' || part === 'benchmark');
  return [...own].sort((a, b) => a.setup.readers - b.setup.readers);
}

export function enginesSection(
  analysis: FirehoseAnalysis,
  { notMeasured }: FirehoseRecord,
): readonly Section[] {
  const cells = engineCells(analysis);
  const missing = notMeasured.filter(({ what }) => what.startsWith('engine '));
  if (cells.length === 0 && missing.length === 0) return [];
  return [
    {
      id: 'engines',
      title: 'Engines, and the ancestors',
      blocks: [
        {
          kind: 'table',
          columns: [
            { title: 'Engine' },
            { title: 'Format' },
            { title: 'Reader' },
            ...[
              'Asked',
              'Received',
              'of asked',
              'to the native ancestor',
              'p99',
              'Frames per write',
              'Server CPU',
            ].map(right),
          ],
          rows: [...cells.map(engineRow), ...ANCESTORS.map(ancestorRow)],
        },
        ...missing.map(
          ({ what, why }): Block => ({
            kind: 'paragraph',
            text: [strong(`Not measured: ${what}.`), ` ${why}`],
          }),
        ),
        {
          kind: 'paragraph',
          tone: 'muted',
          text: 'The ancestors’ figures are theirs, from their machines and their readers: compare orders of magnitude, not digits. Rates to several readers are those of all together.',
        },
      ],
    },
  ];
}

function engineRow({
  setup,
  rates,
  deliveredRatio,
  latency,
  framesPerWrite,
  server,
}: CellAnalysis): readonly Cell[] {
  const reader = setup.readers === 1 ? setup.reader : `${formatCount(setup.readers)} ${setup.reader}`;
  return [
    cell([strong(setup.engine)]),
    cell(FORMAT_WORDS[setup.format]),
    cell(reader),
    cell(formatRate(rates.asked)),
    cell(formatRate(rates.received)),
    cell(formatPercent(deliveredRatio)),
    cell(setup.readers === 1 ? timesText(rates.received) : ''),
    cell(formatMs(latency.p99Ms)),
    cell(formatCount(framesPerWrite)),
    cell(formatCores(server.cpuCores)),
  ];
}

function ancestorRow({ who, rate }: (typeof ANCESTORS)[number]): readonly Cell[] {
  const empty = cell('');
  return [
    cell(who),
    cell('JSON'),
    empty,
    empty,
    cell(formatRate(rate)),
    empty,
    cell(timesText(rate)),
    empty,
    empty,
    empty,
  ];
}

function timesText(rate: number): string {
  return `${(rate / NATIVE_ANCESTOR).toFixed(2)} ×`;
}

/** For the terminal. */
export function enginesText(analysis: FirehoseAnalysis): readonly (readonly string[])[] {
  const cells = engineCells(analysis).filter(({ setup }) => setup.readers === 1);
  if (cells.length === 0) return [];
  return [
    ['target', 'format', 'reader', 'asked', 'received', 'of asked', 'to the native ancestor'],
    ...cells.map(({ setup, rates, deliveredRatio }) => [
      `engine ${setup.engine}`,
      FORMAT_WORDS[setup.format],
      setup.reader,
      formatRate(rates.asked),
      formatRate(rates.received),
      formatPercent(deliveredRatio),
      timesText(rates.received),
    ]),
    ...ANCESTORS.map(({ who, rate }) => [who, 'JSON', '', '', formatRate(rate), '', timesText(rate)]),
  ];
}

/** Charts: the rate asked for against four rates, latency by rate, what modes deliver, what a stopped reader does. */

import type { CellAnalysis } from '../../analysis/firehose/firehose-analysis.ts';
import { FORMAT_WORDS } from '../../record/firehose-label.ts';
import type { TickFormat } from '../../record/firehose-record.ts';
import { modeRows } from '../../verdict/firehose/mode-comparison.ts';
import type { SlowReaderPair } from '../../verdict/firehose/slow-reader-pairs.ts';
import { formatAskedRate, formatMs, formatPercent, formatRate } from '../../verdict/quantities.ts';
import type { Limits } from '../../verdict/thresholds.ts';
import type { ChartDrawing } from '../charts/chart.ts';
import { bars, categoryAxis, legend, limitLine, line, placeLine, yAxis } from '../charts/parts.ts';

/** A logarithmic axis has no zero. */
const SMALLEST_MS = 0.001;
const SMALLEST_RATE = 1;
const AXIS = 'ticks per second asked for';

const onLog = (value: number | null, smallest: number): number | null =>
  value === null ? null : Math.max(smallest, value);
const msLabel = (ms: number): string => `${ms.toLocaleString('en-US')} ms`;
const labelsOf = (cells: readonly CellAnalysis[]) => cells.map(({ setup }) => formatAskedRate(setup.rate));

/** What the server offers, buffers and flushes, and what arrives, by the rate that was asked for. */
export function ratesChart(format: TickFormat, cells: readonly CellAnalysis[]): ChartDrawing | null {
  if (cells.length < 2) return null;
  const last = cells.at(-1);
  const of = (name: 'buffered' | 'flushed' | 'delivered') =>
    cells.map(({ rates }) => onLog(rates[name], SMALLEST_RATE));
  return {
    name: `rates-${format}`,
    title: `Asked, buffered, flushed, delivered: ${FORMAT_WORDS[format]} to one reader`,
    alt: `Ticks per second by the rate asked for, in ${FORMAT_WORDS[format]} to one reader. Of ${formatRate(last?.setup.rate ?? null)} the server buffered ${formatRate(last?.rates.buffered ?? null)}, flushed ${formatRate(last?.rates.flushed ?? null)}, and ${formatRate(last?.rates.delivered ?? null)} were delivered.`,
    option: {
      legend: legend(),
      xAxis: categoryAxis(AXIS, labelsOf(cells)),
      yAxis: yAxis('ticks per second, logarithmic', { type: 'log', formatter: formatAskedRate }),
      series: [
        line(
          'asked',
          cells.map(({ rates }) => rates.asked),
          { colour: 'floor', dashed: true, points: false },
        ),
        line('buffered', of('buffered'), { colour: 'p99' }),
        line('flushed', of('flushed'), { colour: 'p95' }),
        line('delivered', of('delivered'), { colour: 'accent' }),
      ],
    },
  };
}

/** p50 and p99 by rate in both formats, with the limit and the rate that is sustained. */
export function latencyChart(
  byFormat: readonly (readonly [TickFormat, readonly CellAnalysis[], number | null])[],
  limits: Limits,
): ChartDrawing | null {
  const [longest] = [...byFormat].sort((a, b) => b[1].length - a[1].length);
  if (longest === undefined || longest[1].length < 2) return null;
  const rates = [...new Set(byFormat.flatMap(([, cells]) => cells.map(({ setup }) => setup.rate)))].sort(
    (a, b) => a - b,
  );
  const at = (cells: readonly CellAnalysis[], figure: 'p50Ms' | 'p99Ms') =>
    rates.map((rate) => {
      const found = cells.find(({ setup }) => setup.rate === rate);
      return onLog(found?.latency[figure] ?? null, SMALLEST_MS);
    });
  const colours = { json: ['p50', 'p99'], binary: ['accent', 'p95'] } as const;
  const said = byFormat.map(
    ([format, cells]) =>
      `${FORMAT_WORDS[format]} p99 ${formatMs(cells.at(-1)?.latency.p99Ms ?? null)} at ${formatRate(cells.at(-1)?.setup.rate ?? null)}`,
  );
  return {
    name: 'latency-by-rate',
    title: 'Tick latency by rate',
    alt: `p50 and p99 of tick latency by rate, with the limit of p99 (${limits['tick-p99']} ms): ${said.join(', ')}.`,
    option: {
      legend: legend(),
      xAxis: categoryAxis(AXIS, rates.map(formatAskedRate)),
      yAxis: yAxis('latency, logarithmic', { type: 'log', formatter: msLabel }),
      series: byFormat.flatMap(([format, cells, sustained], index) => {
        const [low, high] = colours[format];
        const place = rates.indexOf(sustained ?? -1);
        return [
          {
            ...line(`${FORMAT_WORDS[format]} p50`, at(cells, 'p50Ms'), { colour: low }),
            ...(place === -1
              ? {}
              : { markLine: placeLine(place, `sustained, ${FORMAT_WORDS[format]}`, low) }),
          },
          {
            ...line(`${FORMAT_WORDS[format]} p99`, at(cells, 'p99Ms'), { colour: high }),
            ...(index === 0
              ? { markLine: limitLine(limits['tick-p99'], `limit of p99: ${limits['tick-p99']} ms`) }
              : {}),
          },
        ];
      }),
    },
  };
}

/** What each way to write delivers, to one reader and to the most. */
export function modesChart(cells: readonly CellAnalysis[]): ChartDrawing | null {
  const rows = modeRows(cells);
  const format = rows[0]?.cell.setup.format;
  const own = rows.filter(({ cell }) => cell.setup.format === format);
  const modes = [...new Set(own.map(({ cell }) => cell.setup.mode))];
  const readers = [...new Set(own.map(({ cell }) => cell.setup.readers))].sort((a, b) => a - b);
  if (format === undefined || modes.length < 2) return null;
  const at = (count: number) =>
    modes.map(
      (mode) =>
        own.find(({ cell }) => cell.setup.mode === mode && cell.setup.readers === count)?.cell.rates
          .received ?? null,
    );
  const colours = ['bar', 'p99'] as const;
  const said = own.map(
    ({ cell }) => `${cell.setup.mode} to ${cell.setup.readers} ${formatRate(cell.rates.received)}`,
  );
  return {
    name: 'modes',
    title: `What each way to write delivers, in ${FORMAT_WORDS[format]}`,
    alt: `Ticks received per second by mode: ${said.join(', ')}.`,
    option: {
      legend: legend(),
      xAxis: categoryAxis('mode', modes),
      yAxis: yAxis('ticks per second, logarithmic', { type: 'log', formatter: formatAskedRate, min: 1_000 }),
      series: readers.map((count, index) =>
        bars(
          `to ${count.toLocaleString('en-US')} ${count === 1 ? 'reader' : 'readers'}`,
          at(count).map((rate) => onLog(rate, SMALLEST_RATE)),
          { colour: colours[index] ?? 'accent' },
        ),
      ),
    },
  };
}

const FLOW = [
  ['buffered', 'buffered'],
  ['flushed', 'flushed'],
  ['delivered', 'delivered'],
  ['held back', 'heldBack'],
] as const;

/** Where ticks go when a reader stops, by mode. */
export function slowReadersChart(pairs: readonly SlowReaderPair[]): ChartDrawing | null {
  if (pairs.length === 0) return null;
  const colours = ['p99', 'accent'] as const;
  const said = pairs.map(
    ({ mode, withSlow }) => `${mode} delivers ${formatPercent(withSlow.efficiency)} of what it buffers`,
  );
  return {
    name: 'slow-readers',
    title: 'With a reader that stopped: buffered is not delivered',
    alt: `Ticks per second buffered, flushed, delivered and held back while a reader does not read: ${said.join(', ')}.`,
    option: {
      legend: legend(),
      xAxis: categoryAxis(
        'counted by the server',
        FLOW.map(([name]) => name),
      ),
      yAxis: yAxis('ticks per second', { min: 0 }),
      series: pairs.map(({ mode, withSlow }, index) =>
        bars(
          mode,
          FLOW.map(([, name]) => withSlow.rates[name]),
          { colour: colours[index] ?? 'bar' },
        ),
      ),
    },
  };
}

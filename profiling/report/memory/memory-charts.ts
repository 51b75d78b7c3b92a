/** The charts of a memory run, in the order of the report. */

import type { Growth } from '../../analysis/lifecycle-growth.ts';
import type { CycleAnalysis, MemoryAnalysis } from '../../analysis/memory/memory-analysis.ts';
import type { TheilSenFit } from '../../analysis/theil-sen.ts';
import type { MemorySample } from '../../record/tier-record.ts';
import { formatBytes, formatCount } from '../../verdict/quantities.ts';
import { type Chart, type ChartDrawing, drawChart } from '../charts/chart.ts';
import { PALETTE, type PaletteName } from '../charts/palette.ts';
import { dots, legend, line, xAxis, yAxis } from '../charts/parts.ts';
import type { JudgedMemory } from './judgement.ts';

const BYTES_PER_MB = 1e6;
const BYTES_PER_KB = 1e3;
const STEPS = 20;

/** Draws every chart that the data allow. */
export function drawCharts({ analysis, verdict }: JudgedMemory): readonly Chart[] {
  const limit = verdict.checks.find(({ name }) => name === 'heap-slope')?.threshold ?? 0;
  const drawings: readonly (ChartDrawing | null)[] = [
    heapOverCycles(analysis),
    heapGrowth(analysis.slopes.heapUsed, limit),
    structuresOverCycles(analysis),
    classGrowth(analysis.growth),
  ];
  return drawings.filter((drawing) => drawing !== null).map(drawChart);
}

/** One place for each cycle; the warm-up's are marked. */
function cycleAxis(cycles: readonly CycleAnalysis[]) {
  const { minInterval: _, ...axis } = xAxis('cycles (w: warm-up)');
  return {
    ...axis,
    type: 'category',
    data: cycles.map(({ kind, number }) => `${kind === 'warm-up' ? 'w' : ''}${number}`),
    axisLabel: { color: PALETTE.muted, fontSize: 12, hideOverlap: true },
    axisTick: { show: false },
  } as const;
}

function heapOverCycles({ cycles }: MemoryAnalysis): ChartDrawing | null {
  const heap = (pick: (cycle: CycleAnalysis) => MemorySample | null) =>
    cycles.map((cycle) => {
      const bytes = pick(cycle)?.heapUsedBytes ?? null;
      return bytes === null ? null : bytes / BYTES_PER_MB;
    });
  const collected = heap((cycle) => cycle.collected);
  if (collected.every((value) => value === null)) return null;
  const last = cycles.at(-1)?.collected?.heapUsedBytes ?? null;
  return {
    name: 'heap-over-cycles',
    title: 'Heap of the server, three times a cycle',
    alt: `Heap used in each of ${cycles.length} cycles: with everyone connected, with everyone gone, and after forced collection, where it ends at ${formatBytes(last)}.`,
    option: {
      legend: legend(),
      xAxis: cycleAxis(cycles),
      yAxis: yAxis('heap used', { formatter: (value) => `${formatCount(value)} MB`, min: 0 }),
      series: [
        line(
          'connected',
          heap((cycle) => cycle.connected),
          { colour: 'p95' },
        ),
        line(
          'closed',
          heap((cycle) => cycle.closed),
          { colour: 'floor' },
        ),
        line('after GC', collected, { colour: 'accent' }),
      ],
    },
  };
}

/** What remains after collection, drawn above its first value: the slope, its interval, and the limit for scale. */
function heapGrowth(fit: TheilSenFit | null, limit: number): ChartDrawing | null {
  if (fit === null || fit.points.length < 2) return null;
  const from = fit.points[0]?.x ?? 0;
  const to = fit.points.at(-1)?.x ?? 0;
  const base = fit.intercept + fit.slope * from;
  const middle = (from + to) / 2;
  const level = fit.intercept + fit.slope * middle;
  const kilobytes = (bytes: number) => (bytes - base) / BYTES_PER_KB;
  const interval = fit.interval === null ? '' : `, 95 % CI ${fit.interval.map(formatBytes).join(' to ')}`;
  return {
    name: 'heap-growth',
    title: 'What stays after collection, and its slope',
    alt: `Heap after forced collection over ended connections: it grows by ${formatBytes(fit.slope)} a connection (Theil–Sen${interval}); the limit is ${formatBytes(limit)}.`,
    option: {
      legend: {
        ...legend(),
        data: [
          'heap after GC',
          `slope ${formatBytes(fit.slope)} a connection`,
          `limit ${formatBytes(limit)}`,
        ],
      },
      xAxis: xAxis('connections that came and went', { min: from }),
      yAxis: yAxis('above the first cycle', { formatter: (value) => `${formatCount(value)} KB` }),
      series: [
        ...band(fit, { from, to, middle, level, kilobytes }),
        line(
          `limit ${formatBytes(limit)}`,
          [from, to].map((x) => [x, (limit * (x - from)) / BYTES_PER_KB]),
          { colour: 'limit', dashed: true, points: false },
        ),
        line(
          `slope ${formatBytes(fit.slope)} a connection`,
          [from, to].map((x) => [x, kilobytes(fit.intercept + fit.slope * x)]),
          { colour: 'p50', points: false },
        ),
        dots(
          'heap after GC',
          fit.points.map(({ x, y }) => [x, kilobytes(y)]),
          { colour: 'accent' },
        ),
      ],
    },
  };
}

interface BandScale {
  readonly from: number;
  readonly to: number;
  /** Where the lines of both bounds cross. */
  readonly middle: number;
  readonly level: number;
  readonly kilobytes: (bytes: number) => number;
}

/** An invisible lower edge with the band of all slopes of the interval stacked on it. */
function band({ interval }: TheilSenFit, { from, to, middle, level, kilobytes }: BandScale) {
  if (interval === null) return [];
  const edges = Array.from({ length: STEPS + 1 }, (_, step) => {
    const x = from + ((to - from) * step) / STEPS;
    const ends = interval.map((slope) => kilobytes(level + slope * (x - middle)));
    const low = Math.min(...ends);
    return { x, low, width: Math.max(...ends) - low };
  });
  const hidden = {
    silent: true,
    type: 'line',
    symbol: 'none',
    lineStyle: { color: PALETTE.p50, opacity: 0 },
    stack: 'band',
    stackStrategy: 'all',
    emphasis: { disabled: true },
  } as const;
  return [
    { ...hidden, data: edges.map(({ x, low }) => [x, low]) },
    {
      ...hidden,
      data: edges.map(({ x, width }) => [x, width]),
      areaStyle: { color: PALETTE.p50, opacity: 0.16 },
    },
  ];
}

/** Shown where nothing grew: they fill to their bound, or are empty after every cycle. */
const USUAL = ['hub.connections', 'hub.roomMembers', 'hub.messagesHistory', 'hub.closedRing'];
const COLOURS: readonly PaletteName[] = ['p99', 'p50', 'accent', 'p95'];
const LEGEND_OF_TWO_LINES = {
  left: 0,
  right: 0,
  top: 90,
  bottom: 0,
  outerBounds: { left: 6, right: 14, top: 62, bottom: 6 },
} as const;

function structuresOverCycles({ cycles, growth }: MemoryAnalysis): ChartDrawing | null {
  if (cycles.every(({ structures }) => structures === null)) return null;
  const grown = (growth ?? [])
    .filter(({ kind, excess }) => kind === 'structure' && excess > 0)
    .map(({ name }) => name);
  const names = [...new Set([...grown, ...USUAL])].slice(0, COLOURS.length);
  const what = grown.length === 0 ? 'none keeps growing' : `${grown.join(', ')} keeps growing`;
  return {
    name: 'structures-over-cycles',
    title: 'Entries left when everyone has gone',
    alt: `Entries of tracking structures after each cycle: ${what}.`,
    option: {
      legend: legend(),
      grid: LEGEND_OF_TWO_LINES,
      xAxis: cycleAxis(cycles),
      yAxis: yAxis('entries', { min: 0 }),
      series: names.map((name, index) =>
        line(
          name,
          cycles.map(({ structures }) => structures?.[name] ?? null),
          { colour: COLOURS[index] ?? 'floor' },
        ),
      ),
    },
  };
}

function classGrowth(growth: readonly Growth[] | null): ChartDrawing | null {
  const grown = (growth ?? []).filter(({ kind, excess }) => kind === 'class' && excess > 0);
  if (grown.length === 0) return null;
  const { minInterval: _, ...axis } = xAxis('');
  return {
    name: 'class-growth',
    title: 'Instances that stayed alive, by class',
    alt: `Instances more than at the baseline: ${grown.map(({ name, grown: by }) => `${name} ${formatCount(by)}`).join(', ')}.`,
    option: {
      xAxis: {
        ...axis,
        type: 'category',
        data: grown.map(({ name }) => name),
        axisLabel: { color: PALETTE.muted, fontSize: 12, interval: 0 },
        axisTick: { show: false },
      },
      // The title says what it counts; a name here would meet the labels of the bars.
      yAxis: yAxis('', { min: 0 }),
      series: [
        {
          type: 'bar',
          name: 'instances',
          data: grown.map(({ grown: by }) => by),
          silent: true,
          emphasis: { disabled: true },
          barMaxWidth: 44,
          itemStyle: { color: PALETTE.bar, borderRadius: [3, 3, 0, 0] },
          label: { show: true, position: 'top', color: PALETTE.ink, fontSize: 12 },
        },
      ],
    },
  };
}

/** Charts of what was fitted: memory over connections, capacity over connections. */

import type { ConcurrencyAnalysis, ScalabilityFit } from '../../analysis/concurrency/concurrency-analysis.ts';
import { capacityAt } from '../../analysis/concurrency/scalability-law.ts';
import { lineBandAt } from '../../analysis/least-squares.ts';
import type { LineFit } from '../../analysis/line-fit.ts';
import { formatBytes, formatCount } from '../../verdict/quantities.ts';
import type { ChartDrawing } from '../charts/chart.ts';
import { PALETTE, type PaletteName } from '../charts/palette.ts';
import { dots, legend, line, xAxis, yAxis } from '../charts/parts.ts';

const STEPS = 40;
const BYTES_PER_MB = 1e6;

/** Measured memory, the fitted line and its 95 % band; null where the target shows no memory. */
export function memoryOverConnections({ memory }: ConcurrencyAnalysis): ChartDrawing | null {
  const { rss, heapUsed } = memory;
  if (rss === null) return null;
  const megabytes = (value: number): string => `${formatCount(value)} MB`;
  return {
    name: 'memory',
    title: 'Server memory over connections',
    alt: `Server memory over connections with the fitted line: RSS grows by ${formatBytes(rss.slope)} a connection (95 % CI ${formatBytes(rss.slopeLow)} to ${formatBytes(rss.slopeHigh)}), V8 heap by ${formatBytes(heapUsed?.slope ?? null)}.`,
    option: {
      legend: { ...legend(), data: ['RSS', ...(heapUsed === null ? [] : ['V8 heap used'])] },
      xAxis: xAxis('connections'),
      yAxis: yAxis('memory', { formatter: megabytes, min: 0 }),
      series: [
        ...band(rss),
        ...fitted('RSS', rss, 'p50'),
        ...(heapUsed === null ? [] : fitted('V8 heap used', heapUsed, 'accent')),
      ],
    },
  };
}

function fitted(name: string, fit: LineFit, colour: PaletteName) {
  const xs = spread(fit);
  const ends = [xs[0] ?? 0, xs.at(-1) ?? 0];
  return [
    dots(
      name,
      fit.points.map(({ x, y }) => [x, y / BYTES_PER_MB]),
      { colour },
    ),
    line(
      `${name}, fitted`,
      ends.map((x) => [x, (fit.intercept + fit.slope * x) / BYTES_PER_MB]),
      { colour, points: false },
    ),
  ];
}

/** An invisible lower edge with the band stacked on it. */
function band(fit: LineFit) {
  const edges = spread(fit).flatMap((x) => {
    const half = lineBandAt(fit, x);
    const middle = fit.intercept + fit.slope * x;
    return half === null ? [] : [{ x, low: middle - half, width: 2 * half }];
  });
  const hidden = {
    silent: true,
    type: 'line',
    symbol: 'none',
    lineStyle: { color: PALETTE.p50, opacity: 0 },
    stack: 'band',
    emphasis: { disabled: true },
  } as const;
  return [
    { ...hidden, data: edges.map(({ x, low }) => [x, low / BYTES_PER_MB]) },
    {
      ...hidden,
      data: edges.map(({ x, width }) => [x, width / BYTES_PER_MB]),
      areaStyle: { color: PALETTE.p50, opacity: 0.16 },
    },
  ];
}

function spread(fit: LineFit): readonly number[] {
  const largest = Math.max(...fit.points.map((point) => point.x));
  return Array.from({ length: STEPS + 1 }, (_, step) => (largest * step) / STEPS);
}

/** Deliveries per second of server CPU, with the law where it could be fitted; null with fewer than two points. */
export function capacityOverConnections(fit: ScalabilityFit): ChartDrawing | null {
  const { points } = fit;
  if (points.length < 2) return null;
  const most = points.reduce((best, point) =>
    point.deliveriesPerCpuSecond > best.deliveriesPerCpuSecond ? point : best,
  );
  return {
    name: 'capacity',
    title: 'Capacity: deliveries per second of server CPU',
    alt: `Deliveries per second of server CPU over connections; the most is ${formatCount(most.deliveriesPerCpuSecond)} at ${formatCount(most.connections)} connections. ${fit.sentence}`,
    option: {
      legend: legend(),
      xAxis: xAxis('connections, logarithmic', { type: 'log' }),
      yAxis: yAxis('deliveries per CPU second', { min: 0 }),
      series: [
        dots(
          'measured',
          points.map((point) => [point.connections, point.deliveriesPerCpuSecond]),
          { colour: 'p50' },
        ),
        ...(fit.state === 'fitted'
          ? [line('Universal Scalability Law', curve(fit), { colour: 'p99', points: false, dashed: true })]
          : []),
      ],
    },
  };
}

function curve(fit: Extract<ScalabilityFit, { state: 'fitted' }>): readonly (readonly number[])[] {
  const connections = fit.points.map((point) => point.connections);
  const [low, high] = [Math.min(...connections), Math.max(...connections)];
  return Array.from({ length: STEPS + 1 }, (_, step) => {
    const at = low * (high / low) ** (step / STEPS);
    return [Math.round(at * 100) / 100, capacityAt(fit, at)];
  });
}

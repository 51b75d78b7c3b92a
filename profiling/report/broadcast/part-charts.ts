/** Charts of one step: latency by place in the room, and the comparison with slow readers. */

import {
  type SlowReaderAnalysis,
  type StepAnalysis,
  slowReaderLabel,
} from '../../analysis/broadcast/broadcast-analysis.ts';
import type { LatencyFigures } from '../../analysis/tier-analysis.ts';
import { formatCount, formatMs } from '../../verdict/quantities.ts';
import type { ChartDrawing } from '../charts/chart.ts';
import { bars, categoryAxis, legend, line, yAxis } from '../charts/parts.ts';

const msLabel = (ms: number): string => `${ms.toLocaleString('en-US')} ms`;

/** How long members wait by their place in the room. */
export function latencyByPosition({ fanOut, label }: StepAnalysis): ChartDrawing | null {
  if (fanOut === null || fanOut.positions.length < 2) return null;
  const { positions } = fanOut;
  const first = positions[0];
  const last = positions.at(-1);
  return {
    name: 'latency-by-position',
    title: `Is everybody served alike? Latency by place in the room, at ${label}`,
    alt: `p50 and p99 of deliveries by place in the room, in ${positions.length} groups in the order of joining. The first group has a p50 of ${formatMs(first?.p50Ms ?? null)}, the last one of ${formatMs(last?.p50Ms ?? null)}.`,
    option: {
      legend: legend(),
      xAxis: categoryAxis(
        'members, in the order they joined',
        positions.map(({ from, to }) => (from === to ? formatCount(from) : `${from}–${to}`)),
      ),
      yAxis: yAxis('latency', { formatter: msLabel, min: 0 }),
      series: [
        bars(
          'p50',
          positions.map(({ p50Ms }) => p50Ms),
        ),
        line(
          'p99',
          positions.map(({ p99Ms }) => p99Ms),
          { colour: 'p99' },
        ),
      ],
    },
  };
}

const PERCENTILES = [
  ['p50', 'p50Ms'],
  ['p95', 'p95Ms'],
  ['p99', 'p99Ms'],
  ['p99.9', 'p999Ms'],
] as const satisfies readonly (readonly [string, keyof LatencyFigures])[];

/** What everybody else waited, without and with slow readers. */
export function slowReaderComparison(
  without: SlowReaderAnalysis,
  withSlow: SlowReaderAnalysis,
): ChartDrawing {
  const at = ({ tier }: SlowReaderAnalysis) => PERCENTILES.map(([, figure]) => tier.delivery[figure]);
  return {
    name: 'slow-readers',
    title: 'The other members, without and with slow readers',
    alt: `Delivery percentiles of the other members without and with slow readers: p50 ${formatMs(without.tier.delivery.p50Ms)} and ${formatMs(withSlow.tier.delivery.p50Ms)}, p99 ${formatMs(without.tier.delivery.p99Ms)} and ${formatMs(withSlow.tier.delivery.p99Ms)}.`,
    option: {
      legend: legend(),
      xAxis: categoryAxis(
        'percentile of deliveries to the others',
        PERCENTILES.map(([name]) => name),
      ),
      yAxis: yAxis('latency', { formatter: msLabel, min: 0 }),
      series: [
        bars(slowReaderLabel(0), at(without)),
        bars(slowReaderLabel(withSlow.slowReaders), at(withSlow), { colour: 'p99' }),
      ],
    },
  };
}

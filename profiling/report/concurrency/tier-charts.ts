/** Charts over tiers: latency, connections, load of the server. */

import type { ConcurrencyAnalysis } from '../../analysis/concurrency/concurrency-analysis.ts';
import { formatCount, formatMs } from '../../verdict/quantities.ts';
import { type Limits, THRESHOLDS } from '../../verdict/thresholds.ts';
import type { ChartDrawing } from '../charts/chart.ts';
import { bars, dots, legend, limitLine, line, tierAxis, xAxis, yAxis } from '../charts/parts.ts';

/** A logarithmic axis has no zero: what is shorter than a microsecond is drawn as one. */
const SMALLEST_MS = 0.001;

const onLog = (ms: number | null): number | null => (ms === null ? null : Math.max(SMALLEST_MS, ms));
const msLabel = (ms: number): string => `${ms.toLocaleString('en-US')} ms`;

/** p50, p95 and p99 of deliveries by tier, with their limit and the rig's own floor. */
export function deliveryLatency({ tiers }: ConcurrencyAnalysis, limits: Limits): ChartDrawing {
  const floor = tiers.map((tier) => onLog(tier.floor?.p99Ms ?? null));
  const last = tiers.at(-1);
  const series = [
    line(
      'p50',
      tiers.map((tier) => onLog(tier.delivery.p50Ms)),
      { colour: 'p50' },
    ),
    line(
      'p95',
      tiers.map((tier) => onLog(tier.delivery.p95Ms)),
      { colour: 'p95' },
    ),
    {
      ...line(
        'p99',
        tiers.map((tier) => onLog(tier.delivery.p99Ms)),
        { colour: 'p99' },
      ),
      markLine: limitLine(limits.p99, `limit of p99: ${limits.p99} ms`),
    },
    ...(floor.some((ms) => ms !== null)
      ? [line("the rig's own p99", floor, { colour: 'floor', dashed: true, points: false })]
      : []),
  ];
  return {
    name: 'delivery-latency',
    title: 'Delivery latency by tier',
    alt: `Delivery latency over connections. At ${formatCount(last?.connections ?? null)} connections p50 is ${formatMs(last?.delivery.p50Ms ?? null)}, p95 ${formatMs(last?.delivery.p95Ms ?? null)}, p99 ${formatMs(last?.delivery.p99Ms ?? null)}; the limit of p99 is ${limits.p99} ms.`,
    option: {
      legend: legend(),
      xAxis: tierAxis(tiers.map((tier) => tier.connections)),
      // The limit must be in sight although no point reaches it.
      yAxis: yAxis('latency, logarithmic', {
        type: 'log',
        formatter: msLabel,
        max: latencyTop(tiers, limits),
      }),
      series,
    },
  };
}

/** The next power of ten above everything that is drawn. */
function latencyTop(tiers: ConcurrencyAnalysis['tiers'], limits: Limits): number {
  const highest = Math.max(limits.p99, ...tiers.map((tier) => tier.delivery.p99Ms ?? 0));
  return 10 ** Math.ceil(Math.log10(highest * 1.2));
}

/** Connections attempted and made, and how long that took. */
export function connectionsMade({ tiers }: ConcurrencyAnalysis): ChartDrawing {
  const last = tiers.at(-1);
  return {
    name: 'connections',
    title: 'Connections: attempted, made, and the time it took',
    alt: `Connections attempted and made in each tier, and the time to establish them. The largest tier made ${formatCount(last?.connected ?? null)} of ${formatCount(last?.attempted ?? null)} in ${formatMs(last?.establishMs ?? null)}.`,
    option: {
      legend: legend(),
      xAxis: tierAxis(tiers.map((tier) => tier.connections)),
      yAxis: [
        yAxis('connections, logarithmic', { type: 'log', min: 1 }),
        yAxis('time to establish, ms', { side: 'right', min: 0 }),
      ],
      series: [
        bars(
          'time to establish',
          tiers.map((tier) => tier.establishMs),
          { yAxisIndex: 1 },
        ),
        dots(
          'attempted',
          tiers.map((tier) => onCountLog(tier.attempted)),
          { colour: 'muted', hollow: true, size: 14 },
        ),
        dots(
          'made',
          tiers.map((tier) => onCountLog(tier.connected)),
          { colour: 'accent', size: 7 },
        ),
      ],
    },
  };
}

const onCountLog = (count: number): number | null => (count < 1 ? null : count);

/** Server CPU and loop delay by tier. */
export function serverLoad({ tiers }: ConcurrencyAnalysis): ChartDrawing {
  const last = tiers.at(-1);
  const cores = (value: number): string => value.toFixed(value < 0.1 && value > 0 ? 3 : 2);
  return {
    name: 'server-load',
    title: 'What the load costs the server: CPU and loop delay',
    alt: `Server CPU and event-loop delay over connections. At ${formatCount(last?.connections ?? null)} connections the server uses ${last?.server.cpuCores?.toFixed(2) ?? 'an unknown part'} of a core and its loop is ${formatMs(last?.server.window.loopDelayP99Ms ?? null)} late at p99.`,
    option: {
      legend: legend(),
      xAxis: tierAxis(tiers.map((tier) => tier.connections)),
      yAxis: [
        yAxis('CPU, cores', { formatter: cores, min: 0 }),
        yAxis('loop delay p99, ms', { side: 'right', min: 0 }),
      ],
      series: [
        bars(
          'CPU',
          tiers.map((tier) => tier.server.cpuCores),
        ),
        line(
          'loop delay p99',
          tiers.map((tier) => tier.server.window.loopDelayP99Ms),
          {
            colour: 'p99',
            yAxisIndex: 1,
          },
        ),
      ],
    },
  };
}

/** The latency of the largest tier that can be trusted, second by second. */
export function latencyOverTime(
  tier: ConcurrencyAnalysis['tiers'][number],
  seconds: readonly SecondOfTier[],
  limits: Limits,
): ChartDrawing {
  const at = (pick: (second: SecondOfTier) => number | null) =>
    seconds.map((second) => [second.elapsedMs / 1_000, onLog(pick(second))] as const);
  return {
    name: 'latency-over-time',
    title: `Latency second by second at ${formatCount(tier.connections)} connections`,
    alt: `p50, p99 and maximum of each second of the measured window at ${formatCount(tier.connections)} connections. ${THRESHOLDS.p99.title} over the window is ${formatMs(tier.delivery.p99Ms)}, the maximum ${formatMs(tier.delivery.maxMs)}.`,
    option: {
      legend: legend(),
      xAxis: xAxis('seconds into the measured window'),
      yAxis: yAxis('latency, logarithmic', { type: 'log', formatter: msLabel }),
      series: [
        line(
          'p50',
          at((second) => second.p50Ms),
          { colour: 'p50', points: false },
        ),
        {
          ...line(
            'p99',
            at((second) => second.p99Ms),
            { colour: 'p99', points: false },
          ),
          markLine: limitLine(limits.p99, `limit of p99: ${limits.p99} ms`),
        },
        line(
          'max',
          at((second) => second.maxMs),
          { colour: 'floor', points: false },
        ),
      ],
    },
  };
}

export interface SecondOfTier {
  readonly elapsedMs: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly maxMs: number | null;
}

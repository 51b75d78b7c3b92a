/** Charts over rates: latency, the shape of a fan-out, the load of the server. */

import { formatAskedRate, formatCount, formatMs, formatRate } from '../../verdict/quantities.ts';
import type { Limits } from '../../verdict/thresholds.ts';
import type { ChartDrawing } from '../charts/chart.ts';
import { bars, categoryAxis, legend, limitLine, line, placeLine, yAxis } from '../charts/parts.ts';
import { rateLabels, type ShownRate } from './rates.ts';

/** A logarithmic axis has no zero: what is shorter than a microsecond is drawn as one. */
const SMALLEST_MS = 0.001;
const AXIS = 'broadcasts per second';

const onLog = (ms: number | null): number | null => (ms === null ? null : Math.max(SMALLEST_MS, ms));
const msLabel = (ms: number): string => `${ms.toLocaleString('en-US')} ms`;

/** Percentiles of deliveries by rate, with their limits and the rate that is sustained. */
export function latencyOverRate(
  rates: readonly ShownRate[],
  limits: Limits,
  sustained: number | null,
): ChartDrawing {
  const delivery = rates.map(({ step }) => step.tier.delivery);
  const highest = Math.max(limits.p99, ...delivery.map(({ p99Ms }) => p99Ms ?? 0));
  const place = rates.findIndex(({ step }) => step.rate === sustained);
  const last = rates.at(-1)?.step;
  return {
    name: 'latency-over-rate',
    title: 'Delivery latency by rate',
    alt: `Delivery latency over broadcasts per second, with the limits of p50 (${limits.p50} ms) and p99 (${limits.p99} ms). At ${formatAskedRate(last?.rate ?? 0)}/s p50 is ${formatMs(last?.tier.delivery.p50Ms ?? null)} and p99 ${formatMs(last?.tier.delivery.p99Ms ?? null)}. ${sustained === null ? 'No rate is known to be sustained' : `${formatAskedRate(sustained)}/s are sustained`}.`,
    option: {
      legend: legend(),
      xAxis: categoryAxis(AXIS, rateLabels(rates)),
      yAxis: yAxis('latency, logarithmic', {
        type: 'log',
        formatter: msLabel,
        // The limits must be in sight although no point reaches them.
        max: 10 ** Math.ceil(Math.log10(highest * 1.2)),
      }),
      series: [
        {
          ...line(
            'p50',
            delivery.map(({ p50Ms }) => onLog(p50Ms)),
            { colour: 'p50' },
          ),
          markLine: limitLine(limits.p50, `limit of p50: ${limits.p50} ms`, 'p50'),
        },
        {
          ...line(
            'p95',
            delivery.map(({ p95Ms }) => onLog(p95Ms)),
            { colour: 'p95' },
          ),
          ...(place === -1 ? {} : { markLine: placeLine(place, 'sustained') }),
        },
        {
          ...line(
            'p99',
            delivery.map(({ p99Ms }) => onLog(p99Ms)),
            { colour: 'p99' },
          ),
          markLine: limitLine(limits.p99, `limit of p99: ${limits.p99} ms`),
        },
      ],
    },
  };
}

/** When the first, the median and the last member have a broadcast, by rate. */
export function fanOutOverRate(rates: readonly ShownRate[]): ChartDrawing | null {
  const shaped = rates.filter(({ step }) => step.fanOut !== null);
  const [first] = shaped;
  if (first === undefined) return null;
  const at = (moment: 'first' | 'median' | 'last') =>
    shaped.map(({ step }) => onLog(step.fanOut?.[moment].p50Ms ?? null));
  const tail = shaped.map(({ step }) => onLog(step.fanOut?.last.p95Ms ?? null));
  const shape = shaped.at(-1)?.step.fanOut;
  return {
    name: 'fan-out-over-rate',
    title: 'One broadcast: first, median and last member',
    alt: `Typical time from the intended send to the first, the median and the last of ${formatCount(shape?.members ?? null)} members by rate. At the highest rate the first has it after ${formatMs(shape?.first.p50Ms ?? null)}, the last after ${formatMs(shape?.last.p50Ms ?? null)}.`,
    option: {
      legend: legend(),
      xAxis: categoryAxis(AXIS, rateLabels(shaped)),
      yAxis: yAxis('time since the intended send, logarithmic', { type: 'log', formatter: msLabel }),
      series: [
        line('first', at('first'), { colour: 'accent' }),
        line('median', at('median'), { colour: 'p50' }),
        line('last', at('last'), { colour: 'p99' }),
        ...(tail.some((ms) => ms !== null) ? [line('last, p95', tail, { colour: 'p99', dashed: true })] : []),
      ],
    },
  };
}

/** Server CPU and deliveries by rate. */
export function serverOverRate(rates: readonly ShownRate[]): ChartDrawing {
  const last = rates.at(-1)?.step;
  return {
    name: 'server-over-rate',
    title: 'What it costs the server: CPU and deliveries',
    alt: `Server CPU and deliveries per second by rate. At ${formatAskedRate(last?.rate ?? 0)}/s the server uses ${last?.tier.server.cpuCores?.toFixed(2) ?? 'an unknown part'} of a core for ${formatRate(last?.tier.deliveries.achievedPerSecond ?? null)} deliveries.`,
    option: {
      legend: legend(),
      xAxis: categoryAxis(AXIS, rateLabels(rates)),
      yAxis: [
        yAxis('CPU, cores', { formatter: (cores) => cores.toFixed(2), min: 0 }),
        yAxis('deliveries per second', { side: 'right', min: 0 }),
      ],
      series: [
        bars(
          'CPU',
          rates.map(({ step }) => step.tier.server.cpuCores),
        ),
        line(
          'deliveries per second',
          rates.map(({ step }) => step.tier.deliveries.achievedPerSecond),
          {
            colour: 'accent',
            yAxisIndex: 1,
          },
        ),
      ],
    },
  };
}

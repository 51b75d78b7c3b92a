/** Charts: rates and latencies by endpoint, and each endpoint's rate over time. */

import type { EndpointAnalysis, HttpAnalysis } from '../../analysis/http/http-analysis.ts';
import { formatMs, formatRate } from '../../verdict/quantities.ts';
import { type Chart, type ChartDrawing, drawChart } from '../charts/chart.ts';
import { bars, categoryAxis, dots, legend, yAxis } from '../charts/parts.ts';

/** A logarithmic axis has no zero: what is shorter than a microsecond is drawn as one. */
const SMALLEST_MS = 0.001;
/** Longer names would lie over each other. */
const LONGEST_NAME = 12;

/** None where nothing was answered. */
export function httpCharts({ endpoints }: HttpAnalysis): readonly Chart[] {
  const answered = endpoints.filter(({ latency }) => latency.n > 0);
  return answered.length === 0 ? [] : [ratesChart(answered), latencyChart(answered)].map(drawChart);
}

function namesOf(endpoints: readonly EndpointAnalysis[]): readonly string[] {
  return endpoints.map(({ name }, index) =>
    name.length <= LONGEST_NAME ? name : `${index + 1} ${name.slice(0, LONGEST_NAME - 3)}…`,
  );
}

function ratesChart(endpoints: readonly EndpointAnalysis[]): ChartDrawing {
  const said = endpoints.map(({ name, requestsPerSecond }) => `${name} ${formatRate(requestsPerSecond)}`);
  return {
    name: 'requests',
    title: 'Requests a second (closed load), and the server’s CPU time for 1,000 of them',
    alt: `Requests a second by endpoint: ${said.join(', ')}.`,
    option: {
      legend: legend(),
      xAxis: categoryAxis('endpoint', namesOf(endpoints)),
      yAxis: [yAxis('requests/s', { min: 0 }), yAxis('CPU ms for 1,000', { side: 'right', min: 0 })],
      series: [
        bars(
          'requests/s',
          endpoints.map(({ requestsPerSecond }) => requestsPerSecond),
        ),
        {
          ...dots(
            'CPU for 1,000 requests',
            endpoints.map(({ cpuMsPerThousand }) => cpuMsPerThousand),
            { colour: 'p99' },
          ),
          yAxisIndex: 1,
        },
      ],
    },
  };
}

function latencyChart(endpoints: readonly EndpointAnalysis[]): ChartDrawing {
  const said = endpoints.map(
    ({ name, latency }) => `${name} p50 ${formatMs(latency.p50Ms)}, p99 ${formatMs(latency.p99Ms)}`,
  );
  const onLog = (ms: number | null): number | null => (ms === null ? null : Math.max(SMALLEST_MS, ms));
  const of = (
    name: string,
    colour: 'p50' | 'p95' | 'p99' | 'floor',
    figure: 'p50Ms' | 'p95Ms' | 'p99Ms' | 'maxMs',
  ) =>
    dots(
      name,
      endpoints.map(({ latency }) => onLog(latency[figure])),
      { colour, size: 10, hollow: figure === 'maxMs' },
    );
  return {
    name: 'latency',
    title: 'Time to the answer (closed load)',
    alt: `Time to the answer by endpoint: ${said.join('; ')}.`,
    option: {
      legend: legend(),
      xAxis: categoryAxis('endpoint', namesOf(endpoints)),
      yAxis: yAxis('time, logarithmic', {
        type: 'log',
        formatter: (ms) => `${ms.toLocaleString('en-US')} ms`,
      }),
      series: [
        of('p50', 'p50', 'p50Ms'),
        of('p95', 'p95', 'p95Ms'),
        of('p99', 'p99', 'p99Ms'),
        of('longest', 'floor', 'maxMs'),
      ],
    },
  };
}

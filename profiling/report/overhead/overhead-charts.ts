/** Charts: every round, and the mean of each way to run the server with its interval. */

import type { ArmName } from '../../record/overhead-record.ts';
import { BARE, JUDGED } from '../../verdict/overhead/comparisons.ts';
import type { ArmComparison, OverheadVerdict } from '../../verdict/overhead/overhead-verdict.ts';
import { formatMs, formatPercent } from '../../verdict/quantities.ts';
import type { Limits } from '../../verdict/thresholds.ts';
import { type Chart, type ChartDrawing, drawChart } from '../charts/chart.ts';
import type { PaletteName } from '../charts/palette.ts';
import { categoryAxis, dots, legend, limitLine, line, xAxis, yAxis } from '../charts/parts.ts';

const COLOURS: Readonly<Record<ArmName, PaletteName>> = {
  off: 'floor',
  metrics: 'p50',
  twin: 'floor',
  'debug-log': 'p95',
  'cpu-profile': 'p99',
};

const RATIO_AXIS = 'throughput for CPU time, % of what it is compared with';
const percentOf = (ratio: number): number => Math.round(ratio * 10_000) / 100;

/** None where nothing was compared. */
export function overheadCharts({ comparisons }: OverheadVerdict, limits: Limits): readonly Chart[] {
  const compared = comparisons.filter(({ rounds }) => rounds.length >= 2);
  if (compared.length === 0) return [];
  return [meansChart(compared, limits), roundsChart(compared, limits), ...latencyChart(compared)].map(
    drawChart,
  );
}

function meansChart(comparisons: readonly ArmComparison[], limits: Limits): ChartDrawing {
  const said = comparisons.map(
    ({ arm, cost }) =>
      `${arm} costs ${formatPercent(cost?.mean ?? null)} (95 % CI ${formatPercent(cost?.low ?? null)} to ${formatPercent(cost?.high ?? null)})`,
  );
  return {
    name: 'cost',
    title: 'What is left of the throughput, with 95 % intervals',
    alt: `Throughput for CPU time beside what each is compared with: ${said.join(', ')}.`,
    option: {
      xAxis: categoryAxis(
        'server',
        comparisons.map(({ arm }) => arm),
      ),
      yAxis: yAxis(RATIO_AXIS, { ...ratioBounds(comparisons, limits) }),
      series: comparisons.flatMap((comparison, index) => interval(comparison, index === 0 ? limits : null)),
    },
  };
}

/** Its mean as a point, its interval as an upright line. */
function interval({ arm, estimate }: ArmComparison, limits: Limits | null) {
  if (estimate === null) return [];
  const colour = COLOURS[arm];
  const ends = [estimate.low, estimate.high].map((ratio) => [arm, percentOf(ratio)]);
  return [
    {
      ...line(`${arm}, interval`, [], { colour, points: false }),
      data: ends,
      ...(limits === null ? {} : { markLine: limitMark(limits) }),
    },
    { ...dots(arm, [], { colour, size: 11 }), data: [[arm, percentOf(estimate.ratio)]] },
  ];
}

function roundsChart(comparisons: readonly ArmComparison[], limits: Limits): ChartDrawing {
  const rounds = Math.max(
    ...comparisons.flatMap((comparison) => comparison.rounds.map(({ round }) => round)),
  );
  return {
    name: 'rounds',
    title: 'Every round',
    alt: `Throughput for CPU time in each of ${rounds} rounds, beside what each is compared with in the same round.`,
    option: {
      legend: legend(),
      xAxis: xAxis('round', { min: 1, max: rounds }),
      yAxis: yAxis(RATIO_AXIS, { ...roundBounds(comparisons, limits) }),
      series: comparisons.map((comparison, index) => ({
        ...line(
          comparison.arm,
          comparison.rounds.map(({ round, ratio }) => [round, percentOf(ratio)]),
          { colour: COLOURS[comparison.arm] },
        ),
        ...(index === 0 ? { markLine: limitMark(limits) } : {}),
      })),
    },
  };
}

/** Of the two that are judged; none where a line would be a point. */
function latencyChart(comparisons: readonly ArmComparison[]): readonly ChartDrawing[] {
  const judged = comparisons.find(({ arm }) => arm === JUDGED);
  const rounds = judged?.latency.p99.rounds ?? [];
  const difference = judged?.latency.p99.difference ?? null;
  if (difference === null) return [];
  return [
    {
      name: 'latency',
      title: 'p99 of deliveries in every round',
      alt: `p99 delivery latency in each of ${rounds.length} rounds with and without metrics, which add ${formatMs(difference.mean)} (95 % CI ${formatMs(difference.low)} to ${formatMs(difference.high)}).`,
      option: {
        legend: legend(),
        xAxis: xAxis('round', { min: rounds[0]?.round ?? 1, max: rounds.at(-1)?.round ?? 1 }),
        yAxis: yAxis('p99 delivery latency, ms', { min: 0 }),
        series: [
          line(
            BARE,
            rounds.map(({ round, otherMs }) => [round, otherMs]),
            { colour: COLOURS[BARE] },
          ),
          line(
            JUDGED,
            rounds.map(({ round, ownMs }) => [round, ownMs]),
            { colour: COLOURS[JUDGED] },
          ),
        ],
      },
    },
  ];
}

function limitMark(limits: Limits) {
  const limit = limits['instrumentation-cost'];
  return limitLine(percentOf(1 - limit), `limit ${percentOf(1 - limit)} %`);
}

function ratioBounds(comparisons: readonly ArmComparison[], limits: Limits) {
  return boundsOf(
    comparisons.flatMap(({ estimate }) => (estimate === null ? [] : [estimate.low, estimate.high])),
    limits,
  );
}

function roundBounds(comparisons: readonly ArmComparison[], limits: Limits) {
  return boundsOf(
    comparisons.flatMap(({ rounds }) => rounds.map(({ ratio }) => ratio)),
    limits,
  );
}

/** Whole steps of 2 % around everything, 100 % and the limit among it. */
function boundsOf(ratios: readonly number[], limits: Limits) {
  const all = [...ratios, 1, 1 - limits['instrumentation-cost']].map(percentOf);
  return { min: Math.floor(Math.min(...all) / 2) * 2, max: Math.ceil(Math.max(...all) / 2) * 2 };
}

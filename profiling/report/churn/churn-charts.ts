/** The charts of one churn run, in the order of the report. */

import type { ChurnAnalysis, CurvePoint, StormFigures, Visits } from '../../analysis/churn/churn-analysis.ts';
import type { ChurnSample } from '../../record/churn-record.ts';
import { formatCount, formatMs, formatPercent, formatRate } from '../../verdict/quantities.ts';
import { type Chart, type ChartDrawing, drawChart } from '../charts/chart.ts';
import { legend, line, xAxis, yAxis } from '../charts/parts.ts';

/** A line needs two points. */
const MIN_POINTS = 2;
/** A logarithmic axis has no zero. */
const SMALLEST_MS = 0.1;

/** Draws every chart that the data allow. */
export function drawCharts(analysis: ChurnAnalysis): readonly Chart[] {
  const { visits, storm, samples } = analysis;
  const drawings: readonly (ChartDrawing | null)[] = [
    visits === null ? null : openOverTime(visits),
    heldOverTime(samples),
    visits === null ? null : handshakes(visits, storm),
    storm === null ? null : recovery(storm),
  ];
  return drawings.filter((drawing) => drawing !== null).map(drawChart);
}

/** Connections open, accepted and failed, second by second. */
function openOverTime({ seconds, mostOpen, accepted }: Visits): ChartDrawing | null {
  if (seconds.length < MIN_POINTS) return null;
  const at = (pick: (second: Visits['seconds'][number]) => number) =>
    seconds.map((second) => [second.elapsedMs / 1_000, pick(second)] as const);
  const failed = seconds.reduce((total, second) => total + second.failed, 0);
  return {
    name: 'open-over-time',
    title: 'Who is there: connections open and accepted each second',
    alt: `Open connections and connections accepted in each second of the churn. At most ${formatCount(mostOpen)} were open; ${formatRate(accepted.achievedPerSecond)} were accepted of ${formatRate(accepted.requestedPerSecond)} asked for, and ${formatCount(failed)} failed.`,
    option: {
      legend: legend(),
      xAxis: xAxis('seconds since the churn began'),
      yAxis: yAxis('connections', { min: 0 }),
      series: [
        line(
          'open',
          at((second) => second.open),
          { colour: 'p50', points: false },
        ),
        line(
          'accepted in the second',
          at((second) => second.accepted),
          { colour: 'accent', points: false },
        ),
        ...(failed === 0
          ? []
          : [
              line(
                'failed',
                at((second) => second.failed),
                { colour: 'limit', points: false },
              ),
            ]),
      ],
    },
  };
}

/** Descriptors of the server and sockets in TIME_WAIT, over churn and storm. */
function heldOverTime(samples: readonly ChurnSample[]): ChartDrawing | null {
  const at = (pick: (sample: ChurnSample) => number | null) =>
    samples.map((sample) => [sample.elapsedMs / 1_000, pick(sample)] as const);
  const fds = samples.flatMap(({ openFds }) => (openFds === null ? [] : [openFds]));
  // Long lists of sockets are read seldom: the line goes on from one reading to the next.
  const waits = samples.flatMap(({ elapsedMs, sockets }) =>
    sockets === null ? [] : [{ seconds: elapsedMs / 1_000, sockets }],
  );
  const server = waits.map(({ sockets }) => sockets.serverTimeWait);
  const client = waits.map(({ sockets }) => sockets.clientTimeWait);
  if (fds.length < MIN_POINTS && waits.length < MIN_POINTS) return null;
  const waiting =
    waits.length < MIN_POINTS
      ? []
      : [
          line(
            "TIME_WAIT, server's end",
            waits.map(({ seconds, sockets }) => [seconds, sockets.serverTimeWait]),
            { colour: 'p99', points: false },
          ),
          line(
            "TIME_WAIT, clients' end",
            waits.map(({ seconds, sockets }) => [seconds, sockets.clientTimeWait]),
            { colour: 'p95', points: false },
          ),
        ];
  return {
    name: 'held-over-time',
    title: 'What they hold: file descriptors and TIME_WAIT, churn and storm',
    alt: `File descriptors of the server, at most ${formatCount(Math.max(0, ...fds))}, and sockets in TIME_WAIT, at most ${formatCount(Math.max(0, ...server))} at the server's end and ${formatCount(Math.max(0, ...client))} at the clients'.`,
    option: {
      legend: legend(),
      xAxis: xAxis('seconds since the churn began'),
      yAxis: yAxis('count', { min: 0 }),
      series: [
        ...(fds.length < MIN_POINTS
          ? []
          : [
              line(
                'file descriptors',
                at(({ openFds }) => openFds),
                { colour: 'p50', points: false },
              ),
            ]),
        ...waiting,
      ],
    },
  };
}

/** How many clients had their welcome by when: while they trickle, and while they storm. */
function handshakes({ handshake, handshakeCurve }: Visits, storm: StormFigures | null): ChartDrawing | null {
  if (handshakeCurve.length < MIN_POINTS) return null;
  const inStorm = storm === null || storm.handshakeCurve.length < MIN_POINTS ? null : storm;
  return {
    name: 'handshakes',
    title: 'Handshakes: share of clients that had their welcome by then',
    alt: `Distribution of handshake latency. In the churn p50 is ${formatMs(handshake.p50Ms)} and the maximum ${formatMs(handshake.maxMs)}${inStorm === null ? '' : `; in the storm p50 is ${formatMs(inStorm.handshake.p50Ms)} and the maximum ${formatMs(inStorm.handshake.maxMs)}`}.`,
    option: {
      legend: legend(),
      xAxis: xAxis('ms after opening the socket, logarithmic', { type: 'log', formatter: msLabel }),
      yAxis: { ...yAxis('clients', { min: 0, max: 1, formatter: formatPercent }), interval: 0.25 },
      series: [
        line('churn', pointsOf(handshakeCurve), { colour: 'p50', points: false }),
        ...(inStorm === null
          ? []
          : [line('storm', pointsOf(inStorm.handshakeCurve), { colour: 'p99', points: false })]),
      ],
    },
  };
}

/** Who is a member again by when. */
function recovery({ returnCurve, clients, returned, recoveryMs }: StormFigures): ChartDrawing | null {
  if (returnCurve.length < MIN_POINTS) return null;
  return {
    name: 'recovery',
    title: `Recovery of the storm: members again, of ${formatCount(clients)}`,
    alt: `Clients that were members again by the time since their attempt: ${formatCount(returned)} of ${formatCount(clients)} after ${formatMs(recoveryMs)}.`,
    option: {
      legend: { show: false },
      xAxis: xAxis('ms since the attempt to come back', { min: 0 }),
      yAxis: yAxis('clients', { min: 0 }),
      series: [
        line(
          'members again',
          returnCurve.map(({ ratio, ms }) => [ms, ratio * clients]),
          { colour: 'accent', points: false },
        ),
      ],
    },
  };
}

const msLabel = (ms: number): string => `${ms.toLocaleString('en-US')} ms`;

function pointsOf(curve: readonly CurvePoint[]): readonly (readonly [number, number])[] {
  return curve.map(({ ratio, ms }) => [Math.max(SMALLEST_MS, ms), ratio]);
}

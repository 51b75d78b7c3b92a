/** The summary for people: the verdict first, then what was counted, then each limit. */

import { METRICS } from './metric-names.ts';
import type { FailureName } from './reasons.ts';
import type { K6Summary, SummaryLimit } from './summary.ts';
import { isLate, lagOf, verdictOf } from './verdict.ts';

/** Wide enough for each label and a space. */
const LABEL_WIDTH = 14;
const PERCENTILES = ['p(50)', 'p(95)', 'p(99)', 'max'];

export function formatSummary(summary: K6Summary): string {
  const { script, load, durationSeconds, limits } = summary;
  return [
    '',
    `${script}: ${verdictText(summary)} (${load} for ${durationSeconds} s)`,
    ...shortfallsOf(summary).map((text) => `  ${text}`),
    ...rowsOf(summary),
    ...limits.map((limit) => limitLine(limit, summary)),
    '',
  ].join('\n');
}

function verdictText(summary: K6Summary): string {
  const { limits } = summary;
  const broken = limits.filter(({ held }) => !held).length;
  switch (verdictOf(summary)) {
    case 'pass':
      return `held all ${limits.length} limits`;
    case 'fail':
      return `broke ${broken} of ${limits.length} limits`;
    case 'inconclusive':
      return summary.unfinished > 0
        ? 'inconclusive: it was cut short'
        : 'inconclusive: k6 itself did not keep up, so this says neither that the server holds nor that it does not';
  }
}

/** What the figures are short of, in sentences. */
export function shortfallsOf(
  summary: Pick<K6Summary, 'droppedIterations' | 'unfinished' | 'latencyMs'>,
): readonly string[] {
  const { droppedIterations, unfinished } = summary;
  const dropped = `k6 could not begin ${whole(droppedIterations)} iterations in time: the load was less than asked for`;
  const cutShort = `${whole(unfinished)} clients were cut short: what they were owed is not counted`;
  const late = `k6 itself was late: ${short(lagOf(summary))} ms (p99) after its schedule, for want of CPU, which is in the latencies; counts are exact all the same`;
  const all = [droppedIterations > 0 && dropped, unfinished > 0 && cutShort, isLate(summary) && late];
  const said = all.filter((text) => text !== false);
  return droppedIterations > 0 || isLate(summary) ? [...said, WAY_OUT] : said;
}

const WAY_OUT = 'ask for less (--vus, --rate), or run k6 on another machine than the server (--url)';

type Row = readonly [applies: boolean, label: string, text: string];

function rowsOf(summary: K6Summary): readonly string[] {
  const { counts, timed, latencyMs } = summary;
  const { connectsAttempted = 0, connectFailures = 0, broadcastsSent = 0, broadcastsAccepted = 0 } = counts;
  const { httpRequests = 0, bytesReceived = 0, bytesSent = 0 } = counts;
  const isConnecting = connectsAttempted > 0;
  const connected = `${whole(connectsAttempted - connectFailures)} of ${whole(connectsAttempted)}`;
  const published = `${whole(broadcastsAccepted)} accepted of ${whole(broadcastsSent)}`;
  const rows: readonly Row[] = [
    [isConnecting, 'connected', connected],
    [broadcastsSent > 0, 'broadcasts', `${published} (${rate(broadcastsSent, summary)})`],
    [isConnecting, 'deliveries', deliveriesText(summary)],
    [timed > 0, 'latency', `${trendText(latencyMs['delivery'])} (${timedText(summary)})`],
    trendRow('connecting', latencyMs['connect']),
    trendRow('ping', latencyMs['ping']),
    [httpRequests > 0, 'requests', `${whole(httpRequests)}, ${trendText(latencyMs['http'])}`],
    trendRow('k6 late by', latencyMs['scheduleLag']),
    [bytesReceived > 0, 'traffic', `${megabytes(bytesReceived)} received, ${megabytes(bytesSent)} sent`],
    ...reasonRows(summary),
  ];
  return rows.filter(([applies]) => applies).map(([, label, text]) => summaryLine(label, text));
}

/** One line of figures. */
export function summaryLine(label: string, text: string): string {
  return `  ${label.padEnd(LABEL_WIDTH)} ${text}`;
}

function trendRow(label: string, values: Trend = {}): Row {
  return [(values['count'] ?? 0) > 0, label, trendText(values)];
}

function deliveriesText(summary: K6Summary): string {
  const { counts, amiss } = summary;
  const { deliveries = 0, deliveriesExpected = 0, resumedMessages = 0, broadcastsSent = 0 } = counts;
  const kinds = Object.entries(amiss).filter(([kind, count]) => count > 0 || kind === 'lost');
  return [
    // Ticks come at a rate of the server's, also while readers join and leave.
    `${whole(deliveries)}${broadcastsSent > 0 ? ` (${rate(deliveries, summary)})` : ''}; ${whole(deliveriesExpected)} were owed`,
    ...(resumedMessages === 0 ? [] : [`${whole(resumedMessages)} came by resuming`]),
    ...kinds.map(([kind, count]) => `${count === 0 ? 'none' : whole(count)} ${kind.replaceAll('_', ' ')}`),
  ].join(', ');
}

function timedText({ timed, timedOneIn }: K6Summary): string {
  return `${timedOneIn === 1 ? 'each' : `one in ${whole(timedOneIn)}`} timed, ${whole(timed)} in all`;
}

const FAILED: Readonly<Record<FailureName, string>> = {
  connectFailures: 'not connected',
  disconnects: 'ended early',
  publishFailures: 'not published',
  errors: 'errors',
  httpAnswers: 'HTTP answers',
};
const UNAUTHORIZED = '401';

function reasonRows({ script, reasons }: K6Summary): readonly Row[] {
  // Publishing is among the requests of http, and most of those of the others.
  const twice: FailureName = script === 'http' ? 'publishFailures' : 'httpAnswers';
  const names = (Object.keys(FAILED) as FailureName[]).filter((name) => name !== twice);
  return names.map((name) => {
    const texts = reasons[name].map(([reason, count]) => {
      const hint = reason === UNAUTHORIZED ? ' (the server wants a token: API_TOKEN)' : '';
      return `${whole(count)} × ${reason}${hint}`;
    });
    return [texts.length > 0, FAILED[name], texts.join(', ')];
  });
}

type Trend = Readonly<Record<string, number>>;

function trendText(values: Trend = {}): string {
  return PERCENTILES.map((key) => `${key.replace(/[()]/g, '')} ${short(values[key] ?? 0)} ms`).join(', ');
}

function limitLine({ metric, expression, observed, held }: SummaryLimit, summary: K6Summary): string {
  const name = metric.replace('touchline_profile_', '');
  const isK6Late = metric === METRICS.deliveryLatency && isLate(summary);
  const how = held ? 'ok  ' : isK6Late ? 'late' : 'FAIL';
  return `  ${how} ${name}: ${expression}, was ${short(observed)}`;
}

function rate(count: number, { loadSeconds }: K6Summary): string {
  return `${whole(count / loadSeconds)}/s`;
}

function megabytes(bytes: number): string {
  return `${short(bytes / 1e6)} MB`;
}

/** A count with its thousands parted. */
export function whole(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Three digits say enough. */
export function short(value: number): string {
  return Number.isInteger(value) ? whole(value) : String(Number(value.toPrecision(3)));
}

import { describe, expect, it } from 'vitest';
import { summaryOf } from './handle-summary.ts';
import { METRICS } from './metric-names.ts';
import { ALWAYS } from './reasons.ts';
import { K6_SCRIPTS } from './script-catalogue.ts';
import { readSettings } from './settings.ts';
import { type SummaryMetric, summarise } from './summary.ts';
import { formatSummary, shortfallsOf } from './summary-text.ts';

const counter = (count: number, ok?: boolean): SummaryMetric => ({
  type: 'counter',
  values: { count },
  ...(ok === undefined ? {} : { thresholds: { 'count==0': { ok } } }),
});
const reason = (count: number): SummaryMetric => ({
  type: 'counter',
  values: { count },
  thresholds: { [ALWAYS]: { ok: true } },
});
const trend = (values: Readonly<Record<string, number>>): SummaryMetric => ({ type: 'trend', values });

function inputOf(metrics: Readonly<Record<string, SummaryMetric>>, summaryFile = '') {
  const settings = readSettings({ SUMMARY_FILE: summaryFile }, K6_SCRIPTS.broadcast);
  return {
    script: 'broadcast',
    load: '100 clients, 100 broadcasts/s',
    timedOneIn: 3,
    settings,
    data: { metrics, state: { testRunDurationMs: 31_000 } },
  };
}

const LATENCY: SummaryMetric = {
  type: 'trend',
  values: { count: 99_000, 'p(50)': 1.234, 'p(95)': 4, 'p(99)': 51.26, max: 80 },
  thresholds: { 'p(99)<50': { ok: false } },
};
const PING = { count: 900, 'p(50)': 0.2, 'p(95)': 0.4, 'p(99)': 0.5, max: 2 };
const METRICS_OF_A_RUN = {
  [METRICS.connectsAttempted]: counter(100),
  [METRICS.connectionsEnded]: counter(100),
  [METRICS.connectFailures]: counter(0, true),
  [METRICS.broadcastsSent]: counter(3_000),
  [METRICS.broadcastsAccepted]: counter(2_997),
  [METRICS.deliveries]: counter(297_000),
  [METRICS.deliveriesExpected]: counter(300_000),
  [`${METRICS.deliveriesAmiss}{kind:lost}`]: counter(3_000, false),
  [METRICS.deliveryLatency]: LATENCY,
  [`${METRICS.publishFailures}{reason:401}`]: reason(3),
  ws_ping: trend(PING),
  data_received: counter(93_210_000),
  data_sent: counter(1_200_000),
};

describe('the summary of a k6 test', () => {
  it('says the verdict first, then figures, then limits, broken ones first', () => {
    const text = formatSummary(summarise(inputOf(METRICS_OF_A_RUN)));
    expect(text.split('\n')).toEqual([
      '',
      'broadcast: broke 2 of 3 limits (100 clients, 100 broadcasts/s for 30 s)',
      '  connected      100 of 100',
      '  broadcasts     2,997 accepted of 3,000 (100/s)',
      '  deliveries     297,000 (9,900/s); 300,000 were owed, 3,000 lost',
      '  latency        p50 1.23 ms, p95 4 ms, p99 51.3 ms, max 80 ms (one in 3 timed, 99,000 in all)',
      '  ping           p50 0.2 ms, p95 0.4 ms, p99 0.5 ms, max 2 ms',
      '  traffic        93.2 MB received, 1.2 MB sent',
      '  not published  3 × 401 (the server wants a token: API_TOKEN)',
      '  FAIL deliveries_amiss{kind:lost}: count==0, was 3,000',
      '  FAIL delivery_latency: p(99)<50, was 51.3',
      '  ok   connect_failures: count==0, was 0',
      '',
    ]);
  });

  it('goes to a file as JSON where one is asked for', () => {
    expect(Object.keys(summaryOf(inputOf(METRICS_OF_A_RUN)))).toEqual(['stdout']);
    const { 'out.json': json = '' } = summaryOf(inputOf(METRICS_OF_A_RUN, 'out.json'));
    expect(JSON.parse(json)).toMatchObject({
      schema: 'touchline-k6-summary',
      held: false,
      amiss: { lost: 3_000, duplicated: 0 },
      counts: { deliveries: 297_000 },
      reasons: { publishFailures: [['401', 3]] },
      timed: 99_000,
    });
  });

  it('says what keeps it from being the load that was asked for, and what to do', () => {
    const summary = summarise(
      inputOf({
        [METRICS.connectsAttempted]: counter(5),
        dropped_iterations: counter(7),
        [METRICS.scheduleLag]: trend({ 'p(99)': 45.6 }),
      }),
    );
    expect(shortfallsOf(summary)).toEqual([
      'k6 could not begin 7 iterations in time: the load was less than asked for',
      '5 clients were cut short: what they were owed is not counted',
      'k6 itself was late: 45.6 ms (p99) after its schedule, for want of CPU, which is in the latencies; counts are exact all the same',
      'ask for less (--vus, --rate), or run k6 on another machine than the server (--url)',
    ]);
    expect(formatSummary(summary)).toContain('  k6 could not begin 7 iterations');
    expect(summary.held).toBe(true);
  });

  it('counts rates over the time that there was, where it was cut short', () => {
    const input = inputOf({ ...METRICS_OF_A_RUN, [METRICS.connectionsEnded]: counter(90) });
    const held = { ...input.data.metrics };
    delete held[METRICS.deliveryLatency];
    delete held[`${METRICS.deliveriesAmiss}{kind:lost}`];
    const text = formatSummary(
      summarise({ ...input, data: { metrics: held, state: { testRunDurationMs: 10_000 } } }),
    );
    expect(text).toContain('broadcast: inconclusive: it was cut short');
    expect(text).toContain('accepted of 3,000 (300/s)');
  });

  it('does not call a latency broken that may be k6’s own', () => {
    const lag = trend({ 'p(99)': 45.6 });
    const late = { [METRICS.deliveryLatency]: LATENCY, [METRICS.scheduleLag]: lag };
    const text = formatSummary(summarise(inputOf(late)));
    expect(text).toContain('broadcast: inconclusive: k6 itself did not keep up');
    expect(text).toContain('  late delivery_latency: p(99)<50, was 51.3');
    expect(text).not.toContain('FAIL');
    // What is lost is lost, however late k6 was.
    const lost = { ...late, [`${METRICS.deliveriesAmiss}{kind:lost}`]: counter(3, false) };
    expect(formatSummary(summarise(inputOf(lost)))).toMatch(
      /broke 2 of 2 limits.*\n(.*\n)+ {2}FAIL deliveries/,
    );
  });
});

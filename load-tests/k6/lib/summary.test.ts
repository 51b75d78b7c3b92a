import { describe, expect, it } from 'vitest';
import { METRICS } from './metric-names.ts';
import { K6_SCRIPTS } from './script-catalogue.ts';
import { readSettings } from './settings.ts';
import { formatSummary, type SummaryMetric, shortfallsOf, summarise, summaryOf } from './summary.ts';

const counter = (count: number, ok?: boolean): SummaryMetric => ({
  type: 'counter',
  values: { count },
  ...(ok === undefined ? {} : { thresholds: { 'count==0': { ok } } }),
});

function inputOf(metrics: Readonly<Record<string, SummaryMetric>>, summaryFile = '') {
  const settings = readSettings({ SUMMARY_FILE: summaryFile }, K6_SCRIPTS.broadcast);
  const data = { metrics, state: { testRunDurationMs: 31_000 } };
  return { script: 'broadcast', load: '100 clients, 100 broadcasts/s', timedOneIn: 3, settings, data };
}

const LATENCY: SummaryMetric = {
  type: 'trend',
  values: { count: 99_000, 'p(50)': 1.234, 'p(95)': 4, 'p(99)': 51.26, max: 80 },
  thresholds: { 'p(99)<50': { ok: false } },
};
const METRICS_OF_A_RUN = {
  [METRICS.connectsAttempted]: counter(100),
  [METRICS.connectionsEnded]: counter(100),
  [METRICS.connectFailures]: counter(0, true),
  [METRICS.deliveries]: counter(297_000),
  [METRICS.deliveriesExpected]: counter(300_000),
  [`${METRICS.deliveriesAmiss}{kind:lost}`]: counter(3_000, false),
  [METRICS.deliveryLatency]: LATENCY,
};

describe('the summary of a k6 test', () => {
  it('says the verdict first, then figures, then limits, broken ones first', () => {
    const text = formatSummary(summarise(inputOf(METRICS_OF_A_RUN)));
    expect(text.split('\n')).toEqual([
      '',
      'broadcast: broke 2 of 3 limits (100 clients, 100 broadcasts/s for 30 s)',
      '  connected    100 of 100',
      '  deliveries   297,000; 300,000 were owed, 3,000 lost',
      '  latency      p50 1.23 ms, p95 4 ms, p99 51.3 ms, max 80 ms (one in 3 timed, 99,000 in all)',
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
      timed: 99_000,
    });
  });

  it('says what keeps it from being the load that was asked for', () => {
    const summary = summarise(
      inputOf({
        [METRICS.connectsAttempted]: counter(5),
        dropped_iterations: counter(7),
        [METRICS.scheduleLag]: { type: 'trend', values: { 'p(99)': 45.6 } },
      }),
    );
    expect(shortfallsOf(summary)).toEqual([
      'k6 could not begin 7 iterations in time: the load was less than asked for',
      '5 clients were cut short: what they were owed is not counted',
      'k6 itself was late: it published 45.6 ms (p99) after its schedule, which is in the latencies',
    ]);
    expect(formatSummary(summary)).toContain('  k6 could not begin 7 iterations');
    expect(summary.held).toBe(true);
  });
});

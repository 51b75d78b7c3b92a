/**
 * The names that k6's output `experimental-prometheus-rw` gives to the metrics the k6 board shows.
 *
 * Read off k6 2.x, `internal/output/prometheusrw/remotewrite/` (remotewrite.go, trend.go, prometheus.go): every name begins with
 * `k6_`; a counter ends in `_total`, a rate in `_rate`, a gauge in nothing; a trend becomes one gauge for each statistic that
 * `K6_PROMETHEUS_RW_TREND_STATS` lists, `p(99)` as `_p99`, without a unit in its name, times turned from ms into seconds.
 * Trends and rates hold everything since the start of the test, not the last interval.
 *
 * @see https://grafana.com/docs/k6/latest/results-output/real-time/prometheus-remote-write/
 */

/** What `K6_PROMETHEUS_RW_TREND_STATS` must be, so that the board has all of its lines. */
export const K6_TREND_STATS = 'p(50),p(95),p(99),max';

/** The labels the board uses; `testid` comes from `k6 run --tag testid=…`. */
export const K6_LABELS = ['testid', 'check', 'scenario'] as const;

const trend = <Name extends string>(name: Name, help: string) =>
  ({
    [`${name}_p50`]: { type: 'gauge', help: `${help} (median)` },
    [`${name}_p95`]: { type: 'gauge', help: `${help} (95 of 100 are below)` },
    [`${name}_p99`]: { type: 'gauge', help: `${help} (99 of 100 are below)` },
    [`${name}_max`]: { type: 'gauge', help: `${help} (longest)` },
  }) as Record<
    `${Name}_p50` | `${Name}_p95` | `${Name}_p99` | `${Name}_max`,
    { readonly type: 'gauge'; readonly help: string }
  >;

export const K6_METRICS = {
  k6_vus: { type: 'gauge', help: 'Virtual users that run now.' },
  k6_vus_max: { type: 'gauge', help: 'Virtual users that are set aside.' },
  k6_iterations_total: { type: 'counter', help: 'Times a virtual user came to the end of the script.' },
  k6_dropped_iterations_total: {
    type: 'counter',
    help: 'Iterations that were due and not begun: too few virtual users.',
  },
  k6_checks_rate: { type: 'gauge', help: 'Share of checks that held, since the start.' },
  k6_data_sent_total: { type: 'counter', help: 'Bytes sent.' },
  k6_data_received_total: { type: 'counter', help: 'Bytes received.' },
  k6_ws_sessions_total: { type: 'counter', help: 'WebSocket sessions begun.' },
  k6_ws_msgs_sent_total: { type: 'counter', help: 'Messages sent.' },
  k6_ws_msgs_received_total: { type: 'counter', help: 'Messages received.' },
  ...trend('k6_ws_connecting', 'Seconds from the connect to the end of the handshake'),
  ...trend('k6_ws_session_duration', 'Seconds from the connect to the end of the session'),
  ...trend('k6_ws_ping', 'Seconds from a ping to its pong'),
} as const;

/** A name the k6 board may show. */
export type K6MetricName = keyof typeof K6_METRICS;

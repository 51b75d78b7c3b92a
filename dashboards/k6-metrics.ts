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

/** The labels the board uses; `testid` comes from `k6 run --tag testid=…`, `kind`, `reason` and `name` from our scripts. */
export const K6_LABELS = ['testid', 'check', 'scenario', 'kind', 'reason', 'name'] as const;

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
  k6_http_reqs_total: { type: 'counter', help: 'HTTP requests made.' },
  ...trend('k6_http_req_duration', 'Seconds from the sending of a request to the end of its answer'),
  // of the scripts in load-tests/k6, by the names of the load metric catalogue
  k6_touchline_profile_connects_attempted_total: { type: 'counter', help: 'Connections that were tried.' },
  k6_touchline_profile_connect_failures_total: {
    type: 'counter',
    help: 'Those of them that did not come up.',
  },
  ...trend(
    'k6_touchline_profile_connect_duration',
    'Seconds from the creation of a socket to its first message',
  ),
  k6_touchline_profile_disconnects_total: {
    type: 'counter',
    help: 'Connections that ended before their client ended them.',
  },
  k6_touchline_profile_connections_ended_total: {
    type: 'counter',
    help: 'Connections that came to their end, whichever.',
  },
  k6_touchline_profile_broadcasts_sent_total: { type: 'counter', help: 'Messages published.' },
  k6_touchline_profile_broadcasts_accepted_total: {
    type: 'counter',
    help: 'Those of them that the server accepted.',
  },
  k6_touchline_profile_publish_failures_total: { type: 'counter', help: 'Those of them that it did not.' },
  ...trend('k6_touchline_profile_schedule_lag', 'Seconds that k6 published later than its schedule'),
  k6_touchline_profile_deliveries_total: {
    type: 'counter',
    help: 'Messages, or ticks, that clients received.',
  },
  ...trend(
    'k6_touchline_profile_delivery_latency',
    'Seconds from when a message was due until a client had it',
  ),
  k6_touchline_profile_deliveries_expected_total: {
    type: 'counter',
    help: 'Messages owed to clients; told when a client leaves.',
  },
  k6_touchline_profile_deliveries_amiss_total: {
    type: 'counter',
    help: 'Deliveries that were not as they should be, by kind.',
  },
  k6_touchline_profile_errors_total: {
    type: 'counter',
    help: 'Error events, unanswered and unreadable messages.',
  },
  k6_touchline_profile_resumed_messages_total: { type: 'counter', help: 'Messages that a resume gave back.' },
  k6_touchline_profile_recovered_rate: {
    type: 'gauge',
    help: 'Share of clients of the storm that came back with all.',
  },
  k6_touchline_profile_delivered_ratio_held_rate: {
    type: 'gauge',
    help: 'Share of tick readers that were given 98 % of the rate.',
  },
} as const;

/** A name the k6 board may show. */
export type K6MetricName = keyof typeof K6_METRICS;

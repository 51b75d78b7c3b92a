/**
 * Every metric the server exports: name, type, unit, help, labels and buckets, as data.
 * /metrics, the README table, the profiler and the dashboards all take their names from here.
 */

export interface MetricDefinition {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly unit: 'seconds' | 'bytes' | 'ratio' | 'count' | 'info';
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds, in the unit; histograms only. */
  readonly buckets?: readonly number[];
}

/** 0.1 ms to 3.3 s, each bound twice the one before. */
const SHORT_SECONDS = Array.from({ length: 16 }, (_, power) => 0.0001 * 2 ** power);
const GC_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];
const RECIPIENTS = [0, 1, 10, 100, 1_000, 5_000, 10_000, 50_000];

const counter = (help: string, labels: readonly string[] = []) =>
  ({ type: 'counter', unit: 'count', help, labels }) as const;
const gauge = (unit: MetricDefinition['unit'], help: string, labels: readonly string[] = []) =>
  ({ type: 'gauge', unit, help, labels }) as const;
const histogram = (
  unit: MetricDefinition['unit'],
  help: string,
  shape: { buckets: readonly number[]; labels?: readonly string[] },
) => ({ type: 'histogram', unit, help, labels: shape.labels ?? [], buckets: shape.buckets }) as const;

export const METRIC_CATALOGUE = {
  // connect
  touchline_connections: gauge('count', 'Open WebSocket connections, read from the live set.'),
  touchline_connections_opened_total: counter('WebSocket connections accepted since start.'),
  touchline_connections_closed_total: counter(
    'Connections ended, by close code; 1006 is lost without a close frame. Codes that are not the sender\'s are "other".',
    ['code'],
  ),
  touchline_upgrades_refused_total: counter('Upgrade requests refused before a WebSocket existed.', [
    'reason',
  ]),
  // receive
  touchline_messages_received_total: counter(
    'Messages from clients, by event type ("invalid" when it has none).',
    ['type'],
  ),
  touchline_messages_rejected_total: counter('Messages answered with an error event, by its code.', ['code']),
  touchline_rate_limited_total: counter(
    'Messages, pings and unasked pongs dropped because the connection was over its rate.',
  ),
  touchline_received_payload_bytes_total: {
    ...counter('Payload bytes of messages from clients, without framing.'),
    unit: 'bytes',
  },
  // rooms
  touchline_rooms: gauge('count', 'Rooms that exist, with or without members.'),
  touchline_subscriptions: gauge('count', 'Subscriptions: one for each connection in each room.'),
  touchline_room_members_max: gauge('count', 'Members of the largest room.'),
  touchline_resumes_total: counter(
    'Subscribes that asked to resume, by result (recovered or the reason why not).',
    ['result'],
  ),
  touchline_resumed_messages_total: counter('Missed messages given back on resume.'),
  // fan out
  touchline_broadcasts_total: counter('Messages published to a room.'),
  touchline_broadcast_duration_seconds: histogram(
    'seconds',
    'From publishing a message until every member was written to, the wait for the end of the turn included.',
    {
      buckets: SHORT_SECONDS,
    },
  ),
  touchline_broadcast_recipients: histogram('count', 'Members a broadcast went to.', { buckets: RECIPIENTS }),
  touchline_deliveries_total: counter('Copies of broadcasts handed to a connection.'),
  touchline_deliveries_dropped_total: counter('Copies of broadcasts not handed over, by reason.', ['reason']),
  touchline_socket_writes_total: counter(
    'Writes to sockets that carried deliveries; frames written ÷ this is the frames per write.',
  ),
  touchline_frames_written_total: counter('Frames of deliveries in those writes.'),
  touchline_replies_total: counter('Messages sent to one connection that are no broadcast.'),
  touchline_sent_payload_bytes_total: {
    ...counter('Payload bytes handed to connections, without framing.'),
    unit: 'bytes',
  },
  // queue and write
  touchline_send_queue_bytes: gauge(
    'bytes',
    'Bytes handed over and not yet taken by the kernel, over all connections.',
  ),
  touchline_send_queue_bytes_max: gauge('bytes', 'The same for the connection that has most.'),
  touchline_send_queue_age_seconds_max: gauge(
    'seconds',
    'How long the oldest unsent byte of any connection has waited.',
  ),
  touchline_slow_consumers: gauge('count', 'Connections that have unsent bytes now.'),
  touchline_slow_consumers_closed_total: counter(
    'Connections closed as slow consumers, by the limit they passed.',
    ['limit'],
  ),
  touchline_wire_sent_bytes_total: {
    ...counter('Bytes written to sockets, framing and handshakes included.'),
    unit: 'bytes',
  },
  touchline_wire_received_bytes_total: {
    ...counter('Bytes read from sockets, framing and handshakes included.'),
    unit: 'bytes',
  },
  touchline_engine_dropped_messages_total: counter(
    'Messages that the engine itself threw away, beyond the limits of the server; each ended its connection.',
  ),
  // the tick feed
  touchline_ticks_made_total: counter('Ticks made, each once, however many read it.'),
  touchline_ticks_shortfall_total: counter(
    'Ticks that were due and never made, because the server was more than a second late.',
  ),
  touchline_tick_target_rate: gauge('count', 'Ticks a second that are asked for now.'),
  touchline_ticks_offered_total: counter('Ticks made while a reader was connected, summed over readers.'),
  touchline_ticks_buffered_total: counter('Ticks given to sockets: what a server is tempted to call sent.'),
  touchline_ticks_flushed_total: counter('Ticks of those that the kernel has taken.'),
  touchline_ticks_acknowledged_total: counter('Ticks that clients said they have: delivered.'),
  touchline_ticks_skipped_total: counter(
    'Ticks offered and never given: conflated, or their reader left first.',
  ),
  touchline_tick_readers: gauge('count', 'Readers of the tick feed, by format.', ['format']),
  touchline_tick_readers_conflating: gauge('count', 'Readers that are too far behind to be given ticks now.'),
  touchline_tick_schedule_lag_seconds: gauge(
    'seconds',
    'How late the first tick of the last turn was made; the ticks carry the time they were due.',
  ),
  // liveness
  touchline_heartbeat_pings_total: counter('Heartbeat pings sent.'),
  touchline_heartbeats_missed_total: counter(
    'Connections closed because nothing came for a whole heartbeat.',
  ),
  // HTTP
  touchline_http_requests_total: counter('HTTP requests on the public port, by route and status.', [
    'route',
    'status',
  ]),
  touchline_http_request_duration_seconds: histogram(
    'seconds',
    'From a request on the public port until its answer is handed over, by route.',
    { buckets: SHORT_SECONDS, labels: ['route'] },
  ),
  // drain
  touchline_draining: gauge('count', '1 while the server drains, else 0.'),
  touchline_drain_remaining: gauge('count', 'Connections still open in the drain.'),
  touchline_drain_closed_total: counter('Connections that ended within the drain deadline.'),
  touchline_drain_cut_total: counter('Connections cut at the drain deadline.'),
  // process and runtime
  touchline_loop_delay_seconds: histogram(
    'seconds',
    'Event-loop delay, sampled every 10 ms (40 ms while idle), time-weighted; cumulative, so scrapers do not take it from each other.',
    { buckets: SHORT_SECONDS },
  ),
  touchline_loop_active_seconds_total: {
    ...counter('Time the event loop was busy since start.'),
    unit: 'seconds',
  },
  touchline_loop_idle_seconds_total: {
    ...counter('Time the event loop waited since start.'),
    unit: 'seconds',
  },
  touchline_array_buffers_bytes: gauge(
    'bytes',
    'Memory of ArrayBuffers and Buffers (part of external memory).',
  ),
  process_cpu_user_seconds_total: { ...counter('User CPU time of the process.'), unit: 'seconds' },
  process_cpu_system_seconds_total: { ...counter('System CPU time of the process.'), unit: 'seconds' },
  process_cpu_seconds_total: { ...counter('User and system CPU time of the process.'), unit: 'seconds' },
  process_resident_memory_bytes: gauge('bytes', 'Resident set size of the process.'),
  process_start_time_seconds: gauge('seconds', 'Unix time when the process started.'),
  process_open_fds: gauge('count', 'Open file descriptors.'),
  process_max_fds: gauge('count', 'Most file descriptors the process may open.'),
  nodejs_heap_size_total_bytes: gauge('bytes', 'V8 heap reserved.'),
  nodejs_heap_size_used_bytes: gauge('bytes', 'V8 heap used.'),
  nodejs_heap_space_size_used_bytes: gauge(
    'bytes',
    'V8 heap used, by space (new, old, code, large_object …).',
    ['space'],
  ),
  nodejs_active_resources: gauge(
    'count',
    'What keeps the event loop alive, by type (TCPSocketWrap is a socket, Timeout a timer); with thousands of sockets a count of a few seconds ago.',
    ['type'],
  ),
  nodejs_external_memory_bytes: gauge('bytes', 'Memory outside the V8 heap that V8 objects hold.'),
  nodejs_gc_duration_seconds: histogram('seconds', 'Garbage collection pauses, by kind.', {
    buckets: GC_SECONDS,
    labels: ['kind'],
  }),
  // about itself
  touchline_scrape_duration_seconds: gauge('seconds', 'How long the previous scrape took.'),
  touchline_fault_active: gauge(
    'count',
    'A fault that is switched on; the value is its setting (percent or ms).',
    ['fault'],
  ),
  touchline_fault_injections_total: counter('Times a fault did its harm.', ['fault']),
  touchline_build_info: gauge('info', 'Always 1; version and Node version are labels.', ['version', 'node']),
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof METRIC_CATALOGUE;

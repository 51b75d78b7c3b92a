/** The names that `instrument` exports, as data: dashboards tell by it which panels can apply to a foreign server. */

import type { InstrumentedMetric } from './instrumented-families.ts';

/** Each name once; the compiler holds that none is missing and none is more. */
const NAMES = {
  touchline_connections: true,
  touchline_connections_opened_total: true,
  touchline_connections_closed_total: true,
  touchline_upgrades_refused_total: true,
  touchline_messages_received_total: true,
  touchline_received_payload_bytes_total: true,
  touchline_deliveries_total: true,
  touchline_socket_writes_total: true,
  touchline_frames_written_total: true,
  touchline_sent_payload_bytes_total: true,
  touchline_send_queue_bytes: true,
  touchline_send_queue_bytes_max: true,
  touchline_send_queue_age_seconds_max: true,
  touchline_slow_consumers: true,
  touchline_wire_sent_bytes_total: true,
  touchline_wire_received_bytes_total: true,
  touchline_heartbeat_pings_total: true,
  touchline_loop_delay_seconds: true,
  touchline_loop_active_seconds_total: true,
  touchline_loop_idle_seconds_total: true,
  touchline_array_buffers_bytes: true,
  process_cpu_user_seconds_total: true,
  process_cpu_system_seconds_total: true,
  process_cpu_seconds_total: true,
  process_resident_memory_bytes: true,
  process_start_time_seconds: true,
  process_open_fds: true,
  process_max_fds: true,
  nodejs_heap_size_total_bytes: true,
  nodejs_heap_size_used_bytes: true,
  nodejs_heap_space_size_used_bytes: true,
  nodejs_active_resources: true,
  nodejs_external_memory_bytes: true,
  nodejs_gc_duration_seconds: true,
  touchline_scrape_duration_seconds: true,
  touchline_build_info: true,
} as const satisfies Record<InstrumentedMetric, true>;

export const INSTRUMENTED_METRICS = Object.keys(NAMES) as readonly InstrumentedMetric[];

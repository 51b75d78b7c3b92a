/** Fills the catalogue with numbers: one entry for each metric name, none missing, none more. */

import type { HubCounters } from '../hub/hub-counters.ts';
import { CLOSE } from '../protocol/close-codes.ts';
import type { EventLoopMonitor } from './event-loop.ts';
import { GC_KINDS, type GcMonitor } from './gc.ts';
import type { HttpRequests } from './http-requests.ts';
import type { MetricName } from './metric-catalogue.ts';
import { byLabel, histogramSamples, type MetricSample, single, singleOrNone } from './metric-samples.ts';
import type { ConnectionView, MetricSources } from './metric-sources.ts';
import type { ProcessUsage } from './process-usage.ts';

export type MetricFamilies = Readonly<Record<MetricName, readonly MetricSample[]>>;

/** Everything one scrape reads. */
export interface MetricReading {
  readonly sources: MetricSources;
  readonly loop: EventLoopMonitor;
  readonly gc: GcMonitor;
  readonly http: HttpRequests;
  readonly usage: ProcessUsage;
  /** touchline's version. */
  readonly version: string;
  readonly previousScrapeSeconds: number;
  /** Whether anything is sampled or timed. */
  readonly instrumentation: { readonly isOn: boolean };
}

/** What nobody observes while the instrumentation is off: a gap is honest, a zero is not. */
const UNOBSERVED = {
  touchline_broadcast_duration_seconds: [],
  touchline_broadcast_recipients: [],
  touchline_http_requests_total: [],
  touchline_http_request_duration_seconds: [],
  touchline_loop_delay_seconds: [],
  nodejs_gc_duration_seconds: [],
} as const satisfies Partial<MetricFamilies>;

/** Reads all figures at one moment. */
export function readMetricFamilies(reading: MetricReading): MetricFamilies {
  const { sources } = reading;
  return {
    ...connectionFamilies(sources),
    ...roomFamilies(sources),
    ...messageFamilies(sources.hubCounters),
    ...broadcastFamilies(sources),
    ...sendQueueFamilies(sources.connections()),
    ...tickFamilies(sources),
    ...httpFamilies(reading.http),
    ...drainFamilies(sources),
    ...runtimeFamilies(reading),
    ...processFamilies(reading.usage),
    ...faultFamilies(sources),
    touchline_scrape_duration_seconds: single(reading.previousScrapeSeconds),
    ...(reading.instrumentation.isOn ? {} : UNOBSERVED),
    touchline_build_info: [{ labels: { version: reading.version, node: process.version }, value: 1 }],
  };
}

function connectionFamilies(sources: MetricSources) {
  const { hubCounters } = sources;
  const transport = sources.transport();
  return {
    touchline_connections: single(sources.connectionCount()),
    touchline_connections_opened_total: single(hubCounters.opened),
    touchline_connections_closed_total: byLabel('code', closesByKnownCode(hubCounters.closedByCode)),
    touchline_upgrades_refused_total: byLabel('reason', Object.entries(transport.upgradesRefusedByReason)),
    touchline_slow_consumers_closed_total: byLabel('limit', Object.entries(hubCounters.slowClosedByLimit)),
    touchline_wire_sent_bytes_total: single(transport.wireSentBytes),
    touchline_wire_received_bytes_total: single(transport.wireReceivedBytes),
    touchline_heartbeat_pings_total: single(transport.heartbeatPings),
    touchline_engine_dropped_messages_total: single(transport.droppedByEngine),
    touchline_heartbeats_missed_total: single(transport.heartbeatsMissed),
  };
}

/** Documented codes stand there from zero; a client can send any of 1,000 others, so those share one series. */
function closesByKnownCode(closedByCode: ReadonlyMap<number, number>): ReadonlyMap<string, number> {
  const closes = new Map<string, number>(Object.values(CLOSE).map(({ code }) => [String(code), 0]));
  closes.set('other', 0);
  for (const [code, count] of closedByCode) {
    const label = closes.has(String(code)) ? String(code) : 'other';
    closes.set(label, (closes.get(label) ?? 0) + count);
  }
  return closes;
}

function roomFamilies(sources: MetricSources) {
  const rooms = sources.rooms();
  return {
    touchline_rooms: single(rooms.count),
    touchline_subscriptions: single(rooms.subscriptions),
    touchline_room_members_max: single(rooms.largest),
  };
}

function messageFamilies(counters: HubCounters) {
  return {
    touchline_messages_received_total: byLabel('type', Object.entries(counters.receivedByType)),
    touchline_messages_rejected_total: byLabel('code', Object.entries(counters.rejectedByCode)),
    touchline_rate_limited_total: single(counters.rateLimited),
    touchline_received_payload_bytes_total: single(counters.receivedPayloadBytes),
    touchline_resumes_total: byLabel('result', Object.entries(counters.resumesByResult)),
    touchline_resumed_messages_total: single(counters.resumedMessages),
    touchline_replies_total: single(counters.replies),
    touchline_sent_payload_bytes_total: single(counters.sentPayloadBytes),
  };
}

/** What a fault left out, the hub believes it delivered. */
function broadcastFamilies({ hubCounters: counters, faults }: MetricSources) {
  const { droppedDeliveries: fault } = faults();
  return {
    touchline_broadcasts_total: single(counters.broadcasts),
    touchline_broadcast_duration_seconds: histogramSamples(counters.broadcastSeconds),
    touchline_broadcast_recipients: histogramSamples(counters.broadcastRecipients),
    touchline_deliveries_total: single(counters.deliveries - fault),
    touchline_deliveries_dropped_total: byLabel(
      'reason',
      Object.entries({ fault, ...counters.droppedByReason }),
    ),
    touchline_socket_writes_total: single(counters.socketWrites),
    touchline_frames_written_total: single(counters.framesWritten - fault),
  };
}

function sendQueueFamilies(connections: Iterable<ConnectionView>) {
  let totalBytes = 0;
  let maxBytes = 0;
  let maxAgeMs = 0;
  let slow = 0;
  for (const { bufferedBytes, bufferedAgeMs } of connections) {
    if (bufferedBytes <= 0) continue;
    totalBytes += bufferedBytes;
    maxBytes = Math.max(maxBytes, bufferedBytes);
    maxAgeMs = Math.max(maxAgeMs, bufferedAgeMs);
    slow += 1;
  }
  return {
    touchline_send_queue_bytes: single(totalBytes),
    touchline_send_queue_bytes_max: single(maxBytes),
    touchline_send_queue_age_seconds_max: single(maxAgeMs / 1000),
    touchline_slow_consumers: single(slow),
  };
}

function tickFamilies(sources: MetricSources) {
  const ticks = sources.ticks();
  return {
    touchline_ticks_made_total: single(ticks.made),
    touchline_ticks_shortfall_total: single(ticks.shortfall),
    touchline_tick_target_rate: single(ticks.targetRate),
    touchline_ticks_offered_total: single(ticks.offered),
    touchline_ticks_buffered_total: single(ticks.buffered),
    touchline_ticks_flushed_total: single(ticks.flushed),
    touchline_ticks_acknowledged_total: single(ticks.acknowledged),
    touchline_ticks_skipped_total: single(ticks.skipped),
    touchline_tick_readers: byLabel('format', Object.entries(ticks.readersByFormat)),
    touchline_tick_readers_conflating: single(ticks.conflating),
    touchline_tick_schedule_lag_seconds: single(ticks.lagSeconds),
  };
}

function httpFamilies(http: HttpRequests) {
  const routes = [...http.routes()];
  return {
    touchline_http_requests_total: routes.flatMap(([route, { countByStatus }]) =>
      Array.from(countByStatus, ([status, value]) => ({ labels: { route, status: String(status) }, value })),
    ),
    touchline_http_request_duration_seconds: routes.flatMap(([route, { durationSeconds }]) =>
      histogramSamples(durationSeconds, { route }),
    ),
  };
}

function drainFamilies(sources: MetricSources) {
  const drain = sources.drain();
  return {
    touchline_draining: single(drain.draining ? 1 : 0),
    touchline_drain_remaining: single(drain.remaining),
    touchline_drain_closed_total: single(drain.closed),
    touchline_drain_cut_total: single(drain.cut),
  };
}

function runtimeFamilies({ loop, gc }: MetricReading) {
  const pauses = gc.pauses();
  return {
    touchline_loop_delay_seconds: histogramSamples(loop.delaySeconds),
    touchline_loop_active_seconds_total: single(loop.activeSeconds()),
    touchline_loop_idle_seconds_total: single(loop.idleSeconds()),
    nodejs_gc_duration_seconds: GC_KINDS.flatMap((kind) => histogramSamples(pauses[kind], { kind })),
  };
}

function processFamilies(usage: ProcessUsage) {
  const { memory } = usage;
  return {
    touchline_array_buffers_bytes: single(memory.arrayBuffersBytes),
    process_cpu_user_seconds_total: single(usage.cpuUserSeconds),
    process_cpu_system_seconds_total: single(usage.cpuSystemSeconds),
    process_cpu_seconds_total: single(usage.cpuUserSeconds + usage.cpuSystemSeconds),
    process_resident_memory_bytes: single(memory.rssBytes),
    process_start_time_seconds: single(usage.startedAtSeconds),
    process_open_fds: singleOrNone(usage.openFds),
    process_max_fds: singleOrNone(usage.maxFds),
    nodejs_heap_size_total_bytes: single(memory.heapTotalBytes),
    nodejs_heap_size_used_bytes: single(memory.heapUsedBytes),
    nodejs_heap_space_size_used_bytes: byLabel('space', Object.entries(usage.heapSpaceUsedBytes)),
    nodejs_active_resources: byLabel('type', usage.activeResources),
    nodejs_external_memory_bytes: single(memory.externalBytes),
  };
}

function faultFamilies(sources: MetricSources) {
  const faults = sources.faults();
  return {
    touchline_fault_active: byLabel('fault', Object.entries(faults.active)),
    touchline_fault_injections_total: byLabel('fault', Object.entries(faults.injections)),
  };
}

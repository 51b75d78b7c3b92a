/** Messages: received and answered, rooms and what is broadcast to them. */

import type { HubCounters } from '../../hub/hub-counters.ts';
import { byLabel, histogramSamples, single } from '../metric-samples.ts';
import type { MetricSources } from '../metric-sources.ts';

export function roomFamilies(sources: MetricSources) {
  const rooms = sources.rooms();
  return {
    touchline_rooms: single(rooms.count),
    touchline_subscriptions: single(rooms.subscriptions),
    touchline_room_members_max: single(rooms.largest),
  };
}

export function messageFamilies(counters: HubCounters) {
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
export function broadcastFamilies({ hubCounters: counters, faults }: MetricSources) {
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

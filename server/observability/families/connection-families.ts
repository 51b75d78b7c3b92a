/** Connections: opened, closed, refused, alive, and what they moved over the wire. */

import { CLOSE } from '../../protocol/close-codes.ts';
import { byLabel, single } from '../metric-samples.ts';
import type { MetricSources } from '../metric-sources.ts';
import { closesByKnownCode } from './closes-by-known-code.ts';

const CLOSE_CODES = Object.values(CLOSE).map(({ code }) => code);

export function connectionFamilies(sources: MetricSources) {
  const { hubCounters } = sources;
  const transport = sources.transport();
  return {
    touchline_connections: single(sources.connectionCount()),
    touchline_connections_opened_total: single(hubCounters.opened),
    touchline_connections_closed_total: byLabel(
      'code',
      closesByKnownCode(hubCounters.closedByCode, CLOSE_CODES),
    ),
    touchline_upgrades_refused_total: byLabel('reason', Object.entries(transport.upgradesRefusedByReason)),
    touchline_slow_consumers_closed_total: byLabel('limit', Object.entries(hubCounters.slowClosedByLimit)),
    touchline_wire_sent_bytes_total: single(transport.wireSentBytes),
    touchline_wire_received_bytes_total: single(transport.wireReceivedBytes),
    touchline_heartbeat_pings_total: single(transport.heartbeatPings),
    touchline_engine_dropped_messages_total: single(transport.droppedByEngine),
    touchline_heartbeats_missed_total: single(transport.heartbeatsMissed),
  };
}

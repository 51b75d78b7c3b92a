/** Gives observability its view of hub, transport, drain and faults. */

import type { ActiveFaults } from './faults/active-faults.ts';
import type { Ticks } from './features/ticks/ticks.ts';
import type { Connection } from './hub/connection.ts';
import type { Hub } from './hub/hub.ts';
import type { ConnectionView, MetricSources } from './observability/metric-sources.ts';
import { SendQueue } from './observability/send-queue.ts';
import type { Drain } from './transport/drain.ts';
import type { Transport } from './transport/transport.ts';
import type { UpgradeGate } from './transport/upgrade-gate.ts';

/** The parts that are observed. */
export interface ObservedParts {
  readonly hub: Hub;
  readonly gate: UpgradeGate;
  readonly transport: Transport;
  readonly drain: Drain;
  readonly faults: ActiveFaults;
  readonly ticks: Ticks;
}

/** Everything is read when asked; nothing is kept here. */
export function createMetricSources({
  hub,
  gate,
  transport,
  drain,
  faults,
  ticks,
}: ObservedParts): MetricSources {
  return {
    hubCounters: hub.counters,
    connections: () => viewAll(hub),
    sendQueue: () => readSendQueue(hub),
    connectionCount: () => hub.connectionCount,
    closedConnections: () => hub.closedConnections(),
    rooms: () => hub.roomTotals(),
    transport() {
      const { sent, received } = transport.wireBytes();
      return {
        upgradesRefusedByReason: gate.refusedByReason,
        heartbeatPings: transport.heartbeat.pings,
        heartbeatsMissed: transport.heartbeat.missed,
        wireSentBytes: sent,
        wireReceivedBytes: received,
        droppedByEngine: transport.droppedMessages,
      };
    },
    drain: () => drain.state(),
    faults: () => ({
      active: faults.active,
      injections: faults.injections(),
      droppedDeliveries: faults.droppedDeliveries(),
    }),
    ticks: () => ticks.progress(),
    lifecycle: () => ({
      ...hub.lifecycle(),
      ...ticks.lifecycle(),
      'upgrade.addresses': gate.trackedAddresses,
      'heartbeat.peers': transport.heartbeat.size,
      'heartbeat.timers': transport.heartbeat.timers,
      'websocket.paused': transport.overRateCount,
      'drain.timers': drain.timers,
      'faults.heldMessages': faults.heldMessages(),
    }),
    lifecycleBounds: () => ({ ...hub.lifecycleBounds(), ...ticks.lifecycleBounds() }),
  };
}

function* viewAll(hub: Hub): Iterable<ConnectionView> {
  const nowMs = hub.clock.nowMs();
  for (const connection of hub.connections()) yield view(connection, nowMs);
}

/** No view of each connection: at 10,000 those alone took 3 ms of a scrape. */
function readSendQueue(hub: Hub): SendQueue {
  const nowMs = hub.clock.nowMs();
  const queue = new SendQueue();
  for (const { socket, backpressure } of hub.connections()) {
    const { bufferedBytes } = socket;
    backpressure.observe(bufferedBytes, nowMs);
    if (bufferedBytes > 0) queue.add(bufferedBytes, backpressure.ageMs(nowMs));
  }
  return queue;
}

function view(connection: Connection, nowMs: number): ConnectionView {
  const { bufferedBytes } = connection.socket;
  connection.backpressure.observe(bufferedBytes, nowMs);
  return {
    id: connection.id,
    remoteAddress: connection.remoteAddress,
    openedAt: connection.openedAt,
    clientId: connection.clientId,
    subscriptions: connection.subscriptions,
    receivedMessages: connection.receivedMessages,
    sentMessages: connection.sentMessages,
    sentPayloadBytes: connection.sentPayloadBytes,
    bufferedBytes,
    bufferedAgeMs: connection.backpressure.ageMs(nowMs),
  };
}

/** Metric sources with made-up figures, for tests of metrics and the admin port. */

import type { ClosedConnection } from '../hub/closed-ring.ts';
import { HubCounters } from '../hub/hub-counters.ts';
import { METRIC_CATALOGUE } from '../observability/metric-catalogue.ts';
import type { ConnectionView, MetricSources } from '../observability/metric-sources.ts';
import { SendQueue } from '../observability/send-queue.ts';

/** Counters as `server.ts` creates them. */
export function createFakeHubCounters(): HubCounters {
  return new HubCounters({
    broadcastSeconds: METRIC_CATALOGUE.touchline_broadcast_duration_seconds.buckets,
    broadcastRecipients: METRIC_CATALOGUE.touchline_broadcast_recipients.buckets,
  });
}

/** An idle server with the given parts replaced. */
export function createFakeSources(overrides: Partial<MetricSources> = {}): MetricSources {
  return {
    hubCounters: createFakeHubCounters(),
    connections: () => [],
    connectionCount: () => 0,
    sendQueue: () => sendQueueOf(overrides.connections?.() ?? []),
    closedConnections: () => [],
    rooms: () => ({ count: 0, subscriptions: 0, largest: 0 }),
    transport: () => ({
      upgradesRefusedByReason: {},
      heartbeatPings: 0,
      heartbeatsMissed: 0,
      wireSentBytes: 0,
      wireReceivedBytes: 0,
      droppedByEngine: 0,
    }),
    drain: () => ({ draining: false, remaining: 0, closed: 0, cut: 0 }),
    ticks: () => ({
      made: 0,
      shortfall: 0,
      offered: 0,
      buffered: 0,
      flushed: 0,
      acknowledged: 0,
      skipped: 0,
      targetRate: 1_000,
      readersByFormat: { json: 0, binary: 0 },
      conflating: 0,
      lagSeconds: 0,
    }),
    faults: () => ({ active: {}, injections: {}, droppedDeliveries: 0 }),
    lifecycle: () => ({}),
    lifecycleBounds: () => ({}),
    ...overrides,
  };
}

function sendQueueOf(connections: Iterable<ConnectionView>): SendQueue {
  const queue = new SendQueue();
  for (const { bufferedBytes, bufferedAgeMs } of connections) queue.add(bufferedBytes, bufferedAgeMs);
  return queue;
}

/** A live connection with nothing unsent. */
export function fakeConnection(overrides: Partial<ConnectionView> = {}): ConnectionView {
  return {
    id: 'c1',
    remoteAddress: '127.0.0.1',
    openedAt: 1_763_000_000_000,
    clientId: null,
    subscriptions: 1,
    receivedMessages: 1,
    sentMessages: 2,
    sentPayloadBytes: 200,
    bufferedBytes: 0,
    bufferedAgeMs: 0,
    ...overrides,
  };
}

/** A connection that a client closed in order. */
export function fakeClosedConnection(overrides: Partial<ClosedConnection> = {}): ClosedConnection {
  return {
    id: 'c0',
    remoteAddress: '127.0.0.1',
    clientId: null,
    openedAt: 1_763_000_000_000,
    closedAt: 1_763_000_001_000,
    code: 1000,
    reason: 'normal',
    initiator: 'client',
    receivedMessages: 1,
    sentMessages: 2,
    sentPayloadBytes: 200,
    peakBufferedBytes: 0,
    ...overrides,
  };
}

/**
 * What observability reads from the rest of the server at scrape time. `server.ts` provides it, so that
 * metrics and the admin port know neither transport nor features.
 */

import type { ClosedConnection } from '../hub/closed-ring.ts';
import type { HubCounters } from '../hub/hub-counters.ts';
import type { SendQueue } from './send-queue.ts';

/** One live connection as observers see it; numbers are read when asked. */
export interface ConnectionView {
  readonly id: string;
  readonly remoteAddress: string;
  /** Epoch ms. */
  readonly openedAt: number;
  readonly clientId: string | null;
  readonly subscriptions: number;
  readonly receivedMessages: number;
  readonly sentMessages: number;
  readonly sentPayloadBytes: number;
  /** Unsent now. */
  readonly bufferedBytes: number;
  /** How long the oldest unsent byte has waited. */
  readonly bufferedAgeMs: number;
}

/** Counters of the sockets' side; plain integers that only grow. */
export interface TransportTotals {
  readonly upgradesRefusedByReason: Readonly<Record<string, number>>;
  readonly heartbeatPings: number;
  readonly heartbeatsMissed: number;
  /** Live sockets and ended ones together. */
  readonly wireSentBytes: number;
  readonly wireReceivedBytes: number;
  /** Messages that the engine threw away. */
  readonly droppedByEngine: number;
}

export interface DrainProgress {
  readonly draining: boolean;
  readonly remaining: number;
  readonly closed: number;
  readonly cut: number;
}

/** The tick feed; what only grows is counted since the start, over all readers that ever were. */
export interface TickProgress {
  readonly made: number;
  readonly shortfall: number;
  readonly offered: number;
  readonly buffered: number;
  readonly flushed: number;
  readonly acknowledged: number;
  readonly skipped: number;
  /** Ticks a second. */
  readonly targetRate: number;
  readonly readersByFormat: Readonly<Record<string, number>>;
  readonly conflating: number;
  readonly lagSeconds: number;
}

export interface FaultProgress {
  /** Setting of each active fault (percent or ms). */
  readonly active: Readonly<Record<string, number>>;
  readonly injections: Readonly<Record<string, number>>;
  /** Deliveries that the hub counts and a fault left out. */
  readonly droppedDeliveries: number;
}

export interface MetricSources {
  readonly hubCounters: HubCounters;
  /** The live set. */
  connections(): Iterable<ConnectionView>;
  connectionCount(): number;
  /** Unsent bytes over the live set. */
  sendQueue(): SendQueue;
  /** Newest first. */
  closedConnections(): readonly ClosedConnection[];
  rooms(): { readonly count: number; readonly subscriptions: number; readonly largest: number };
  transport(): TransportTotals;
  drain(): DrainProgress;
  faults(): FaultProgress;
  ticks(): TickProgress;
  /** Size of every tracking structure by name (`hub.connections`, `heartbeat.peers`, …). */
  lifecycle(): Readonly<Record<string, number>>;
  /** The most that those named History or Ring may hold. */
  lifecycleBounds(): Readonly<Record<string, number>>;
}

/** What a load run is asked to do: how many clients, how fast, how long, over how many workers. */

import { TouchlineError } from '../../server/protocol/touchline-error.ts';

/** Where the load goes. */
export interface LoadTarget {
  /** `ws://` or `wss://` address of the WebSocket endpoint. */
  readonly wsUrl: string;
  /** Origin of the HTTP endpoints that publish, without a trailing slash. */
  readonly httpUrl: string;
  /** Bearer token for publishing, where the target wants one. */
  readonly apiToken?: string;
}

/** `lean` parses frames itself on `net` (ws:// only); `ws` is the library and takes any target. */
export type ClientKind = 'lean' | 'ws';
export type Arrival = 'uniform' | 'poisson';

/** One tier of load, carried out by {@link LoadCoordinator.run}. */
export interface LoadPlan {
  /** 1–16 characters `[a-z0-9]`; marks this run's messages in their ledger entries. */
  readonly runId: string;
  readonly seed: number;
  readonly target: LoadTarget;
  readonly workload: 'matches';
  /** The room all clients join. A match nobody else uses keeps the ledger clean. */
  readonly matchId: number;
  readonly client: ClientKind;
  readonly connections: number;
  /** Broadcasts published per second, open model. */
  readonly broadcastsPerSecond: number;
  readonly arrival: Arrival;
  /** Characters of a commentary text, ledger entry included. */
  readonly textLength: number;
  /** Load that is not measured, before the measured window. */
  readonly warmUpMs: number;
  readonly measureMs: number;
  readonly connectTimeoutMs: number;
  /** Handshakes one worker keeps open at a time. */
  readonly connectsInFlight: number;
  /** How long to wait for the last deliveries and `unsubscribed` answers. */
  readonly drainTimeoutMs: number;
  /**
   * Publishers that each send the next request when the one before was answered (closed model, autocannon).
   * Absent: open model at `broadcastsPerSecond`. Latency of deliveries is then not measured, only loss: one fixed
   * body is published, and the room's offset is the sequence.
   */
  readonly closedPublishers?: number;
  /** Of the connections, the last ones that stop reading when the measured window begins; they stand outside the ledger. */
  readonly slowReaders?: number;
  /** Of the connections, the first ones that unsubscribe after `hold` and stay open through the phase `part-left`. */
  readonly leaveEarly?: number;
  /** Pings each client sends once it is a member, so that traffic flows both ways. */
  readonly pingsPerClient?: number;
  /**
   * Keep when each member got each broadcast, for first, median and last delivery and for fairness by position.
   * A closed load has no intended times, and so no shape.
   */
  readonly fanOutShape?: boolean;
  /**
   * Into so many equal stretches of the measured window the response times are kept apart too: for whoever changes
   * the server meanwhile, and knows only afterwards when it was done. A closed load has none.
   */
  readonly latencySlots?: number;
}

/** A worker keeps a histogram of 73 KB for each. */
export const MAX_LATENCY_SLOTS = 1_000;

/**
 * Splits clients over workers so that none is lost: shares differ by at most one.
 *
 * @returns one count per worker; their sum equals `clientCount`
 * @throws TouchlineError `TL_PLAN_INVALID` when a count is no positive integer
 */
export function splitClients(clientCount: number, workerCount: number): readonly number[] {
  if (
    !Number.isInteger(clientCount) ||
    clientCount < 1 ||
    !Number.isInteger(workerCount) ||
    workerCount < 1
  ) {
    throw new TouchlineError(
      'TL_PLAN_INVALID',
      `expected whole numbers of clients and workers, at least 1; received ${clientCount} clients on ${workerCount} workers`,
    );
  }
  const share = Math.floor(clientCount / workerCount);
  const remainder = clientCount % workerCount;
  return Array.from({ length: workerCount }, (_, worker) => share + (worker < remainder ? 1 : 0));
}

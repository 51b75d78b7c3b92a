/** What an engine is to the rest of the server: a transport for WebSocket connections, and the listener they come in by. */

import type { EventEmitter } from 'node:events';
import type { FastifyInstance } from 'fastify';
import type { AcceptedRequest } from './connection-endpoint.ts';
import type { HttpFailureOptions } from './http-failures.ts';
import type { WireBytes } from './peers.ts';
import type { RawAnswer } from './raw-answer.ts';
import type { RequestView } from './request-view.ts';

/** The heartbeat as others see it. */
export interface TransportHeartbeat {
  readonly pings: number;
  readonly missed: number;
  readonly size: number;
  readonly timers: number;
  start(): void;
  stop(): void;
}

export interface Transport {
  readonly heartbeat: TransportHeartbeat;
  /** Lives as long as the process, and connections leave no listener on it; null where the engine has none. */
  readonly emitter: EventEmitter | null;
  /** Classes of which a connection has an instance, by the name they are counted under. */
  readonly classes: Readonly<Record<string, object>>;
  /** Connections that are over their rate now. */
  readonly overRateCount: number;
  /** Messages that the engine itself threw away past the hub's limits; each ended its connection. */
  readonly droppedMessages: number;
  wireBytes(): WireBytes;
}

/** An upgrade that was let in, or the answer that refuses it. */
export type Admission =
  | ({ readonly accepted: true } & AcceptedRequest)
  | { readonly accepted: false; readonly answer: RawAnswer };

/** What the public port is made of. */
export interface ListenerParts extends HttpFailureOptions {
  readonly app: FastifyInstance;
  readonly tls: { readonly cert: string; readonly key: string } | null;
  /** Decides about a WebSocket upgrade. */
  readonly admit: (request: RequestView) => Admission;
}

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  /** Connections that may wait to be accepted. */
  readonly backlog: number;
}

/** The public port of an engine. */
export interface PublicListener {
  /** @returns the port that is bound. Rejects with the system's reason. */
  listen(address: ListenAddress): Promise<number>;
  /** Lets requests in flight finish, but not for long. */
  close(): Promise<void>;
}

export interface Engine {
  readonly transport: Transport;
  createListener(parts: ListenerParts): PublicListener;
}

/** What is still on HTTP when all connections are gone has this long to finish. */
export const HTTP_GRACE_MS = 1_000;

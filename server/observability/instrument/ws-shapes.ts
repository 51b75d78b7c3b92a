/**
 * What `instrument` asks of a `ws` server, its connections and a prom-client registry. Shapes and no imports, so that any
 * version 8 of ws and any registry of the same methods (prom-client, @prometheus-io/client) fit.
 */

import type { CountingStream } from '../../stream-bytes.ts';

/** A `WebSocketServer` of the package ws. */
export interface InstrumentableServer {
  /** Connections that were open before; absent with `clientTracking: false`. */
  readonly clients?: Iterable<InstrumentableWebSocket> | undefined;
  /** Every connection passes here, with `server`, `port` and `noServer` alike. */
  handleUpgrade(request: unknown, socket: unknown, head: unknown, callback: unknown): void;
}

/** A `WebSocket` of the package ws, on the server's side. */
export interface InstrumentableWebSocket {
  readonly readyState: number;
  /** Bytes handed over and not yet taken by the kernel. */
  readonly bufferedAmount: number;
  on(event: string, listener: (...values: never[]) => void): unknown;
  removeListener(event: string, listener: (...values: never[]) => void): unknown;
}

/** A `Registry` of prom-client. */
export interface InstrumentableRegister {
  readonly contentType: string;
  getSingleMetric(name: string): unknown;
  registerMetric(metric: unknown): void;
  removeSingleMetric(name: string): void;
}

/** The socket beneath a connection. */
export interface StreamBeneath extends CountingStream {
  readonly bytesRead?: number | undefined;
  once(event: 'close', listener: () => void): unknown;
  removeListener(event: 'close', listener: () => void): unknown;
}

/** `readyState` of ws and of browsers. */
export const READY_STATE = { open: 1, closed: 3 } as const;

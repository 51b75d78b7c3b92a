/** One virtual client, whatever library speaks for it. */

/**
 * A longer message ends the connection as a violation of the protocol, before it takes memory: no load message
 * comes near, and a thousand clients may be sent one at a time each.
 */
export const MAX_MESSAGE_BYTES = 1024 * 1024;

/** All clients of a worker share one handler. */
export interface ClientHandler {
  /** Bytes came at `receivedUs` of the monotonic clock; the messages they bring follow in the same turn. */
  received(receivedUs: number): void;
  /** A text message: `bytes[start, end)`, valid during the call only. */
  text(client: number, bytes: Buffer, start: number, end: number): void;
  /** A binary message, likewise: never due from `/ws`. */
  binary(client: number, bytes: Buffer, start: number, end: number): void;
  /**
   * The connection is gone, or never came up; called once.
   * `reason` is `http_503`, `close_4002`, `protocol`, or a socket error such as `ECONNRESET`.
   */
  ended(client: number, reason: string): void;
}

/** What a worker does with a client that it opened. */
export interface Client {
  send(text: string): void;
  /** Starts the closing handshake; `ended` follows. */
  close(): void;
  /** Lets go of the socket at once; `ended` does not follow. */
  destroy(): void;
  /** Ends the connection with a TCP reset, as a crash or a lost route would; `ended` does not follow. */
  reset(): void;
  /** Reads no more, so that the server's bytes wait in the kernel and then in the server. */
  pause(): void;
  /**
   * Answers nothing more, pings neither, but reads on: the server must find out by itself, and `ended` tells when it
   * cuts the connection. (The `ws` library answers a close frame all the same.)
   */
  silence(): void;
}

export interface ClientOptions {
  /** The client's number within its worker; comes back in every call of the handler. */
  readonly client: number;
  readonly url: URL;
  /** The address `url` names, resolved once for all clients. */
  readonly address: string;
  /** Source address to bind, where the target is on loopback. */
  readonly localAddress: string | undefined;
  readonly handler: ClientHandler;
}

/** Opens a connection; everything that follows comes through the handler. */
export type OpenClient = (options: ClientOptions) => Client;

/** One virtual client, whatever library speaks for it. */

/** `bytes[start, end)` is valid during the call only. All clients of a worker share one handler. */
export interface ClientHandler {
  /** A text message; `receivedUs` is the monotonic time of the read that brought it. */
  text(client: number, bytes: Buffer, range: MessageRange): void;
  /** A binary message: never due from `/ws`. */
  binary(client: number): void;
  /**
   * The connection is gone, or never came up; called once.
   * `reason` is `http_503`, `close_4002`, `protocol`, or a socket error such as `ECONNRESET`.
   */
  ended(client: number, reason: string): void;
}

/** Where a message lies, and when it came. One object is filled again and again. */
export interface MessageRange {
  start: number;
  end: number;
  receivedUs: number;
}

/** What a worker does with a client that it opened. */
export interface Client {
  send(text: string): void;
  /** Starts the closing handshake; `ended` follows. */
  close(): void;
  /** Lets go of the socket at once; `ended` does not follow. */
  destroy(): void;
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

/**
 * What is used of uWebSockets.js, in types of our own: the package may be absent, and has two names.
 *
 * @see https://unetworking.github.io/uWebSockets.js/generated/
 */

/** Texts come in as UTF-8 and are quickest as bytes. */
export type UwsText = string | Uint8Array;

/** A connection, valid from `open` to `close`; whoever touches it later gets an exception. */
export interface UwsWebSocket<UserData> {
  /** @returns one of {@link SEND_STATUS} */
  send(message: UwsText, isBinary: boolean, compress: boolean): number;
  ping(): number;
  /** Writes in one go what is sent during the call. */
  cork(send: () => void): unknown;
  /** Sends a close frame, then FIN; calls `close` before it returns. */
  end(code: number, reason: string): void;
  /** Cuts; calls `close` before it returns. */
  close(): void;
  getBufferedAmount(): number;
  getUserData(): UserData;
}

/** What `send` and `ping` answer. */
export const SEND_STATUS = { buffered: 0, sent: 1, dropped: 2 } as const;

/** A request, valid during the handler alone. */
export interface UwsRequest {
  /** Lower case. */
  getMethod(): string;
  /** Without the query. */
  getUrl(): string;
  /** Without the question mark; undefined without one. */
  getQuery(): string | undefined;
  /** Names in lower case. */
  forEach(take: (name: string, value: string) => void): void;
}

export interface UwsResponse {
  writeStatus(status: string): UwsResponse;
  writeHeader(name: string, value: string): UwsResponse;
  end(body: UwsText, closeConnection: boolean): UwsResponse;
  endWithoutBody(contentLength: number | undefined, closeConnection: boolean): UwsResponse;
  /** From then on nothing of the response may be touched. */
  onAborted(handler: () => void): UwsResponse;
  /** A chunk is valid during the call alone. */
  onData(handler: (chunk: ArrayBuffer, isLast: boolean) => void): UwsResponse;
  cork(write: () => void): UwsResponse;
  /** 4 or 16 bytes. */
  getRemoteAddress(): ArrayBuffer;
  upgrade<UserData extends object>(userData: UserData, ...handshake: UwsHandshake): void;
}

/** Sec-WebSocket-Key, -Protocol and -Extensions, and what the handler was given. */
export type UwsHandshake = [key: string, protocol: string, extensions: string, context: UwsContext];

/** A pointer. */
export type UwsContext = object;
export type UwsListenSocket = object;

export interface UwsBehavior<UserData> {
  readonly maxPayloadLength: number;
  readonly maxBackpressure: number;
  readonly closeOnBackpressureLimit: boolean;
  /** Seconds; 0 is none. */
  readonly idleTimeout: number;
  readonly sendPingsAutomatically: boolean;
  readonly compression: number;
  upgrade(response: UwsResponse, request: UwsRequest, context: UwsContext): void;
  open(webSocket: UwsWebSocket<UserData>): void;
  message(webSocket: UwsWebSocket<UserData>, data: ArrayBuffer, isBinary: boolean): void;
  /** The pong has been sent already. */
  ping(webSocket: UwsWebSocket<UserData>, data: ArrayBuffer): void;
  pong(webSocket: UwsWebSocket<UserData>, data: ArrayBuffer): void;
  drain(webSocket: UwsWebSocket<UserData>): void;
  close(webSocket: UwsWebSocket<UserData>, code: number, reason: ArrayBuffer): void;
}

export interface UwsApp {
  ws<UserData>(pattern: string, behavior: UwsBehavior<UserData>): UwsApp;
  any(pattern: string, handler: (response: UwsResponse, request: UwsRequest) => void): UwsApp;
  /** Calls back before it returns. */
  listen(
    host: string,
    port: number,
    options: number,
    bound: (socket: UwsListenSocket | false) => void,
  ): UwsApp;
  /** Cuts everything that is open. */
  close(): UwsApp;
}

export interface UwsModule {
  App(): UwsApp;
  SSLApp(options: { readonly key_file_name: string; readonly cert_file_name: string }): UwsApp;
  us_listen_socket_close(socket: UwsListenSocket): void;
  us_socket_local_port(socket: UwsListenSocket): number;
  readonly DISABLED: number;
  readonly SHARED_COMPRESSOR: number;
  /** Nobody else may bind the port; without it, the kernel would share it among processes. */
  readonly LIBUS_LISTEN_EXCLUSIVE_PORT: number;
}

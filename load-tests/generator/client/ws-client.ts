/** A client by the `ws` library: any target, `wss://` too (certificates are verified as Node does). */

import type { ClientRequest, IncomingMessage } from 'node:http';
import { isIP, type Socket } from 'node:net';
import { WebSocket } from 'ws';
import { monotonicUs } from '../monotonic-clock.ts';
import { type Client, type ClientHandler, type ClientOptions, MAX_MESSAGE_BYTES } from './client.ts';
import { pinnedLookup } from './target-address.ts';

/** Opens a connection to `ws://` or `wss://`; see {@link Client}. */
export function openWsClient(options: ClientOptions): Client {
  return new WsClient(options);
}

class WsClient implements Client {
  readonly #client: number;
  readonly #handler: ClientHandler;
  readonly #socket: WebSocket;
  #failure: string | null = null;
  #isOver = false;
  #isSilent = false;
  #stream: Socket | null = null;

  constructor(options: ClientOptions) {
    this.#client = options.client;
    this.#handler = options.handler;
    this.#socket = new WebSocket(options.url, {
      perMessageDeflate: false,
      // Answered below, unless the client is silent.
      autoPong: false,
      maxPayload: MAX_MESSAGE_BYTES,
      // A name that could not be resolved is left to fail by itself.
      ...(isIP(options.address) === 0 ? {} : { lookup: pinnedLookup(options.address) }),
      ...(options.localAddress === undefined ? {} : { localAddress: options.localAddress, family: 4 }),
    });
    this.#socket.on('upgrade', (response) => {
      this.#stream = response.socket;
    });
    this.#socket.on('message', (data: Buffer, isBinary) => this.#receive(data, isBinary));
    this.#socket.on('ping', (data: Buffer) => {
      if (!this.#isSilent) this.#socket.pong(data);
    });
    this.#socket.on('unexpected-response', (request, response) => this.#refused(request, response));
    this.#socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#failure ??= failureReason(error);
    });
    this.#socket.on('close', (code) => this.#end(this.#failure ?? `close_${code}`));
  }

  send(text: string): void {
    // A socket that closed meanwhile says so by its own event.
    this.#socket.send(text, () => undefined);
  }

  close(): void {
    this.#socket.close(1000);
  }

  destroy(): void {
    this.#isOver = true;
    this.#socket.terminate();
  }

  reset(): void {
    this.#isOver = true;
    if (this.#stream === null) this.#socket.terminate();
    else resetStream(this.#stream);
  }

  pause(): void {
    this.#socket.pause();
  }

  silence(): void {
    this.#isSilent = true;
  }

  #receive(data: Buffer, isBinary: boolean): void {
    if (this.#isOver) return;
    this.#handler.received(monotonicUs());
    if (isBinary) this.#handler.binary(this.#client, data, 0, data.length);
    else this.#handler.text(this.#client, data, 0, data.length);
  }

  #refused(request: ClientRequest, response: IncomingMessage): void {
    this.#end(`http_${response.statusCode}`);
    request.destroy();
  }

  #end(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#handler.ended(this.#client, reason);
  }
}

/** A TLS socket cannot send a reset by itself (`resetAndDestroy` is for TCP): it is destroyed instead. */
function resetStream(stream: Socket): void {
  if ('encrypted' in stream) stream.destroy();
  else stream.resetAndDestroy();
}

/** A short, stable name: a socket or TLS error's code; `protocol` for what `ws` calls a broken handshake or frame. */
function failureReason(error: NodeJS.ErrnoException): string {
  if (error.code === undefined || error.code.startsWith('WS_ERR')) return 'protocol';
  return error.code;
}

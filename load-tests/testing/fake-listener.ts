/** HTTP and WebSockets on one free loopback port: what every fake server stands on. */

import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ServerOptions, WebSocketServer } from 'ws';

export class FakeListener {
  readonly sockets: WebSocketServer;
  readonly #http: Server;

  constructor(http: Server, options: Pick<ServerOptions, 'path' | 'verifyClient'>) {
    this.#http = http;
    this.sockets = new WebSocketServer({ server: http, perMessageDeflate: false, ...options });
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  get connections(): number {
    return this.sockets.clients.size;
  }

  async listen(host: '127.0.0.1' | '::1' = '127.0.0.1'): Promise<void> {
    this.#http.listen(0, host);
    await once(this.#http, 'listening');
  }

  /** Cuts every connection and listens no more. */
  async stop(): Promise<void> {
    for (const socket of this.sockets.clients) socket.terminate();
    this.#http.closeAllConnections();
    await new Promise<void>((resolve) => {
      this.#http.close(() => resolve());
    });
  }
}

/** The engine `ws`: Fastify's own HTTP server, whose upgrades become connections. */

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TransportOptions } from '../connection-endpoint.ts';
import { OpenSockets } from '../open-sockets.ts';
import { answerRaw } from '../raw-answer.ts';
import { viewRequest } from '../request-view.ts';
import {
  type Engine,
  HTTP_GRACE_MS,
  type ListenAddress,
  type ListenerParts,
  type PublicListener,
} from '../transport.ts';
import { onHandshake } from '../upgrade-requests.ts';
import { WsTransport } from './ws-transport.ts';

/** Connections whose request is done are looked for this often while the port closes. */
const RELEASE_EVERY_MS = 20;

/** Makes the engine. */
export function createWsEngine(options: TransportOptions): Engine {
  const transport = new WsTransport(options);
  return { transport, createListener: (parts) => new WsListener(transport, parts) };
}

class WsListener implements PublicListener {
  readonly #parts: ListenerParts;
  /** Null without TLS: Node can end all plain connections itself. */
  readonly #tlsSockets: OpenSockets | null;

  constructor(transport: WsTransport, parts: ListenerParts) {
    const { app, tls, admit } = parts;
    this.#parts = parts;
    onHandshake(app.server, tls !== null, (request, socket, head) => {
      const admission = admit(viewRequest(request));
      if (admission.accepted) transport.accept(request, head, admission);
      else answerRaw(socket, admission.answer);
    });
    this.#tlsSockets = tls === null ? null : new OpenSockets(app.server);
  }

  async listen(address: ListenAddress): Promise<number> {
    const { app } = this.#parts;
    await app.listen({ ...address });
    const bound: AddressInfo | string | null = app.server.address();
    return typeof bound === 'object' && bound !== null ? bound.port : address.port;
  }

  /** What is idle or becomes so goes at once. */
  async close(): Promise<void> {
    const { app } = this.#parts;
    const server: Server = app.server;
    const release = setInterval(() => server.closeIdleConnections(), RELEASE_EVERY_MS);
    const cut = setTimeout(() => {
      server.closeAllConnections();
      this.#tlsSockets?.destroyAll();
    }, HTTP_GRACE_MS);
    await app.close();
    clearInterval(release);
    clearTimeout(cut);
  }
}

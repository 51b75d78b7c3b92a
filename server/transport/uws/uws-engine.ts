/** The engine `uws`: one listener of uWebSockets.js, for connections and for HTTP. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TransportOptions } from '../connection-endpoint.ts';
import {
  type Engine,
  HTTP_GRACE_MS,
  type ListenAddress,
  type ListenerParts,
  type PublicListener,
} from '../transport.ts';
import { isWebSocketOffer } from '../upgrade-requests.ts';
import { loadUws } from './load-uws.ts';
import type { UwsApp, UwsContext, UwsListenSocket, UwsModule, UwsResponse } from './uws-api.ts';
import { UwsHttp, writeAnswer } from './uws-http.ts';
import { type ReadRequest, readUwsRequest } from './uws-requests.ts';
import { UwsTransport } from './uws-transport.ts';

/** A close frame that was sent this long ago has arrived, or will not. */
const LINGER_MS = 200;
/** Requests in flight are looked for this often while the port closes. */
const LOOK_EVERY_MS = 10;

/**
 * Makes the engine.
 *
 * @throws TouchlineError `TL_ENGINE_UNAVAILABLE`
 */
export function createUwsEngine(options: TransportOptions): Engine {
  const uws = loadUws();
  const transport = new UwsTransport(options);
  const parts = { uws, transport, nowMs: options.nowMs };
  return { transport, createListener: (listener) => new UwsListener(parts, listener) };
}

interface EngineParts {
  readonly uws: UwsModule;
  readonly transport: UwsTransport;
  readonly nowMs: () => number;
}

class UwsListener implements PublicListener {
  readonly #engine: EngineParts;
  readonly #parts: ListenerParts;
  readonly #http: UwsHttp;
  readonly #app: UwsApp;
  #socket: UwsListenSocket | null = null;

  constructor(engine: EngineParts, parts: ListenerParts) {
    this.#engine = engine;
    this.#parts = parts;
    this.#http = new UwsHttp(parts);
    const { uws, transport } = engine;
    const behavior = transport.behavior(uws, (response, request, context) =>
      this.#handle(response, readUwsRequest(response, request), context),
    );
    // uWS takes a GET with a key of 24 characters for an upgrade, and leaves the others to `any`.
    this.#app = createApp(uws, parts.tls)
      .ws('/*', behavior)
      .any('/*', (response, request) => this.#handle(response, readUwsRequest(response, request), null));
  }

  /** The backlog is uWS's own: 512. */
  async listen({ host, port }: ListenAddress): Promise<number> {
    await this.#parts.app.ready();
    const { uws } = this.#engine;
    this.#app.listen(host, port, uws.LIBUS_LISTEN_EXCLUSIVE_PORT, (socket) => {
      if (socket !== false) this.#socket = socket;
    });
    if (this.#socket !== null) return uws.us_socket_local_port(this.#socket);
    throw await whyNot(host, port);
  }

  /** uWS says nothing of an end that it waits for, so who was closed just now is given a moment. */
  async close(): Promise<void> {
    const { uws, transport, nowMs } = this.#engine;
    if (this.#socket !== null) uws.us_listen_socket_close(this.#socket);
    this.#socket = null;
    const cutAtMs = nowMs() + HTTP_GRACE_MS;
    const isBusy = () => this.#http.pending > 0 && nowMs() < cutAtMs;
    while (isBusy() || nowMs() < transport.lastClosedAtMs + LINGER_MS) await sleep(LOOK_EVERY_MS);
    await this.#parts.app.close();
    this.#app.close();
  }

  #handle(response: UwsResponse, request: ReadRequest, context: UwsContext | null): void {
    if (!isWebSocketOffer(request)) {
      this.#http.handle(response, request);
      return;
    }
    const admission = this.#parts.admit(request);
    if (!admission.accepted) {
      writeAnswer(response, admission.answer);
    } else if (context !== null) {
      this.#engine.transport.accept(response, request, { ...admission, context });
    } else {
      const message = 'expected a WebSocket handshake that uWebSockets.js takes; received another';
      writeAnswer(response, { status: 400, body: { code: 'TL_UPGRADE_INVALID', message } });
    }
  }
}

/** uWS reads certificate and key from files, and only while the app is made. */
function createApp(uws: UwsModule, tls: ListenerParts['tls']): UwsApp {
  if (tls === null) return uws.App();
  const folder = mkdtempSync(join(tmpdir(), 'touchline-tls-'));
  try {
    const [certificate, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    writeFileSync(certificate, tls.cert, { mode: 0o600 });
    writeFileSync(key, tls.key, { mode: 0o600 });
    return uws.SSLApp({ cert_file_name: certificate, key_file_name: key });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** uWS does not tell why it cannot bind; Node does. */
function whyNot(host: string, port: number): Promise<Error> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', resolve);
    probe.listen({ host, port, exclusive: true }, () => {
      probe.close(() => resolve(new Error(`uWebSockets.js cannot bind ${host}:${port}; Node can`)));
    });
  });
}

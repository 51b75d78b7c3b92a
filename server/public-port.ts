/** The public port: HTTP and WebSocket upgrades on one listener. */

import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { ServerConfig } from './config.ts';
import { type Core, hostCheck, type ServerOptions } from './core.ts';
import { COMMENTARY_ROUTE, registerMatchRoutes } from './features/matches/match-routes.ts';
import { registerTickRoutes, TICK_ROUTES } from './features/ticks/tick-routes.ts';
import { TouchlineError } from './protocol/touchline-error.ts';
import { requirePublisher } from './publisher-access.ts';
import type { SettingValues } from './settings.ts';
import { createHttpApp, HTTP_APP_PATHS, refuseOtherMethods } from './transport/http-app.ts';
import { OpenSockets } from './transport/open-sockets.ts';
import { answerRaw } from './transport/raw-answer.ts';
import { onHandshake } from './transport/upgrade-requests.ts';
import { tickCrossOrigin } from './wire-ticks.ts';

/** A loop this late for 10 s is not ready for traffic. */
const UNREADY_LOOP_P99_MS = 1_000;
/** What is still on HTTP when all connections are gone has this long to finish. */
const HTTP_GRACE_MS = 1_000;
/** Connections whose request is done are looked for this often meanwhile. */
const RELEASE_EVERY_MS = 20;

/** The port, and what only it can cut. */
export interface PublicPort {
  readonly app: FastifyInstance;
  /** Null without TLS: Node can end all plain connections itself. */
  readonly tlsSockets: OpenSockets | null;
}

/** Routes, checks and upgrades; listens to nothing yet. */
export function createPublicPort(
  { settings, tls }: ServerConfig,
  core: Core,
  { onDefect }: ServerOptions,
): PublicPort {
  const { drain, faults, loop, matches, ticks, metrics, gate, transport } = core;
  const app = createHttpApp({
    tls,
    maxPayloadBytes: settings.MAX_PAYLOAD_BYTES,
    isHostAllowed: hostCheck(settings),
    readinessProblems: () => [
      ...(drain.isDraining ? ['draining'] : []),
      ...(loop.readinessP99Ms() > UNREADY_LOOP_P99_MS ? ['loop_delay'] : []),
    ],
    ...(settings.INSTRUMENTATION === 'off' ? {} : { onRequestDone: metrics.observeHttpRequest }),
    onDefect,
  });
  const requireChange = ({ authorization }: IncomingHttpHeaders) => {
    if (drain.isDraining) {
      throw new TouchlineError(
        'TL_DRAINING',
        'expected a server that takes new work; this one is shutting down',
      );
    }
    requirePublisher(authorization, settings);
  };
  registerMatchRoutes(app, { matches, requirePublisher: requireChange });
  const crossOrigin = tickCrossOrigin(settings);
  registerTickRoutes(app, { ticks, requirePublisher: requireChange, crossOrigin });
  refuseOtherMethods(app, [...HTTP_APP_PATHS, COMMENTARY_ROUTE, ...TICK_ROUTES]);
  faults.servedBy(app.server);
  onHandshake(app.server, tls !== null, (request, socket, head) => {
    const decision = gate.decide(request);
    const endpoint = decision.accepted ? core.endpoints.get(decision.path) : undefined;
    if (decision.accepted && endpoint !== undefined)
      transport.accept(request, head, { ...decision, endpoint });
    else if (!decision.accepted) answerRaw(socket, decision.answer);
  });
  return { app, tlsSockets: tls === null ? null : new OpenSockets(app.server) };
}

/**
 * Binds the port.
 *
 * @returns the port that is bound
 * @throws TouchlineError `TL_PORT_UNAVAILABLE`
 */
export async function listenPublicly(
  { app }: PublicPort,
  { HOST, PORT, LISTEN_BACKLOG }: SettingValues,
): Promise<number> {
  try {
    await app.listen({ host: HOST, port: PORT, backlog: LISTEN_BACKLOG });
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    const message = `expected to bind the public port ${HOST}:${PORT} (HOST, PORT); received ${what}`;
    throw new TouchlineError('TL_PORT_UNAVAILABLE', message, { cause });
  }
  const address: AddressInfo | string | null = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : PORT;
}

/** Lets requests in flight finish, but not for long; what is idle or becomes so goes at once. */
export async function closePublicPort({ app, tlsSockets }: PublicPort): Promise<void> {
  const server: Server = app.server;
  const release = setInterval(() => server.closeIdleConnections(), RELEASE_EVERY_MS);
  const cut = setTimeout(() => {
    server.closeAllConnections();
    tlsSockets?.destroyAll();
  }, HTTP_GRACE_MS);
  await app.close();
  clearInterval(release);
  clearTimeout(cut);
}

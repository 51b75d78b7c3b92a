/** The public port: HTTP and WebSocket upgrades on one listener. */

import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { ServerConfig } from './config.ts';
import { type Core, hostCheck, type ServerOptions } from './core.ts';
import { COMMENTARY_ROUTE, registerMatchRoutes } from './features/matches/match-routes.ts';
import { registerTickRoutes, TICK_ROUTES } from './features/ticks/tick-routes.ts';
import { TouchlineError } from './protocol/touchline-error.ts';
import { requirePublisher } from './publisher-access.ts';
import type { SettingValues } from './settings.ts';
import { createHttpApp, HTTP_APP_PATHS, refuseOtherMethods } from './transport/http-app.ts';
import type { RequestView } from './transport/request-view.ts';
import type { Admission, PublicListener } from './transport/transport.ts';
import { tickCrossOrigin } from './wire-ticks.ts';

/** A loop this late for 10 s is not ready for traffic. */
const UNREADY_LOOP_P99_MS = 1_000;
/** The port and its routes. */
export interface PublicPort {
  readonly app: FastifyInstance;
  readonly listener: PublicListener;
}

/** Routes, checks and upgrades; listens to nothing yet. */
export function createPublicPort(
  { settings, tls }: ServerConfig,
  core: Core,
  { onDefect }: ServerOptions,
): PublicPort {
  const { drain, faults, loop, matches, ticks, metrics, gate, engine, endpoints } = core;
  const failures = {
    maxPayloadBytes: settings.MAX_PAYLOAD_BYTES,
    onRequestDone: metrics.observeHttpRequest,
    onDefect,
  };
  const app = createHttpApp({
    tls,
    ...failures,
    isHostAllowed: hostCheck(settings),
    readinessProblems: () => [
      ...(drain.isDraining ? ['draining'] : []),
      ...(loop.readinessP99Ms() > UNREADY_LOOP_P99_MS ? ['loop_delay'] : []),
    ],
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
  const admit = (request: RequestView): Admission => {
    const decision = gate.decide(request);
    if (!decision.accepted) return decision;
    const endpoint = endpoints.get(decision.path);
    if (endpoint === undefined)
      throw new RangeError(`no endpoint at ${decision.path}, which the gate let in`);
    return { ...decision, endpoint };
  };
  return { app, listener: engine.createListener({ app, tls, admit, ...failures }) };
}

/**
 * Binds the port.
 *
 * @returns the port that is bound
 * @throws TouchlineError `TL_PORT_UNAVAILABLE`
 */
export async function listenPublicly(
  { listener }: PublicPort,
  { HOST, PORT, LISTEN_BACKLOG }: SettingValues,
): Promise<number> {
  try {
    return await listener.listen({ host: HOST, port: PORT, backlog: LISTEN_BACKLOG });
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    const message = `expected to bind the public port ${HOST}:${PORT} (HOST, PORT); received ${what}`;
    throw new TouchlineError('TL_PORT_UNAVAILABLE', message, { cause });
  }
}

/** Lets requests in flight finish, but not for long; what is idle or becomes so goes at once. */
export function closePublicPort({ listener }: PublicPort): Promise<void> {
  return listener.close();
}

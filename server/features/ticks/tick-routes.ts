/** The HTTP side of the feed: its configuration, its figures, its symbols. Pages from elsewhere may use it, see {@link CrossOrigin}. */

import type { IncomingHttpHeaders } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { tickConfigSchema } from './tick-config.ts';
import { TICK_SYMBOLS } from './tick-symbols.ts';
import type { Ticks } from './ticks.ts';

/** Which pages from elsewhere may use these routes: all of them, or those of certain origins. */
export type CrossOrigin = '*' | readonly string[];

export interface TickRouteOptions {
  readonly ticks: Ticks;
  /** @throws TouchlineError when this request may change nothing */
  readonly requirePublisher: (headers: IncomingHttpHeaders) => void;
  readonly crossOrigin: CrossOrigin;
}

/** Paths of these routes. */
export const TICK_ROUTES = ['/config', '/stats', '/ticks/symbols'] as const;

const ALLOWED_METHODS = 'GET, POST, DELETE, OPTIONS';
/** A browser asks again after so many seconds. */
const PREFLIGHT_SECONDS = '600';

/** Adds `/config`, `/stats` and `/ticks/symbols`. */
export function registerTickRoutes(app: FastifyInstance, options: TickRouteOptions): void {
  const { ticks, requirePublisher, crossOrigin } = options;
  const typed = app.withTypeProvider<TypeBoxTypeProvider>();
  const part = Type.Partial(tickConfigSchema(ticks.config.maxRate), {
    description:
      'a JSON object with any of rate, rampEnabled, rampPercent, rampIntervalSec, format, source, fanOut',
  });
  const allow = async (request: FastifyRequest, reply: FastifyReply) =>
    allowOrigin(request, reply, crossOrigin);
  const check = async (request: FastifyRequest) => requirePublisher(request.headers);

  typed.get('/config', { onRequest: allow }, async () => ticks.config.values);
  typed.post('/config', { schema: { body: part }, onRequest: [allow, check] }, async (request) =>
    ticks.config.change(knownFields(request.body, Object.keys(part.properties))),
  );
  typed.get('/stats', { onRequest: allow }, async () => ticks.stats.answer());
  typed.delete('/stats', { onRequest: [allow, check] }, async () => {
    ticks.stats.clear();
    return { cleared: true };
  });
  typed.get('/ticks/symbols', { onRequest: allow }, async () => TICK_SYMBOLS);
  for (const url of TICK_ROUTES) {
    app.options(url, { onRequest: allow }, async (_request, reply) => {
      reply.header('Access-Control-Allow-Methods', ALLOWED_METHODS);
      reply.header('Access-Control-Allow-Headers', allowedHeaders(crossOrigin));
      reply.header('Access-Control-Max-Age', PREFLIGHT_SECONDS);
      return reply.code(204).send();
    });
  }
}

/** Where a token is due, pages must be able to send it. */
function allowedHeaders(crossOrigin: CrossOrigin): string {
  return crossOrigin === '*' ? 'Content-Type' : 'Content-Type, Authorization';
}

/** @see https://fetch.spec.whatwg.org/#http-access-control-allow-origin */
function allowOrigin(request: FastifyRequest, reply: FastifyReply, crossOrigin: CrossOrigin): void {
  if (crossOrigin === '*') {
    reply.header('Access-Control-Allow-Origin', '*');
    return;
  }
  reply.header('Vary', 'Origin');
  const { origin } = request.headers;
  if (origin !== undefined && crossOrigin.includes(origin.toLowerCase())) {
    reply.header('Access-Control-Allow-Origin', origin);
  }
}

/** Fields that a configuration does not have are ignored. */
function knownFields<Body extends object>(body: Body, names: readonly string[]): Partial<Body> {
  return Object.fromEntries(Object.entries(body).filter(([name]) => names.includes(name))) as Partial<Body>;
}

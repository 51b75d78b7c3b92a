/** The HTTP side of the public port: Fastify with our checks, our errors and our health answers. */

import { type IncomingMessage, METHODS } from 'node:http';
import type { Socket } from 'node:net';
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { TouchlineError } from '../protocol/touchline-error.ts';
import type { HttpErrorBody } from './http-errors.ts';
import {
  answerBadUrl,
  answerClientError,
  answerError,
  answerExpectation,
  type HttpFailureOptions,
} from './http-failures.ts';
import { hostCount } from './request-view.ts';
import { compileValidator } from './schema-problems.ts';
import { hasSoleHost } from './sole-host.ts';
import { WATCH_PAGE, WATCH_PAGE_CSP } from './watch-page.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Monotonic ms; 0 where requests are not timed. */
    receivedAtMs: number;
  }
}

export interface HttpAppOptions extends HttpFailureOptions {
  readonly tls: { readonly cert: string; readonly key: string } | null;
  readonly isHostAllowed: (host: string | undefined) => boolean;
  /** Why this server should get no traffic now; empty when it is ready. */
  readonly readinessProblems: () => readonly string[];
}

/** A request has this long to arrive in full. */
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;
/** A TLS handshake has this long; Node's own 120 s would let a few sockets hold on for long. */
const TLS_HANDSHAKE_TIMEOUT_MS = 10_000;
/** Those limits are as exact as this; Node looks every 30 s unless told. */
const TIMEOUT_CHECK_EVERY_MS = 1_000;
/** As long as a request line can be: a parameter that is too long is refused by its schema, which names it. */
const MAX_PARAM_LENGTH = 16_384;
/** What is refused with 405 on paths that do not have it. CONNECT names no path, HEAD goes with GET. */
const REFUSABLE_METHODS = METHODS.filter((method) => method !== 'CONNECT' && method !== 'HEAD');

/** Makes the app; the caller adds its routes, then calls {@link refuseOtherMethods}. */
export function createHttpApp(options: HttpAppOptions): FastifyInstance {
  const app = makeFastify(options);
  app.server.headersTimeout = HEADERS_TIMEOUT_MS;
  app.server.on('checkExpectation', (request, response) => answerExpectation(request, response, options));
  for (const method of REFUSABLE_METHODS) {
    if (!app.supportedMethods.includes(method)) app.addHttpMethod(method);
  }
  app.setValidatorCompiler(compileValidator);
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler((error: FastifyError, request, reply) =>
    answerError(error, { request, reply, options }),
  );
  app.setNotFoundHandler((request, reply) => {
    const body: HttpErrorBody = {
      code: 'TL_NOT_FOUND',
      message: `expected a path of this server; received "${pathOf(request)}"`,
    };
    return reply.code(404).send(body);
  });
  observeRequests(app, options);
  app.addHook('onRequest', (request, _reply, done) => done(hostProblem(request.raw, options)));
  addHealthRoutes(app, options);
  addPages(app);
  return app;
}

/**
 * Times requests until their answer is handed over. Not by `onResponse`: for that hook Fastify would listen to the end of
 * every response.
 */
function observeRequests(app: FastifyInstance, { onRequestDone }: HttpAppOptions): void {
  if (onRequestDone === undefined) return;
  app.decorateRequest('receivedAtMs', 0);
  app.addHook('onRequest', (request, _reply, done) => {
    request.receivedAtMs = performance.now();
    done();
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    const route = request.routeOptions.url ?? 'other';
    onRequestDone(route, reply.statusCode, (performance.now() - request.receivedAtMs) / 1_000);
    done(null, payload);
  });
}

/** Answers 405 on paths that exist, for methods they do not have. Call it after all routes are there. */
export function refuseOtherMethods(app: FastifyInstance, paths: readonly string[]): void {
  for (const url of paths) {
    const allowed = REFUSABLE_METHODS.filter((method) => app.hasRoute({ method, url }));
    const allow = allowed.includes('GET') ? [...allowed, 'HEAD'].join(', ') : allowed.join(', ');
    const refuse = async (request: FastifyRequest, reply: FastifyReply) => {
      const message = `expected ${allow} on ${url}; received ${request.method}`;
      const body: HttpErrorBody = { code: 'TL_METHOD_NOT_ALLOWED', message };
      return reply.code(405).header('Allow', allow).send(body);
    };
    const method = REFUSABLE_METHODS.filter((other) => !allowed.includes(other));
    // Before the body is looked at: a wrong method with a wrong body is a wrong method.
    app.route({ url, method, onRequest: refuse, handler: refuse });
  }
}

/** Paths of this file's own routes. */
const WEBSOCKET_PATHS = ['/ws', '/ticks'] as const;
export const HTTP_APP_PATHS = ['/', '/livez', '/readyz', ...WEBSOCKET_PATHS] as const;

function makeFastify(options: HttpAppOptions): FastifyInstance {
  const { tls, maxPayloadBytes } = options;
  const shared = {
    logger: false,
    bodyLimit: maxPayloadBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    frameworkErrors: (_error: FastifyError, request: FastifyRequest, reply: FastifyReply) =>
      answerBadUrl(request, reply, options),
    clientErrorHandler: (error: NodeJS.ErrnoException, socket: Socket) =>
      answerClientError(error, socket, options),
  } as const;
  // A missing Host is answered by us, with a body.
  const http = { connectionsCheckingInterval: TIMEOUT_CHECK_EVERY_MS, requireHostHeader: false } as const;
  if (tls === null) return Fastify({ ...shared, http });
  const https = { ...http, ...tls, handshakeTimeout: TLS_HANDSHAKE_TIMEOUT_MS };
  // An https server has the same members; Fastify types it as another instance.
  return Fastify({ ...shared, https }) as unknown as FastifyInstance;
}

function addHealthRoutes(app: FastifyInstance, options: HttpAppOptions): void {
  app.get('/livez', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const reasons = options.readinessProblems();
    return reasons.length === 0 ? { status: 'ok' } : reply.code(503).send({ status: 'unready', reasons });
  });
}

function addPages(app: FastifyInstance): void {
  app.get('/', async (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('Content-Security-Policy', WATCH_PAGE_CSP)
      .header('X-Content-Type-Options', 'nosniff')
      .header('Referrer-Policy', 'no-referrer')
      .send(WATCH_PAGE),
  );
  for (const path of WEBSOCKET_PATHS) {
    app.get(path, async (_request, reply) => {
      const body: HttpErrorBody = {
        code: 'TL_UPGRADE_INVALID',
        message: 'expected a WebSocket upgrade; received a plain GET',
      };
      return reply.code(426).header('Upgrade', 'websocket').header('Sec-WebSocket-Version', '13').send(body);
    });
  }
}

function hostProblem(
  request: IncomingMessage,
  { isHostAllowed }: HttpAppOptions,
): TouchlineError | undefined {
  const { host } = request.headers;
  const hosts = hostCount(request);
  if (!hasSoleHost({ hosts, httpVersion: request.httpVersion })) {
    const message = `Host: expected exactly one; received ${hosts === 0 ? 'none' : 'more'}`;
    return new TouchlineError('TL_REQUEST_INVALID', message);
  }
  if (isHostAllowed(host)) return undefined;
  const message = `Host: expected an IP address, localhost, HOST or one of ALLOWED_HOSTS; received "${host ?? ''}"`;
  return new TouchlineError('TL_HOST_FORBIDDEN', message);
}

function pathOf(request: FastifyRequest): string {
  return (request.url.split('?', 1)[0] ?? '').slice(0, 100);
}

/** The HTTP side of the public port: Fastify with our checks, our errors and our health answers. */

import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { TouchlineError } from '../protocol/touchline-error.ts';
import {
  HTTP_STATUS_BY_CODE,
  type HttpErrorBody,
  type HttpErrorCode,
  isHttpErrorCode,
} from './http-errors.ts';
import { answerRaw } from './raw-answer.ts';
import { compileValidator } from './schema-problems.ts';
import { WATCH_PAGE, WATCH_PAGE_CSP } from './watch-page.ts';

export interface HttpAppOptions {
  readonly tls: { readonly cert: string; readonly key: string } | null;
  readonly maxPayloadBytes: number;
  readonly isHostAllowed: (host: string | undefined) => boolean;
  /** Why this server should get no traffic now; empty when it is ready. */
  readonly readinessProblems: () => readonly string[];
  readonly onRequestDone: (route: string, status: number, durationSeconds: number) => void;
  readonly onDefect: (error: unknown) => void;
}

/** A request has this long to arrive in full. */
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;
/** What other methods are refused with 405 for, on each path. */
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** Makes the app; the caller adds its routes, then calls {@link refuseOtherMethods}. */
export function createHttpApp(options: HttpAppOptions): FastifyInstance {
  const app = makeFastify(options);
  app.server.headersTimeout = HEADERS_TIMEOUT_MS;
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
  app.addHook('onRequest', async (request) => requireHost(request.headers, options));
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'other';
    options.onRequestDone(route, reply.statusCode, reply.elapsedTime / 1000);
  });
  addHealthRoutes(app, options);
  addPages(app);
  return app;
}

/** Answers 405 on paths that exist, for methods they do not have. Call it after all routes are there. */
export function refuseOtherMethods(app: FastifyInstance, paths: readonly string[]): void {
  for (const url of paths) {
    const allowed = METHODS.filter((method) => app.hasRoute({ method, url }));
    const allow = allowed.includes('GET') ? [...allowed, 'HEAD'].join(', ') : allowed.join(', ');
    app.route({
      url,
      method: METHODS.filter((method) => !allowed.includes(method)),
      handler: async (request, reply) => {
        const message = `expected ${allow} on ${url}; received ${request.method}`;
        const body: HttpErrorBody = { code: 'TL_METHOD_NOT_ALLOWED', message };
        return reply.code(405).header('Allow', allow).send(body);
      },
    });
  }
}

/** Paths of this file's own routes. */
export const HTTP_APP_PATHS = ['/', '/livez', '/readyz', '/ws'] as const;

function makeFastify({ tls, maxPayloadBytes }: HttpAppOptions): FastifyInstance {
  const shared = {
    logger: false,
    bodyLimit: maxPayloadBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    clientErrorHandler: answerClientError,
  } as const;
  // An https server has the same members; Fastify types it as another instance.
  return tls === null
    ? Fastify(shared)
    : (Fastify({ ...shared, https: { cert: tls.cert, key: tls.key } }) as unknown as FastifyInstance);
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
  app.get('/ws', async (_request, reply) => {
    const body: HttpErrorBody = {
      code: 'TL_UPGRADE_INVALID',
      message: 'expected a WebSocket upgrade; received a plain GET',
    };
    return reply.code(426).header('Upgrade', 'websocket').header('Sec-WebSocket-Version', '13').send(body);
  });
}

function requireHost(headers: IncomingHttpHeaders, { isHostAllowed }: HttpAppOptions): void {
  if (isHostAllowed(headers.host)) return;
  throw new TouchlineError(
    'TL_HOST_FORBIDDEN',
    `Host: expected an IP address, localhost, HOST or one of ALLOWED_HOSTS; received "${headers.host ?? ''}"`,
  );
}

/** What Fastify calls an error, and what we call it. */
const CODE_BY_FASTIFY_CODE: ReadonlyMap<string, HttpErrorCode> = new Map([
  ['FST_ERR_CTP_BODY_TOO_LARGE', 'TL_BODY_TOO_LARGE'],
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 'TL_CONTENT_TYPE'],
]);

interface Failed {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly options: HttpAppOptions;
}

function answerError(
  error: FastifyError | TouchlineError,
  { request, reply, options }: Failed,
): FastifyReply {
  const body = describeError(error, request, options);
  if (body.code === 'TL_INTERNAL') options.onDefect(error);
  if (body.code === 'TL_DRAINING') reply.header('Retry-After', '5');
  if (body.code === 'TL_UNAUTHORIZED') reply.header('WWW-Authenticate', 'Bearer realm="touchline"');
  return reply.code(HTTP_STATUS_BY_CODE[body.code]).send(body);
}

function describeError(
  error: FastifyError | TouchlineError,
  request: FastifyRequest,
  { maxPayloadBytes }: HttpAppOptions,
): HttpErrorBody {
  if (error instanceof TouchlineError) {
    if (isHttpErrorCode(error.code)) return { code: error.code, message: error.message };
    return { code: 'TL_INTERNAL', message: 'the server failed to answer; its log has the stack' };
  }
  const code = CODE_BY_FASTIFY_CODE.get(error.code);
  if (code === 'TL_BODY_TOO_LARGE') {
    return { code, message: `expected a body of at most ${maxPayloadBytes} bytes; received more` };
  }
  if (code === 'TL_CONTENT_TYPE') {
    const received = request.headers['content-type'] ?? 'none';
    return { code, message: `Content-Type: expected application/json; received ${received.slice(0, 60)}` };
  }
  if (error.code?.startsWith('FST_ERR_CTP_')) {
    return {
      code: 'TL_BODY_INVALID',
      message: `body: expected JSON; received something else (${error.code})`,
    };
  }
  const status = error.statusCode ?? 500;
  if (status >= 400 && status < 500) return { code: 'TL_BODY_INVALID', message: error.message };
  return { code: 'TL_INTERNAL', message: 'the server failed to answer; its log has the stack' };
}

/** Bytes that are not HTTP, headers that are too large or too slow. */
function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  const status =
    error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  if (error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const message = `expected an HTTP/1.1 request; received ${error.code ?? 'something else'}`;
  answerRaw(socket, { status, body: { code: 'TL_REQUEST_INVALID', message } });
}

function pathOf(request: FastifyRequest): string {
  return (request.url.split('?', 1)[0] ?? '').slice(0, 100);
}

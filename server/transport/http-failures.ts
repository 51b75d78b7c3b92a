/** Answers for requests that fail: in a route, in the router, or before they are HTTP at all. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { TouchlineError } from '../protocol/touchline-error.ts';
import {
  HTTP_STATUS_BY_CODE,
  type HttpErrorBody,
  type HttpErrorCode,
  isHttpErrorCode,
} from './http-errors.ts';
import { answerRaw, type RawAnswer } from './raw-answer.ts';

export interface HttpFailureOptions {
  readonly maxPayloadBytes: number;
  /** Absent when nobody counts requests. */
  readonly onRequestDone?: (route: string, status: number, durationSeconds: number) => void;
  readonly onDefect: (error: unknown) => void;
}

/** What Node calls a request that never became one; anything else is 400. */
const CLIENT_ERROR_STATUS: ReadonlyMap<string, number> = new Map([
  ['HPE_HEADER_OVERFLOW', 431],
  ['ERR_HTTP_REQUEST_TIMEOUT', 408],
]);

/** The most that Node takes, for engines that take more. */
const MAX_HEADER_BYTES = 16_384;

/** What Fastify calls an error, and what we call it. */
const CODE_BY_FASTIFY_CODE: ReadonlyMap<string, HttpErrorCode> = new Map([
  ['FST_ERR_CTP_BODY_TOO_LARGE', 'TL_BODY_TOO_LARGE'],
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 'TL_CONTENT_TYPE'],
]);

interface Failed {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly options: HttpFailureOptions;
}

/** Answers whatever a route, a check or the body's parser threw. */
export function answerError(
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
  { maxPayloadBytes }: HttpFailureOptions,
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

/** Answers a URL that the router cannot decode: no route, no hook and no check has seen it. */
export function answerBadUrl(
  request: FastifyRequest,
  reply: FastifyReply,
  { onRequestDone }: HttpFailureOptions,
): void {
  const message = `path: expected percent-encoded UTF-8; received "${request.url.slice(0, 60)}"`;
  const body: HttpErrorBody = { code: 'TL_REQUEST_INVALID', message };
  onRequestDone?.('other', 400, 0);
  reply.code(400).send(body);
}

/** Answers bytes that are not HTTP, and headers that are too large or too slow. */
export function answerClientError(
  error: NodeJS.ErrnoException,
  socket: Duplex,
  { onRequestDone }: HttpFailureOptions,
): void {
  if (error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const status = CLIENT_ERROR_STATUS.get(error.code ?? '') ?? 400;
  const message = `expected an HTTP/1.1 request; received ${error.code ?? 'something else'}`;
  onRequestDone?.('other', status, 0);
  answerRaw(socket, { status, body: { code: 'TL_REQUEST_INVALID', message } });
}

/** Answers an `Expect` header that asks for anything but `100-continue`. */
export function answerExpectation(
  request: IncomingMessage,
  response: ServerResponse,
  { onRequestDone }: HttpFailureOptions,
): void {
  const body = expectationBody(request.headers.expect ?? '');
  onRequestDone?.('other', 417, 0);
  // The body that follows is not read, so the connection cannot be used again.
  response.writeHead(417, { 'Content-Type': 'application/json; charset=utf-8', Connection: 'close' });
  response.end(JSON.stringify(body));
}

/** The answer to an `Expect` header that asks for anything but `100-continue`, or null. */
export function expectationProblem(expect: string | undefined): RawAnswer | null {
  if (expect === undefined || expect.toLowerCase() === '100-continue') return null;
  return { status: 417, body: expectationBody(expect) };
}

function expectationBody(expect: string): HttpErrorBody {
  const message = `Expect: expected none or 100-continue; received "${expect.slice(0, 60)}"`;
  return { code: 'TL_REQUEST_INVALID', message };
}

/** The answer to headers that are too large, or null. */
export function headerProblem(headerBytes: number): RawAnswer | null {
  if (headerBytes <= MAX_HEADER_BYTES) return null;
  const message = `expected headers of at most ${MAX_HEADER_BYTES} bytes; received ${headerBytes}`;
  return { status: 431, body: { code: 'TL_REQUEST_INVALID', message } };
}

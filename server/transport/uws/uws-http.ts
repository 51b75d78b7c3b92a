/** The HTTP side of the engine `uws`: requests go through Fastify's `inject`, so routes, checks and answers are the same. */

import { STATUS_CODES } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { expectationProblem, headerProblem } from '../http-failures.ts';
import type { RawAnswer } from '../raw-answer.ts';
import type { ListenerParts } from '../transport.ts';
import type { UwsResponse } from './uws-api.ts';
import type { ReadRequest } from './uws-requests.ts';

/** uWS writes these itself. */
const OF_THE_CONNECTION: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'transfer-encoding',
]);

/** What requests without a route are counted under. */
const OTHER_ROUTE = 'other';
/** `.` and `..` between slashes, in any spelling. */
const DOT_SEGMENT = /\/(\.|%2e){1,2}(\/|$)/i;

export class UwsHttp {
  /** Requests that are not answered yet. */
  pending = 0;
  readonly #parts: ListenerParts;

  constructor(parts: ListenerParts) {
    this.#parts = parts;
  }

  /** Answers a request, as soon as its body is here. */
  handle(response: UwsResponse, request: ReadRequest): void {
    const { headerBytes, headers, url } = request;
    const refusal = headerProblem(headerBytes) ?? expectationProblem(headers.expect) ?? pathProblem(url);
    if (refusal !== null) {
      this.#parts.onRequestDone?.(OTHER_ROUTE, refusal.status, 0);
      writeAnswer(response, refusal);
      return;
    }
    new Exchange(this.#parts, response, request).run(this);
  }
}

/** One request and its answer. */
class Exchange {
  readonly #parts: ListenerParts;
  readonly #response: UwsResponse;
  readonly #request: ReadRequest;
  readonly #chunks: Buffer[] = [];
  #bodyBytes = 0;
  /** Whether the body is here in full, or so much of it that it is too large. */
  #isTaken = false;
  #isWhole = false;
  #isAborted = false;

  constructor(parts: ListenerParts, response: UwsResponse, request: ReadRequest) {
    this.#parts = parts;
    this.#response = response;
    this.#request = request;
  }

  run(http: { pending: number }): void {
    http.pending += 1;
    this.#response.onAborted(() => {
      this.#isAborted = true;
      if (!this.#isTaken) http.pending -= 1;
    });
    this.#response.onData((chunk, isLast) => {
      if (this.#isTaken) return;
      this.#take(chunk, isLast);
      if (!this.#isTaken) return;
      void this.#answer().finally(() => {
        http.pending -= 1;
      });
    });
  }

  #take(chunk: ArrayBuffer, isLast: boolean): void {
    this.#bodyBytes += chunk.byteLength;
    // Copied: uWS takes the chunk back.
    if (chunk.byteLength > 0) this.#chunks.push(Buffer.from(Buffer.from(chunk)));
    const { maxPayloadBytes } = this.#parts;
    const announced = Number(this.#request.headers['content-length'] ?? 0);
    this.#isWhole = isLast;
    this.#isTaken = isLast || this.#bodyBytes > maxPayloadBytes || announced > maxPayloadBytes;
  }

  async #answer(): Promise<void> {
    const { app, onDefect } = this.#parts;
    try {
      const answer = await inject(app, this.#request, Buffer.concat(this.#chunks));
      if (!this.#isAborted) this.#write(answer);
    } catch (error) {
      onDefect(error);
      const body = {
        code: 'TL_INTERNAL',
        message: 'the server failed to answer; its log has the stack',
      } as const;
      if (!this.#isAborted) writeAnswer(this.#response, { status: 500, body });
    }
  }

  #write({ statusCode, headers, rawPayload }: LightMyRequestResponse): void {
    // What is left of a body that was refused would be read as the next request.
    const isLast = !this.#isWhole || headers.connection === 'close';
    this.#response.cork(() => {
      this.#response.writeStatus(statusLine(statusCode));
      for (const [name, value] of Object.entries(headers)) {
        if (OF_THE_CONNECTION.has(name)) continue;
        for (const each of [value].flat()) this.#response.writeHeader(name, String(each));
      }
      if (this.#request.method !== 'HEAD' && hasBody(statusCode)) this.#response.end(rawPayload, isLast);
      else this.#response.endWithoutBody(announcedLength(headers), isLast);
    });
  }
}

/** Writes an answer that no route gave, and ends the connection. */
export function writeAnswer(response: UwsResponse, { status, body, headers = {} }: RawAnswer): void {
  response.cork(() => {
    response.writeStatus(statusLine(status)).writeHeader('Content-Type', 'application/json; charset=utf-8');
    for (const [name, value] of Object.entries(headers)) response.writeHeader(name, value);
    response.end(JSON.stringify(body), true);
  });
}

/** `inject` would resolve dots as a browser does; no route has any. */
function pathProblem(url: string): RawAnswer | null {
  const path = url.split('?', 1)[0] ?? '';
  if (!DOT_SEGMENT.test(path)) return null;
  const message = `expected a path of this server; received "${path.slice(0, 100)}"`;
  return { status: 404, body: { code: 'TL_NOT_FOUND', message } };
}

function inject(
  app: FastifyInstance,
  request: ReadRequest,
  payload: Buffer,
): Promise<LightMyRequestResponse> {
  const { url, remoteAddress, lists } = request;
  const headers: Record<string, string | string[]> = { host: [] };
  for (const [name, [first = '', ...others]] of lists) {
    // A list, though it be of one: inject makes up a Host where it finds none.
    headers[name] = others.length === 0 && name !== 'host' ? first : [first, ...others];
  }
  const options: InjectOptions = {
    // It would take a backslash for a slash.
    url: url.replaceAll('\\', '%5C'),
    headers,
    remoteAddress,
    ...(payload.length === 0 ? {} : { payload: streamOf(payload) }),
  };
  // The types name the usual methods; the router knows all that Node does.
  return app.inject({ ...options, method: request.method as NonNullable<InjectOptions['method']> });
}

/** A body that is there at once: of a buffer, inject would give it a turn of the event loop later. */
function streamOf(body: Buffer): Readable {
  const stream = new Readable({ read() {} });
  stream.push(body);
  stream.push(null);
  return stream;
}

function statusLine(status: number): string {
  return `${status} ${STATUS_CODES[status] ?? ''}`;
}

function hasBody(status: number): boolean {
  return status !== 204 && status !== 304;
}

function announcedLength(headers: LightMyRequestResponse['headers']): number | undefined {
  const length = headers['content-length'];
  return length === undefined ? undefined : Number(length);
}

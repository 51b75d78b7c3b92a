/** POSTs over keep-alive HTTP/1.1 connections, as many as there are answers under way: a slow one holds no other. */

import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { pinnedLookup } from '../../client/target-address.ts';
import type { LoadTarget } from '../../load-plan.ts';

/** A request beyond this many unanswered ones fails by itself: sockets must not eat all file descriptors. */
const MAX_UNDER_WAY = 4_096;
/** An answer is a stored item of a few KB; no more than this is read of it. */
const MAX_ANSWER_BYTES = 65_536;

/** What came of one request; failures are data. */
export type PostOutcome =
  | { readonly state: 'accepted'; readonly body: string }
  /** `http_503`, a socket error such as `ECONNREFUSED`, `interrupted`, `too_many_under_way`. */
  | { readonly state: 'failed'; readonly reason: string };

/** How to reach the origin. */
export interface PosterRoute {
  /** The address its name stands for, looked up once. */
  readonly address: string;
  /** An IPv4 address to connect from; undefined leaves it to the system. */
  readonly localAddress: string | undefined;
}

/** Sends JSON to one origin. */
export class HttpPoster {
  readonly #origin: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #agent: HttpAgent;
  readonly #underWay = new Set<ClientRequest>();

  constructor({ httpUrl, apiToken }: LoadTarget, { address, localAddress }: PosterRoute) {
    this.#origin = new URL(httpUrl);
    this.#headers = {
      'content-type': 'application/json',
      ...(apiToken === undefined ? {} : { authorization: `Bearer ${apiToken}` }),
    };
    const isTls = this.#origin.protocol === 'https:';
    this.#agent = new (isTls ? HttpsAgent : HttpAgent)({
      keepAlive: true,
      ...(isIP(address) === 0 ? {} : { lookup: pinnedLookup(address) }),
      ...(localAddress === undefined ? {} : { localAddress, family: 4 }),
    });
  }

  /** Sends now; `done` is called once, whatever happens. */
  post(path: string, body: string, done: (outcome: PostOutcome) => void): void {
    if (this.#underWay.size >= MAX_UNDER_WAY) {
      done({ state: 'failed', reason: 'too_many_under_way' });
      return;
    }
    const send = this.#origin.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(this.#origin, {
      method: 'POST',
      path,
      agent: this.#agent,
      headers: { ...this.#headers, 'content-length': Buffer.byteLength(body) },
    });
    this.#underWay.add(request);
    const settle = (outcome: PostOutcome): void => {
      if (this.#underWay.delete(request)) done(outcome);
    };
    request.on('response', (response) => readAnswer(response, settle));
    request.on('error', (error: NodeJS.ErrnoException) =>
      settle({ state: 'failed', reason: error.code ?? error.message }),
    );
    request.end(body);
  }

  /** Ends every request that has no answer yet: each fails with `reason`. */
  cut(reason: string): void {
    for (const request of this.#underWay) request.destroy(Object.assign(new Error(reason), { code: reason }));
  }

  /** Closes the idle connections. */
  close(): void {
    this.#agent.destroy();
  }
}

function readAnswer(response: IncomingMessage, settle: (outcome: PostOutcome) => void): void {
  const parts: Buffer[] = [];
  let bytes = 0;
  response.on('data', (part: Buffer) => {
    bytes += part.length;
    if (bytes <= MAX_ANSWER_BYTES) parts.push(part);
  });
  response.on('end', () => {
    if (response.statusCode === 201) settle({ state: 'accepted', body: Buffer.concat(parts).toString() });
    else settle({ state: 'failed', reason: `http_${response.statusCode}` });
  });
  response.on('error', (error: NodeJS.ErrnoException) =>
    settle({ state: 'failed', reason: error.code ?? 'answer_cut' }),
  );
  response.on('close', () => settle({ state: 'failed', reason: 'answer_cut' }));
}

/** The profiler's own `/metrics`, for as long as a run lasts. */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import type { Exposition } from './exposition.ts';
import type { ScrapeWatch } from './scrape-watch.ts';

/** The first is the one that a Prometheus may know by heart; runs side by side take the next. */
const FIRST_PORT = 9_465;
/** Up to the admin port of the server that a run starts. */
const PORTS_TRIED = 4;
/** What a container calls the machine it runs on; no name server can point it at us from outside. */
const HOST_OF_CONTAINERS = 'host.docker.internal';

export interface EndpointOptions {
  /** Address to bind. */
  readonly host: string;
  /** @defaultValue 9465, then the next three, then any free one */
  readonly ports?: readonly number[];
  readonly scrape: (accept: string | undefined) => Promise<Exposition>;
  readonly watch: ScrapeWatch;
}

export interface MetricsEndpoint {
  /** Where a Prometheus on this machine finds it: its `instance`. */
  readonly instance: string;
  /** Ends kept-alive scrapers, too. */
  close(): Promise<void>;
}

/**
 * Serves GET /metrics; everything else is a 404 with a sentence.
 *
 * @throws TouchlineError `TL_USAGE` when the address is none of this machine's
 */
export async function openMetricsEndpoint(options: EndpointOptions): Promise<MetricsEndpoint> {
  const server = createServer((request, response) => {
    answer(options, request, response).catch(() => response.destroy());
  });
  const ports = options.ports ?? [...Array.from({ length: PORTS_TRIED }, (_, next) => FIRST_PORT + next), 0];
  const port = await bindFirst(server, options.host, ports);
  return {
    instance: `${reachableHost(options.host)}:${port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  options: EndpointOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const cameAtMs = performance.now();
  request.resume();
  const { host, accept } = request.headers;
  if (!isHostAllowed(host, options.host)) {
    say(response, 403, `expected an IP address or localhost as Host; received "${host ?? ''}"`);
    return;
  }
  const path = (request.url ?? '').split('?', 1)[0];
  if (request.method !== 'GET' || path !== '/metrics') {
    say(response, 404, 'expected GET /metrics: the profiler shows nothing else');
    return;
  }
  const { body, contentType } = await options.scrape(accept);
  response.once('finish', () => options.watch.answered(cameAtMs));
  response.writeHead(200, { 'content-type': contentType }).end(body);
}

function say(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${sentence}\n`);
}

/**
 * Whether a Host header names this machine. A rebound DNS name comes with its own name in Host; an IP literal cannot
 * be rebound.
 */
function isHostAllowed(header: string | undefined, ownHost: string): boolean {
  const match = /^(?:\[([0-9a-f:.]+)\]|([\w.-]+))(?::\d{1,5})?$/i.exec(header ?? '');
  if (match === null) return false;
  const [, ipv6, name = ''] = match;
  if (ipv6 !== undefined) return isIP(ipv6) === 6;
  return isIP(name) === 4 || ['localhost', HOST_OF_CONTAINERS, ownHost].includes(name.toLowerCase());
}

async function bindFirst(server: Server, host: string, ports: readonly number[]): Promise<number> {
  for (const port of ports) {
    const problem = await listen(server, host, port);
    if (problem === undefined) {
      const address = server.address();
      return typeof address === 'object' && address !== null ? address.port : port;
    }
    if (problem !== 'EADDRINUSE' && problem !== 'EACCES') {
      throw new TouchlineError(
        'TL_USAGE',
        `expected --live-host to be an address of this machine; received "${host}" (${problem})`,
      );
    }
  }
  throw new TouchlineError('TL_PORT_UNAVAILABLE', `expected a free port on ${host}; there is none`);
}

/** @returns undefined, or the code of what went wrong */
function listen(server: Server, host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      server.off('listening', onListening);
      resolve(error.code ?? error.message);
    };
    const onListening = (): void => {
      server.off('error', onError);
      resolve(undefined);
    };
    server.once('error', onError).once('listening', onListening).listen(port, host);
  });
}

/** A socket bound to every address is reached by loopback. */
function reachableHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

/** The admin port: `/metrics` and `/live` for everyone who reaches it, `/debug/*` for whoever has the token. */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { TouchlineError } from '../protocol/touchline-error.ts';
import { isBearerToken, isHostAllowed } from './admin-access.ts';
import { type AdminAnswer, errorAnswer, sendAnswer } from './admin-answer.ts';
import type { AdminRoute } from './admin-route.ts';
import { type AdminRouteOptions, createAdminRoutes } from './admin-routes.ts';
import { createLiveFeed } from './live/create-live-feed.ts';

export interface AdminPortOptions extends Omit<AdminRouteOptions, 'closeIdleConnections' | 'feed'> {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Bearer token of `/debug/*`. */
  readonly token: string;
  /** Names, beside IP literals and localhost, that a Host header may carry; without a port. */
  readonly allowedHosts: readonly string[];
  /** Folder of files that name what else `/live` shows. */
  readonly liveTargets: string;
  /** Told of defects; the client gets `TL_INTERNAL` without details. */
  readonly onDefect: (error: unknown) => void;
}

export interface AdminPort {
  /** @throws TouchlineError `TL_PORT_UNAVAILABLE` */
  listen(): Promise<{ readonly port: number }>;
  /** Ends kept-alive scrapers, too. */
  close(): Promise<void>;
}

/** Serves observability apart from the public port, so that it answers while that one is drained or full. */
export function createAdminPort(options: AdminPortOptions): AdminPort {
  const server = createServer();
  const feed = createLiveFeed({ ...options, server });
  const routes = createAdminRoutes({
    ...options,
    feed,
    emitters: { ...options.emitters, adminServer: server },
    closeIdleConnections: () => server.closeIdleConnections(),
  });
  server.on('request', (request, response) => {
    // Bodies are not used; an unread one would block the next request of the connection.
    request.resume();
    answerRequest({ request, response }, routes, options)
      .catch((error: unknown) => answerError(error, options.onDefect))
      .then((answer) => answer !== null && sendAnswer(response, answer))
      .catch(options.onDefect);
  });
  return {
    listen: () => listen(server, options),
    close: () =>
      new Promise((resolve) => {
        feed.close();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** @returns null where the route keeps the response */
async function answerRequest(
  { request, response }: Exchange,
  routes: ReadonlyMap<string, AdminRoute>,
  options: AdminPortOptions,
): Promise<AdminAnswer | null> {
  const { host, authorization, accept } = request.headers;
  if (!isHostAllowed(host, options.allowedHosts)) {
    return errorAnswer(
      'TL_HOST_FORBIDDEN',
      `expected an IP address, localhost or an allowed name as Host; received "${host ?? ''}"`,
    );
  }
  const [path = '', search = ''] = (request.url ?? '').split('?', 2);
  const route = routes.get(path);
  if (route === undefined) {
    return errorAnswer(
      'TL_NOT_FOUND',
      `expected one of ${[...routes.keys()].filter(isShown).join(', ')}; received "${path}"`,
    );
  }
  if (request.method !== route.method) {
    return errorAnswer(
      'TL_METHOD_NOT_ALLOWED',
      `expected ${route.method} ${path}; received ${request.method}`,
      {
        allow: route.method,
      },
    );
  }
  if (route.access === 'token' && !isBearerToken(authorization, options.token)) {
    return errorAnswer(
      'TL_UNAUTHORIZED',
      'expected Authorization: Bearer with the admin token; it is missing or wrong',
      {
        'www-authenticate': 'Bearer realm="touchline admin"',
      },
    );
  }
  if ('stream' in route) return route.stream(response);
  return route.answer({ accept, query: new URLSearchParams(search) });
}

/** Files of a page are nobody's to know. */
function isShown(path: string): boolean {
  return !path.includes('.');
}

function answerError(error: unknown, onDefect: (error: unknown) => void): AdminAnswer {
  if (error instanceof TouchlineError && error.code !== 'TL_INTERNAL') {
    return errorAnswer(error.code, error.message);
  }
  onDefect(error);
  return errorAnswer('TL_INTERNAL', 'the server failed to answer; its log has the stack');
}

async function listen(server: Server, { host, port, onDefect }: AdminPortOptions): Promise<{ port: number }> {
  try {
    server.listen({ host, port });
    await once(server, 'listening');
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    const message = `expected to bind the admin port ${host}:${port} (ADMIN_HOST, ADMIN_PORT); received ${what}`;
    throw new TouchlineError('TL_PORT_UNAVAILABLE', message, { cause });
  }
  server.on('error', onDefect);
  const address = server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : port };
}

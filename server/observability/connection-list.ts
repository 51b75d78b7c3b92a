/** `GET /debug/connections`: the live connections and the last ones that ended. */

import type { ClosedConnection } from '../hub/closed-ring.ts';
import { TouchlineError } from '../protocol/touchline-error.ts';
import type { ConnectionView, MetricSources } from './metric-sources.ts';

const DEFAULT_LIMIT = 1_000;
const MAX_LIMIT = 100_000;

export interface ConnectionList {
  /** All live connections, listed or not. */
  readonly total: number;
  readonly live: readonly ConnectionView[];
  /** Newest first. */
  readonly closed: readonly ClosedConnection[];
}

/** Lists at most `limit` live connections. */
export function listConnections(sources: MetricSources, limit: number): ConnectionList {
  const live: ConnectionView[] = [];
  for (const connection of sources.connections()) {
    if (live.length >= limit) break;
    live.push(copyView(connection));
  }
  return { total: sources.connectionCount(), live, closed: sources.closedConnections() };
}

/**
 * Reads `?limit=`.
 *
 * @throws TouchlineError `TL_BODY_INVALID` when it is no whole number from 1 to 100,000
 */
export function parseConnectionLimit(text: string | null): number {
  if (text === null) return DEFAULT_LIMIT;
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new TouchlineError(
    'TL_BODY_INVALID',
    `expected limit to be a whole number from 1 to ${MAX_LIMIT}; received "${text}"`,
  );
}

/** Views may be live objects with getters, which JSON would leave out. */
function copyView(view: ConnectionView): ConnectionView {
  return {
    id: view.id,
    remoteAddress: view.remoteAddress,
    openedAt: view.openedAt,
    clientId: view.clientId,
    subscriptions: view.subscriptions,
    receivedMessages: view.receivedMessages,
    sentMessages: view.sentMessages,
    sentPayloadBytes: view.sentPayloadBytes,
    bufferedBytes: view.bufferedBytes,
    bufferedAgeMs: view.bufferedAgeMs,
  };
}

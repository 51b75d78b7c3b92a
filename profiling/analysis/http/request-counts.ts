/** Requests counted at both ends, by status. */

import type { HttpEndpointRecord } from '../../record/http-record.ts';
import type { BroadcastCounts, RequestCounts, StatusCount } from './http-analysis.ts';

const TIMEOUT = 'timeout';
const CREATED = 201;

/** Requests that came to no answer here, and may have been answered there. */
function unanswered({ load }: HttpEndpointRecord): number {
  return load.undetermined + load.failures.reduce((sum, { count }) => sum + count, 0);
}

/** Null where the server shows no counter. */
export function requestCounts(endpoint: HttpEndpointRecord): RequestCounts | null {
  const { load, counted } = endpoint;
  if (counted === null) return null;
  const own = new Map(load.statuses.map(({ status, count }) => [String(status), count]));
  const names = [...new Set([...own.keys(), ...Object.keys(counted.byStatus)])].sort();
  const statuses = names.map(
    (status): StatusCount => ({
      status,
      client: own.get(status) ?? 0,
      server: counted.byStatus[status] ?? 0,
    }),
  );
  const missing = sum(statuses, ({ client, server }) => Math.max(0, client - server));
  const more = sum(statuses, ({ client, server }) => Math.max(0, server - client));
  return {
    statuses,
    unexplained: missing + Math.max(0, more - unanswered(endpoint)) + doubleBooks(endpoint),
  };
}

/** How far autocannon's own count of good answers is off ours; both see the same answers. */
function doubleBooks({ load }: HttpEndpointRecord): number {
  if (load.autocannon === null) return 0;
  const ok = sum(load.statuses, ({ status, count }) => (isOk(status) ? count : 0));
  return Math.abs(load.autocannon['2xx'] - ok);
}

/** Null where nothing was published, or the server shows no counter. */
export function broadcastCounts(endpoint: HttpEndpointRecord): BroadcastCounts | null {
  const broadcasts = endpoint.counted?.broadcasts ?? null;
  if (!endpoint.publishes || broadcasts === null) return null;
  const accepted = endpoint.load.statuses.find(({ status }) => status === CREATED)?.count ?? 0;
  return { accepted, broadcasts, missing: Math.max(0, accepted - broadcasts) };
}

export function isOk(status: number): boolean {
  return status >= 200 && status < 300;
}

export function isTimeout({ reason }: { readonly reason: string }): boolean {
  return reason === TIMEOUT;
}

function sum<Item>(items: readonly Item[], figure: (item: Item) => number): number {
  return items.reduce((total, item) => total + figure(item), 0);
}

/** Decides whether an upgrade request becomes a connection, and counts why not. */

import { type AddressCounts, createAddressCounts } from './address-counts.ts';
import { clientAddress, isLoopback, type TrustedProxies } from './client-address.ts';
import { HTTP_STATUS_BY_CODE, type HttpErrorCode } from './http-errors.ts';
import type { RawAnswer } from './raw-answer.ts';
import type { RequestView } from './request-view.ts';
import { hasSoleHost } from './sole-host.ts';

/** Seconds a refused client should wait: `Retry-After`. */
const RETRY_AFTER_SECONDS = '5';
const KEY = /^[+/0-9A-Za-z]{22}==$/;
/** @see https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2 */
const PROTOCOL_NAME = /^[\w!#$%&'*+.^`|~-]+$/;

export type RefusalReason =
  | 'host'
  | 'path'
  | 'query'
  | 'upgrade_headers'
  | 'origin'
  | 'draining'
  | 'max_connections'
  | 'max_connections_per_ip'
  | 'fault';

/** What is wrong with the query of a request, or null. */
export type CheckQuery = (query: URLSearchParams) => string | null;

export interface UpgradeGateOptions {
  /** The WebSocket endpoints by their paths. */
  readonly endpoints: ReadonlyMap<string, CheckQuery>;
  readonly allowedOrigins: readonly string[];
  readonly maxConnections: number;
  readonly maxConnectionsPerIp: number;
  readonly trustedProxies: TrustedProxies;
  /** `http` or `https`: what a same origin begins with. */
  readonly scheme: 'http' | 'https';
  readonly isHostAllowed: (host: string | undefined) => boolean;
  readonly connectionCount: () => number;
  readonly isDraining: () => boolean;
  /** The fault that refuses some; absent without it. */
  readonly refuseByFault?: () => boolean;
}

/** Where the connection comes from, or the answer that refuses it. */
export type UpgradeDecision =
  | {
      readonly accepted: true;
      readonly path: string;
      readonly remoteAddress: string;
      readonly query: URLSearchParams;
    }
  | { readonly accepted: false; readonly answer: RawAnswer };

interface Refusal {
  readonly reason: RefusalReason;
  readonly code: HttpErrorCode;
  readonly message: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

const RETRY_LATER = { 'Retry-After': RETRY_AFTER_SECONDS };

export class UpgradeGate {
  readonly #options: UpgradeGateOptions;
  readonly #addresses: AddressCounts = createAddressCounts();
  readonly #refusedByReason: Record<RefusalReason, number> = {
    host: 0,
    path: 0,
    query: 0,
    upgrade_headers: 0,
    origin: 0,
    draining: 0,
    max_connections: 0,
    max_connections_per_ip: 0,
    fault: 0,
  };

  constructor(options: UpgradeGateOptions) {
    this.#options = options;
  }

  get refusedByReason(): Readonly<Record<RefusalReason, number>> {
    return this.#refusedByReason;
  }

  /** Addresses that hold connections now. */
  get trackedAddresses(): number {
    return this.#addresses.size;
  }

  /** Checks the request itself first, then whether there is room for it. */
  decide(request: RequestView): UpgradeDecision {
    const { trustedProxies } = this.#options;
    const remoteAddress = clientAddress(request.remoteAddress, request.headers, trustedProxies);
    const refusal = this.#checkRequest(request) ?? this.#checkRoom(remoteAddress);
    if (refusal === null) {
      return { accepted: true, path: pathOf(request), remoteAddress, query: queryOf(request) };
    }
    this.#refusedByReason[refusal.reason] += 1;
    const { code, message, headers } = refusal;
    const answer = { status: refusal.status ?? HTTP_STATUS_BY_CODE[code], body: { code, message } };
    return { accepted: false, answer: headers === undefined ? answer : { ...answer, headers } };
  }

  /** A connection from this address exists now. */
  admitted(remoteAddress: string): void {
    this.#addresses.add(remoteAddress);
  }

  /** A connection from this address is gone. */
  released(remoteAddress: string): void {
    this.#addresses.remove(remoteAddress);
  }

  #checkRequest(request: RequestView): Refusal | null {
    const { endpoints, isHostAllowed } = this.#options;
    const { host, origin } = request.headers;
    if (!isHostAllowed(host)) {
      const message = `Host: expected an IP address, localhost, HOST or one of ALLOWED_HOSTS; received "${host ?? ''}"`;
      return { reason: 'host', code: 'TL_HOST_FORBIDDEN', message };
    }
    const received = pathOf(request);
    const checkQuery = endpoints.get(received);
    if (checkQuery === undefined) {
      const paths = [...endpoints.keys()].join(' or ');
      const message = `expected the WebSocket endpoint ${paths}; received "${received}"`;
      return { reason: 'path', code: 'TL_NOT_FOUND', message };
    }
    const refusal = checkUpgradeHeaders(request) ?? this.#checkOrigin(origin, host ?? '');
    if (refusal !== null) return refusal;
    const problem = checkQuery(queryOf(request));
    return problem === null ? null : { reason: 'query', code: 'TL_BODY_INVALID', message: problem };
  }

  #checkOrigin(origin: string | undefined, host: string): Refusal | null {
    const { allowedOrigins, scheme } = this.#options;
    // No Origin: no browser sent it, so no user can have been tricked into it.
    if (origin === undefined) return null;
    const received = origin.toLowerCase();
    if (received === `${scheme}://${host}`.toLowerCase() || allowedOrigins.includes(received)) return null;
    const message = `Origin: expected none, ${scheme}://${host} or one of ALLOWED_ORIGINS; received "${origin}"`;
    return { reason: 'origin', code: 'TL_ORIGIN_FORBIDDEN', message };
  }

  #checkRoom(remoteAddress: string): Refusal | null {
    const { maxConnections, maxConnectionsPerIp, connectionCount, isDraining, refuseByFault } = this.#options;
    const headers = RETRY_LATER;
    if (isDraining()) {
      const message = 'expected a server that takes connections; this one is shutting down';
      return { reason: 'draining', code: 'TL_DRAINING', message, headers };
    }
    const code = 'TL_TOO_MANY_CONNECTIONS';
    if (connectionCount() >= maxConnections) {
      const message = `expected fewer than ${maxConnections} connections (MAX_CONNECTIONS); all are taken`;
      return { reason: 'max_connections', code, message, headers };
    }
    if (!isLoopback(remoteAddress) && this.#addresses.count(remoteAddress) >= maxConnectionsPerIp) {
      const message = `expected fewer than ${maxConnectionsPerIp} connections from one address (MAX_CONNECTIONS_PER_IP); ${remoteAddress} has them all`;
      return { reason: 'max_connections_per_ip', code, message, headers, status: 429 };
    }
    if (refuseByFault?.() === true) {
      return { reason: 'fault', code, message: 'refused by the fault refuse-connections', headers };
    }
    return null;
  }
}

/** @see https://www.rfc-editor.org/rfc/rfc6455#section-4.2.1 */
function checkUpgradeHeaders(request: RequestView): Refusal | null {
  const { headers } = request;
  const refuse = (message: string): Refusal => ({
    reason: 'upgrade_headers',
    code: 'TL_UPGRADE_INVALID',
    message,
  });
  if (request.httpVersion !== '1.1') return refuse(`expected HTTP/1.1; received HTTP/${request.httpVersion}`);
  if (!hasSoleHost(request)) return refuse('Host: expected exactly one; received none or more');
  if (request.method !== 'GET') return refuse(`expected GET; received ${request.method}`);
  const upgrade = headers.upgrade ?? '';
  if (upgrade.toLowerCase() !== 'websocket') {
    return refuse(`Upgrade: expected websocket; received "${upgrade}"`);
  }
  const version = headers['sec-websocket-version'];
  if (version !== '13') {
    const message = `Sec-WebSocket-Version: expected 13; received "${version ?? ''}"`;
    return {
      ...refuse(message),
      status: 426,
      headers: { 'Sec-WebSocket-Version': '13', Upgrade: 'websocket' },
    };
  }
  const key = headers['sec-websocket-key'] ?? '';
  if (!KEY.test(key)) {
    return refuse(`Sec-WebSocket-Key: expected 16 bytes in base64; received "${key.slice(0, 60)}"`);
  }
  const protocols = headers['sec-websocket-protocol'];
  return protocols === undefined || areProtocolNames(protocols)
    ? null
    : refuse(`Sec-WebSocket-Protocol: expected distinct names; received "${protocols.slice(0, 60)}"`);
}

/** What is no list of names would be refused by ws, without an answer of ours. */
function areProtocolNames(header: string): boolean {
  const names = header.split(',').map((name) => name.trim());
  return names.every((name) => PROTOCOL_NAME.test(name)) && new Set(names).size === names.length;
}

function pathOf({ url }: RequestView): string {
  return url.split('?', 1)[0] ?? '';
}

function queryOf({ url }: RequestView): URLSearchParams {
  const start = url.indexOf('?');
  return new URLSearchParams(start < 0 ? '' : url.slice(start + 1));
}

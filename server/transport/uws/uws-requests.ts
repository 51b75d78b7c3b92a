/** HTTP requests as uWS hands them over, in the shape that the checks and Fastify know. */

import type { IncomingHttpHeaders } from 'node:http';
import type { RequestView } from '../request-view.ts';
import type { UwsRequest, UwsResponse } from './uws-api.ts';

/** All values of a header, by its name in lower case. */
export type HeaderLists = ReadonlyMap<string, readonly string[]>;

/** A request, copied: what uWS gives is valid during the handler alone. */
export interface ReadRequest extends RequestView {
  readonly lists: HeaderLists;
  readonly headerBytes: number;
}

/** Headers of which Node keeps the first and drops the others. */
const SINGLE: ReadonlySet<string> = new Set([
  'authorization',
  'content-length',
  'content-type',
  'expect',
  'host',
  'origin',
  'sec-websocket-key',
  'user-agent',
]);
/** An IPv4 address in the form of an IPv6 one: ten zeroes, two bytes of ones. */
const MAPPED_PREFIX = Buffer.from('00000000000000000000ffff', 'hex');

export function readUwsRequest(response: UwsResponse, request: UwsRequest): ReadRequest {
  const lists = new Map<string, string[]>();
  let headerBytes = 0;
  request.forEach((name, value) => {
    headerBytes += name.length + value.length;
    const values = lists.get(name);
    if (values === undefined) lists.set(name, [value]);
    else values.push(value);
  });
  const query = request.getQuery();
  return {
    method: request.getMethod().toUpperCase(),
    url: query === undefined ? request.getUrl() : `${request.getUrl()}?${query}`,
    // It answers nothing else.
    httpVersion: '1.1',
    headers: joinHeaders(lists),
    hosts: lists.get('host')?.length ?? 0,
    remoteAddress: addressText(Buffer.from(response.getRemoteAddress())),
    lists,
    headerBytes,
  };
}

function joinHeaders(lists: HeaderLists): IncomingHttpHeaders {
  const headers: IncomingHttpHeaders = {};
  for (const [name, values] of lists) {
    headers[name] = SINGLE.has(name) ? values[0] : values.join(name === 'cookie' ? '; ' : ', ');
  }
  return headers;
}

/** @param bytes 4 of IPv4, or 16 of IPv6 */
export function addressText(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.subarray(0, 12).equals(MAPPED_PREFIX)) return bytes.subarray(12).join('.');
  const groups = bytes.toString('hex').match(/.{4}/g)?.join(':') ?? '';
  // A URL holds an address in its shortest form.
  return new URL(`http://[${groups}]`).hostname.slice(1, -1);
}

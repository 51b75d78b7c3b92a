/**
 * The opening handshake as a client writes and checks it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6455#section-4.1
 */

import { createHash, randomBytes } from 'node:crypto';

/** What a server appends to the key before it hashes it (RFC 6455, section 1.3). */
const ACCEPT_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** A request, and the Sec-WebSocket-Accept that a server must answer it with. */
export interface UpgradeRequest {
  readonly text: string;
  readonly accept: string;
}

/** An upgrade request for `url` with a fresh key. */
export function upgradeRequest(url: URL): UpgradeRequest {
  const key = randomBytes(16).toString('base64');
  const text = [
    `GET ${url.pathname}${url.search} HTTP/1.1`,
    `Host: ${url.host}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${key}`,
    'Sec-WebSocket-Version: 13',
    '\r\n',
  ].join('\r\n');
  return { text, accept: acceptOf(key) };
}

/** The Sec-WebSocket-Accept that answers a Sec-WebSocket-Key. */
export function acceptOf(key: string): string {
  return createHash('sha1').update(`${key}${ACCEPT_GUID}`).digest('base64');
}

/**
 * Why an answer is no WebSocket: `http_<status>`, or `protocol` for a 101 (or something else) that breaks the rules.
 *
 * @param head the answer's status line and headers
 * @param accept the Sec-WebSocket-Accept that is due
 * @returns null when the connection is a WebSocket
 */
export function refusalOf(head: string, accept: string): string | null {
  const [statusLine = '', ...lines] = head.split('\r\n');
  const status = /^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1];
  if (status === undefined) return 'protocol';
  if (status !== '101') return `http_${status}`;
  const headers = new Map(lines.map(parseHeader));
  const isWebSocket =
    headers.get('upgrade')?.toLowerCase() === 'websocket' &&
    headers.get('connection')?.toLowerCase().includes('upgrade') === true &&
    headers.get('sec-websocket-accept') === accept &&
    // We offered none, so the server must have chosen none.
    !headers.has('sec-websocket-extensions');
  return isWebSocket ? null : 'protocol';
}

function parseHeader(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

/** Who may use the admin port: the Host check against DNS rebinding, and the bearer token. */

import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';

/**
 * Whether a Host header names this server: an IP literal, localhost or an allowed name. A rebound DNS name
 * reaches us with its own name in Host, so a foreign name is refused; an IP literal cannot be rebound.
 *
 * @param header the Host header, with or without a port
 * @param allowedHosts names without a port
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-7.2
 */
export function isHostAllowed(header: string | undefined, allowedHosts: readonly string[]): boolean {
  const match = /^(?:\[([0-9a-f:.]+)\]|([\w.-]+))(?::\d{1,5})?$/i.exec(header ?? '');
  if (match === null) return false;
  const [, ipv6, name = ''] = match;
  if (ipv6 !== undefined) return isIP(ipv6) === 6;
  const host = name.toLowerCase();
  return (
    isIP(host) === 4 || host === 'localhost' || allowedHosts.some((allowed) => allowed.toLowerCase() === host)
  );
}

/**
 * Whether an Authorization header carries the token. Compares digests in constant time, so that neither the
 * token's length nor its first characters can be guessed by timing.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1
 */
export function isBearerToken(authorization: string | undefined, token: string): boolean {
  const presented = /^Bearer +([^\s]+) *$/i.exec(authorization ?? '')?.[1];
  return presented !== undefined && timingSafeEqual(digest(presented), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

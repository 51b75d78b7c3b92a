/** A request to a server that several names lead to must say which one it means, once. */

import type { IncomingMessage } from 'node:http';

/**
 * Does the request carry exactly one Host header? HTTP/1.0 knows none.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-3.2
 */
export function hasSoleHost(request: IncomingMessage): boolean {
  const count = request.headersDistinct['host']?.length ?? 0;
  return count === 1 || (count === 0 && request.httpVersion === '1.0');
}

/** A request to a server that several names lead to must say which one it means, once. */

import type { RequestView } from './request-view.ts';

/**
 * Does the request carry exactly one Host header? HTTP/1.0 knows none.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-3.2
 */
export function hasSoleHost({ hosts, httpVersion }: Pick<RequestView, 'hosts' | 'httpVersion'>): boolean {
  return hosts === 1 || (hosts === 0 && httpVersion === '1.0');
}

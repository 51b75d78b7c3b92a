/** An HTTP request as the checks see it, whichever engine read it. */

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

export interface RequestView {
  /** Upper case. */
  readonly method: string;
  /** Path and query as they came. */
  readonly url: string;
  /** `1.1` */
  readonly httpVersion: string;
  /** Names in lower case; what came several times is joined as Node joins it. */
  readonly headers: IncomingHttpHeaders;
  /** How many Host headers there are. */
  readonly hosts: number;
  /** Of the peer, which may be a proxy. */
  readonly remoteAddress: string;
}

/** A request that Node's own HTTP server read. */
export function viewRequest(request: IncomingMessage): RequestView {
  const { method = '', url = '', httpVersion, headers, socket } = request;
  const remoteAddress = socket.remoteAddress ?? '';
  return { method, url, httpVersion, headers, hosts: hostCount(request), remoteAddress };
}

/** Host headers of a request, by the names and values that stand alternately in `rawHeaders`. */
export function hostCount({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): number {
  return rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === 'host').length;
}

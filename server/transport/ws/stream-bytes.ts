/** How many bytes went out through a socket, asked of 10,000 sockets at each scrape. */

import type { Socket } from 'node:net';

/** Node's own count of what went to the kernel, which its `bytesWritten` begins with; in no contract, so it may be missing. */
interface CountingStream {
  readonly _bytesDispatched?: unknown;
}

/**
 * `stream.bytesWritten`, which copies the socket's queue to add it up. Where nothing is queued the sum is Node's count of
 * what it handed on: half the cost, the same figure.
 */
export function bytesWrittenBy(stream: Socket): number {
  if (stream.writableLength === 0) {
    const dispatched = (stream as CountingStream)._bytesDispatched;
    if (typeof dispatched === 'number') return dispatched;
  }
  return stream.bytesWritten;
}

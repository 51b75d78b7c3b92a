/** How many bytes went out through a socket, asked of 10,000 sockets at each scrape. */

/** A `net.Socket`, or another duplex that counts less. */
export interface CountingStream {
  readonly bytesWritten?: number | undefined;
  readonly writableLength?: number | undefined;
}

/**
 * `stream.bytesWritten`, which copies the socket's queue to add it up. Where nothing is queued the sum is Node's count of
 * what it handed on: half the cost, the same figure. That count is in no contract, so it may be missing.
 *
 * @returns 0 for a stream that does not count
 */
export function bytesWrittenBy(stream: CountingStream): number {
  if (stream.writableLength === 0) {
    const { _bytesDispatched: dispatched } = stream as { readonly _bytesDispatched?: unknown };
    if (typeof dispatched === 'number') return dispatched;
  }
  return stream.bytesWritten ?? 0;
}

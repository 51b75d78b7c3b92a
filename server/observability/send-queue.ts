/** What waits to be sent, summed over connections in one pass. */

/** Unsent bytes of all connections at one moment. */
export class SendQueue {
  totalBytes = 0;
  /** Of the connection that has most. */
  maxBytes = 0;
  /** How long the oldest unsent byte of any connection has waited. */
  maxAgeMs = 0;
  /** Connections that have unsent bytes. */
  connections = 0;

  /** Adds a connection that has unsent bytes; those that have none need not be added. */
  add(bufferedBytes: number, ageMs: number): void {
    if (bufferedBytes <= 0) return;
    this.totalBytes += bufferedBytes;
    if (bufferedBytes > this.maxBytes) this.maxBytes = bufferedBytes;
    if (ageMs > this.maxAgeMs) this.maxAgeMs = ageMs;
    this.connections += 1;
  }
}

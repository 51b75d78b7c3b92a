/** Finds connections whose other end is gone: one timer for all, a wheel of buckets, a ping each heartbeat. */

/** What the heartbeat asks of a connection. */
export interface HeartbeatPeer {
  /** Bytes read from the socket so far: any inbound data is a sign of life. */
  readonly receivedBytes: number;
  /** {@link receivedBytes} when it was pinged last; -1 before the first ping. Kept by the heartbeat. */
  receivedBytesAtPing: number;
  ping(): void;
  /** Nothing came for a whole heartbeat after a ping. */
  heartbeatMissed(): void;
}

export interface HeartbeatOptions {
  readonly heartbeatMs: number;
  /** Monotonic ms. */
  readonly nowMs: () => number;
}

/** More buckets spread the pings better and wake the process more often. */
const BUCKETS = 30;
/** Shorter ticks than this cost more than they spread. */
const MIN_TICK_MS = 50;

export class Heartbeat<Peer extends HeartbeatPeer> {
  pings = 0;
  missed = 0;
  readonly tickMs: number;
  readonly #options: HeartbeatOptions;
  readonly #buckets: readonly Set<Peer>[];
  #current = 0;
  #lastTickAtMs: number;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.tickMs = Math.max(MIN_TICK_MS, options.heartbeatMs / BUCKETS);
    const buckets = Math.max(1, Math.round(options.heartbeatMs / this.tickMs));
    this.#buckets = Array.from({ length: buckets }, () => new Set<Peer>());
    this.#lastTickAtMs = options.nowMs();
  }

  /** Peers over all buckets. */
  get size(): number {
    return this.#buckets.reduce((sum, bucket) => sum + bucket.size, 0);
  }

  /** Visits every peer; a callback, because a generator over 10,000 takes milliseconds. */
  forEach(visit: (peer: Peer) => void): void {
    for (const bucket of this.#buckets) for (const peer of bucket) visit(peer);
  }

  get timers(): number {
    return this.#timer === null ? 0 : 1;
  }

  start(): void {
    if (this.#timer !== null) return;
    this.#lastTickAtMs = this.#options.nowMs();
    this.#timer = setInterval(() => this.tick(), this.tickMs);
  }

  stop(): void {
    if (this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }

  /**
   * Takes in a peer; its first ping comes one heartbeat from now.
   *
   * @returns the bucket it is in, which {@link remove} wants back
   */
  add(peer: Peer): number {
    // The bucket that was visited last is the one whose turn is a full round away.
    const bucket = (this.#current + this.#buckets.length - 1) % this.#buckets.length;
    this.#buckets[bucket]?.add(peer);
    return bucket;
  }

  remove(peer: Peer, bucket: number): void {
    this.#buckets[bucket]?.delete(peer);
  }

  /** Visits the next bucket; called by the timer. */
  tick(): void {
    const nowMs = this.#options.nowMs();
    const latenessMs = nowMs - this.#lastTickAtMs - this.tickMs;
    this.#lastTickAtMs = nowMs;
    // Timers run before sockets are read. After a pause of ours, answers may wait unread: nobody is judged.
    const mayJudge = latenessMs < this.#options.heartbeatMs / 2;
    const bucket = this.#buckets[this.#current];
    this.#current = (this.#current + 1) % this.#buckets.length;
    for (const peer of bucket ?? []) this.#visit(peer, mayJudge);
  }

  #visit(peer: Peer, mayJudge: boolean): void {
    const { receivedBytes } = peer;
    if (mayJudge && receivedBytes === peer.receivedBytesAtPing) {
      this.missed += 1;
      peer.heartbeatMissed();
      return;
    }
    peer.receivedBytesAtPing = receivedBytes;
    this.pings += 1;
    peer.ping();
  }
}

/** Deals connections out to rooms and broadcasts to one after the other, a number of messages a turn or on a schedule. */

import type { Hub } from '../hub/hub.ts';

export interface FloodPlan {
  /** The flood begins when so many are connected. */
  readonly members: number;
  readonly rooms: number;
  /** Messages a turn, as fast as the turns go. */
  readonly perTurn: number;
  /** Messages a second on a schedule instead; 0 is as fast as they go. */
  readonly ratePerSecond: number;
  /** Messages after which it falls silent; 0 is none. */
  readonly limit: number;
}

const SYMBOLS = ['AAPL', 'MSFT', 'GOOG', 'AMZN'] as const;
/** Unsent bytes of a member beyond which the flood waits, as every peer of the comparison does. */
const BOUND_BYTES = 256 * 1_024;
/** A member whose buffer is full has megabytes in the kernel: it does not run dry in this time. */
const FULL_PAUSE_MS = 1;
const LOOK_FOR_MEMBERS_MS = 10;
/** Between two looks at all buffers on a schedule: at 10,000 readers a look in each turn took a sixth of the server's time. */
const LOOK_EVERY_MS = 10;
/** A flood that fell behind its schedule catches up in turns of so many messages. */
const MOST_DUE = 1_000;

export class RoomFlood {
  readonly #hub: Hub;
  readonly #plan: FloodPlan;
  #made = 0;
  #startedAtMs = 0;
  #nextLookMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;

  constructor(hub: Hub, plan: FloodPlan) {
    this.#hub = hub;
    this.#plan = plan;
  }

  /** Waits for the members, then floods. */
  start(): void {
    const { rooms, members } = this.#plan;
    if (this.#hub.connectionCount < members) {
      this.#timer = setTimeout(() => this.start(), LOOK_FOR_MEMBERS_MS);
      return;
    }
    let dealt = 0;
    for (const connection of this.#hub.connections())
      this.#hub.subscribe(connection, roomKey(dealt++ % rooms));
    this.#startedAtMs = epochMs();
    this.#turn();
  }

  stop(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
  }

  #turn(): void {
    const { perTurn, ratePerSecond, limit } = this.#plan;
    if (this.#isLookDue() && this.#isFull()) {
      this.#nextLookMs = 0;
      this.#timer = setTimeout(() => this.#turn(), FULL_PAUSE_MS);
      return;
    }
    const last = limit === 0 ? Number.POSITIVE_INFINITY : limit;
    const end = Math.min(this.#made + (ratePerSecond === 0 ? perTurn : this.#due()), last);
    while (this.#made < end) {
      this.#made += 1;
      this.#publish(this.#made);
    }
    if (this.#made >= last) return;
    if (ratePerSecond === 0) this.#immediate = setImmediate(() => this.#turn());
    else this.#timer = setTimeout(() => this.#turn(), Math.max(this.#timeOf(this.#made + 1) - epochMs(), 1));
  }

  #publish(made: number): void {
    const { rooms } = this.#plan;
    const seq = Math.ceil(made / rooms);
    const ts = Math.round(this.#timeOf(made) * 1_000) / 1_000;
    const symbol = SYMBOLS[seq % SYMBOLS.length];
    this.#hub.broadcast(roomKey((made - 1) % rooms), () =>
      JSON.stringify({ symbol, price: (10_000 + (seq % 10_000)) / 100, ts, seq }),
    );
  }

  #isLookDue(): boolean {
    if (this.#plan.ratePerSecond === 0) return true;
    const nowMs = epochMs();
    if (nowMs < this.#nextLookMs) return false;
    this.#nextLookMs = nowMs + LOOK_EVERY_MS;
    return true;
  }

  #isFull(): boolean {
    for (const { socket } of this.#hub.connections()) if (socket.bufferedBytes > BOUND_BYTES) return true;
    return false;
  }

  #due(): number {
    const due = Math.floor(((epochMs() - this.#startedAtMs) * this.#plan.ratePerSecond) / 1_000) - this.#made;
    return Math.min(Math.max(due, 0), MOST_DUE);
  }

  /** On a schedule the intended time, so that a late turn shows as latency; else now. */
  #timeOf(seq: number): number {
    const { ratePerSecond } = this.#plan;
    return ratePerSecond === 0 ? epochMs() : this.#startedAtMs + (seq * 1_000) / ratePerSecond;
  }
}

function roomKey(room: number): string {
  return `flood-${room}`;
}

/** Epoch ms with a fraction. */
function epochMs(): number {
  return performance.timeOrigin + performance.now();
}

/** The feed of the Node peers: when a message is made, when it waits. What a message is, and who gets it, is the peer's. */

import type { PeerPlan } from '../contract/peer-plan.ts';
import { epochMs } from './epoch-clock.ts';

/** What the feed asks of a peer. */
export interface FeedTarget {
  /** Makes message `seq` (from 1) of a room (from 0), stamped with `tsMs`, and gives it to every reader of the room. */
  publish(seq: number, tsMs: number, room: number): void;
  /** Whether a reader has more waiting than the bound allows. */
  isFull(): boolean;
}

/**
 * How long a feed that found a reader's buffer full looks away: the kernel's buffers still hold megabytes then, so no
 * reader runs dry. (Asking again in each turn of the loop delivered no more, and looked busy where the reader was the limit.)
 */
const FULL_PAUSE_MS = 1;
/** Between two looks at all buffers on a schedule: at 10,000 readers a look in each turn took a sixth of the server's time. */
const LOOK_EVERY_MS = 10;
/** A feed that fell behind its schedule catches up in turns of so many messages. */
const MOST_DUE = 1_000;

/** Where message `made` (from 1) of all goes: one room after the other, and which it is there. */
export function placeOf(made: number, rooms: number): { readonly seq: number; readonly room: number } {
  return { seq: Math.ceil(made / rooms), room: (made - 1) % rooms };
}

export class Feed {
  readonly #plan: PeerPlan;
  readonly #target: FeedTarget;
  readonly #last: number;
  #made = 0;
  #startedMs = 0;
  #nextLookMs = 0;
  #isRunning = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(plan: PeerPlan, target: FeedTarget) {
    this.#plan = plan;
    this.#target = target;
    this.#last = plan.limit === 0 ? Number.POSITIVE_INFINITY : plan.limit;
  }

  /** Called with every connection: the feed starts once all readers are there. */
  connected(readers: number): void {
    if (this.#isRunning || this.#made > 0 || readers < this.#plan.readers) return;
    this.#isRunning = true;
    this.#startedMs = epochMs();
    setImmediate(this.#turn);
  }

  stop(): void {
    this.#isRunning = false;
    clearTimeout(this.#timer);
  }

  readonly #turn = (): void => {
    if (!this.#isRunning) return;
    if (this.#isLookDue() && this.#target.isFull()) {
      this.#nextLookMs = 0;
      this.#timer = setTimeout(this.#turn, FULL_PAUSE_MS);
      return;
    }
    const end = Math.min(this.#made + this.#due(), this.#last);
    while (this.#made < end) {
      this.#made += 1;
      const { seq, room } = placeOf(this.#made, this.#plan.rooms);
      this.#target.publish(seq, this.#timeOf(this.#made), room);
    }
    if (this.#made >= this.#last) this.#isRunning = false;
    else if (this.#plan.ratePerSecond === 0) setImmediate(this.#turn);
    else this.#timer = setTimeout(this.#turn, Math.max(this.#timeOf(this.#made + 1) - epochMs(), 1));
  };

  #isLookDue(): boolean {
    if (this.#plan.ratePerSecond === 0) return true;
    const nowMs = epochMs();
    if (nowMs < this.#nextLookMs) return false;
    this.#nextLookMs = nowMs + LOOK_EVERY_MS;
    return true;
  }

  #due(): number {
    const { ratePerSecond, perTurn } = this.#plan;
    if (ratePerSecond === 0) return perTurn;
    const due = Math.floor(((epochMs() - this.#startedMs) * ratePerSecond) / 1_000) - this.#made;
    return Math.min(Math.max(due, 0), MOST_DUE);
  }

  /** On a schedule the intended time, so that a late feed shows as latency; else now. */
  #timeOf(seq: number): number {
    const { ratePerSecond } = this.#plan;
    return ratePerSecond === 0 ? epochMs() : this.#startedMs + (seq * 1_000) / ratePerSecond;
  }
}

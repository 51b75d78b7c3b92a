/** One reader's book of the tick feed: numbers say what is missing, times say what shares one. */

import type { AmissKind } from './metric-names.ts';

export interface Tick {
  readonly seq: number;
  /** Epoch ms: when it was due. */
  readonly ts: number;
}

/** Most ticks that are remembered as missing; one beyond that comes late is taken for a double. */
const MOST_MISSING = 100_000;

export class TickLedger {
  #last: Tick;
  #expected = 0;
  #received = 0;
  #unique = 0;
  readonly #missing = new Set<number>();

  /** @param seq the last tick before the first that is owed */
  constructor(seq: number) {
    this.#last = { seq, ts: 0 };
  }

  get received(): number {
    return this.#received;
  }

  /** Ticks owed so far: those up to the latest that came. */
  get expected(): number {
    return this.#expected;
  }

  /** Owed and not there; of a reader that was given the latest only, what was skipped is among them. */
  get missing(): number {
    return this.#expected - this.#unique;
  }

  /** @returns what is wrong with it, or null */
  take(tick: Tick): AmissKind | null {
    const { seq, ts } = tick;
    const last = this.#last;
    this.#received += 1;
    if (seq <= last.seq) return this.#takeLate(seq);
    for (let gap = last.seq + 1; gap < seq && this.#missing.size < MOST_MISSING; gap += 1) {
      this.#missing.add(gap);
    }
    this.#unique += 1;
    this.#expected += seq - last.seq;
    this.#last = tick;
    return ts === last.ts ? 'shared_timestamp' : null;
  }

  #takeLate(seq: number): AmissKind {
    if (!this.#missing.delete(seq)) return 'duplicated';
    this.#unique += 1;
    return 'out_of_order';
  }
}

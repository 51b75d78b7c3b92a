/** Timers and turns of the event loop that only move when told; with the clock that they move. */

import { createFakeClock, type FakeClock } from './fake-clock.ts';

interface Waiting {
  readonly atMs: number;
  readonly act: () => void;
}

export class FakeTimers {
  readonly clock: FakeClock;
  readonly #timers = new Set<Waiting>();
  #soon: (() => void)[] = [];

  constructor(clock: FakeClock = createFakeClock()) {
    this.clock = clock;
  }

  /** What waits, timers and turns. */
  get size(): number {
    return this.#timers.size + this.#soon.length;
  }

  after(ms: number, act: () => void): () => void {
    const waiting = { atMs: this.clock.nowMs() + ms, act };
    this.#timers.add(waiting);
    return () => this.#timers.delete(waiting);
  }

  soon(act: () => void): void {
    this.#soon.push(act);
  }

  /** One turn of the loop: what waited for it. @returns whether anything did */
  turn(): boolean {
    const due = this.#soon;
    this.#soon = [];
    for (const act of due) act();
    return due.length > 0;
  }

  /** Lets time pass: timers go off in their order, and after each of them, and at first, one turn is taken. */
  advance(ms: number): void {
    const endMs = this.clock.nowMs() + ms;
    this.turn();
    for (let next = this.#next(endMs); next !== null; next = this.#next(endMs)) {
      this.#timers.delete(next);
      this.clock.advance(Math.max(0, next.atMs - this.clock.nowMs()));
      next.act();
      this.turn();
    }
    this.clock.advance(endMs - this.clock.nowMs());
  }

  #next(untilMs: number): Waiting | null {
    let next: Waiting | null = null;
    for (const waiting of this.#timers) {
      if (waiting.atMs <= untilMs && (next === null || waiting.atMs < next.atMs)) next = waiting;
    }
    return next;
  }
}

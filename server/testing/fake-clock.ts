import type { Clock } from '../hub/clock.ts';

/** A clock that only moves when told. */
export interface FakeClock extends Clock {
  advance(ms: number): void;
}

/** Starts at 0 ms, and in Unix time at `epochMs`. */
export function createFakeClock(epochMs = 1_000_000): FakeClock {
  let ms = 0;
  return {
    nowMs: () => ms,
    epochMs: () => epochMs + ms,
    hrtimeNs: () => BigInt(Math.round(ms * 1e6)),
    advance(by) {
      ms += by;
    },
  };
}

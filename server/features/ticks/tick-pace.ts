/** How a feed waits between two turns, by its rate. */

/** `interval`: a timer for each tick. `batch`: a turn each millisecond. `loop`: as often as the loop turns. */
export type Pace = 'interval' | 'batch' | 'loop';

/** The highest rates of the first two paces, in ticks a second. */
export const PACE_LIMITS = { interval: 1_000, batch: 10_000 } as const;

const NS_PER_MS = 1_000_000;

export function paceOf(rate: number): Pace {
  if (rate <= PACE_LIMITS.interval) return 'interval';
  return rate <= PACE_LIMITS.batch ? 'batch' : 'loop';
}

/**
 * Ms until the next turn; 0 as soon as I/O had its turn.
 *
 * @param untilDueNs until the next tick is due
 */
export function pauseMs(rate: number, untilDueNs: number): number {
  switch (paceOf(rate)) {
    case 'interval':
      return Math.max(1, Math.ceil(untilDueNs / NS_PER_MS));
    case 'batch':
      return 1;
    case 'loop':
      return 0;
  }
}

/**
 * Decides from a window's live figures whether a limit of the verdict is breaking now. Pure: looks in, a breach out. Loss is no
 * reason: a profile says nothing of it.
 */

import type { LoadProgress } from '../../../load-tests/generator/load-observer.ts';

/** A percentile that the verdict holds below a limit. */
export interface LatencyLimit {
  /** Its threshold: `p99`. */
  readonly threshold: string;
  /** 0–1 */
  readonly quantile: number;
  readonly limitMs: number;
  /** Deliveries of a window below which the verdict does not judge it. */
  readonly samplesNeeded: number;
}

export interface BreachLimits {
  /** Empty where delivery latency is not judged. */
  readonly latency: readonly LatencyLimit[];
}

/** What broke since the look before. */
export interface Breach {
  readonly threshold: string;
  /** Milliseconds. */
  readonly limit: number;
  /** Deliveries since the look before that were later than the limit. */
  readonly broken: number;
  /** Deliveries since the look before. */
  readonly of: number;
}

/** The figures of a look. */
export type LiveFigures = Pick<LoadProgress, 'latency' | 'received'>;

/** In a row: one look of half a second may be a single pause. */
export const LOOKS = 2;
/** Fewer deliveries in half a second are no percentile. */
const LEAST_DELIVERIES = 20;
const US_PER_MS = 1_000;

interface Reading {
  readonly count: number;
  /** Up to each limit, in their order. */
  readonly inTime: readonly number[];
  readonly received: number;
}

/** The looks of one measured window, in their order. */
export class BreachWatch {
  private readonly limits: BreachLimits;
  private before: Reading;
  private inARow = 0;

  constructor(limits: BreachLimits) {
    this.limits = limits;
    this.before = { count: 0, inTime: limits.latency.map(() => 0), received: 0 };
  }

  /** What came before the window is not the window's. */
  begin({ received }: Pick<LiveFigures, 'received'>): void {
    this.before = { ...this.before, received };
  }

  /** @returns a limit that broke in this look and the one before it; the gravest first */
  look(figures: LiveFigures): Breach | null {
    const now = this.read(figures);
    const breach = this.lateness(now);
    const isSilent = now.received - this.before.received < LEAST_DELIVERIES;
    this.before = now;
    // A server that stands still delivers nothing: such a look says neither yes nor no.
    if (breach !== null) this.inARow += 1;
    else if (!isSilent) this.inARow = 0;
    return this.inARow >= LOOKS ? breach : null;
  }

  private read({ latency, received }: LiveFigures): Reading {
    const bounds = this.limits.latency.map(({ limitMs }) => limitMs * US_PER_MS);
    return {
      count: latency.count,
      inTime: bounds.length === 0 ? [] : latency.countsUpToUs(bounds),
      received,
    };
  }

  /** A limit that the window so far breaks, as the verdict would see it, and that was broken just now, too. */
  private lateness(now: Reading): Breach | null {
    const breaches = this.limits.latency.flatMap(
      ({ threshold, quantile, limitMs, samplesNeeded }, index): Breach[] => {
        const late = now.count - (now.inTime[index] ?? 0);
        const lateBefore = this.before.count - (this.before.inTime[index] ?? 0);
        const of = now.count - this.before.count;
        const broken = late - lateBefore;
        const mayBeLate = 1 - quantile;
        const isJudged = now.count >= samplesNeeded && of >= LEAST_DELIVERIES;
        const isBroken = isJudged && broken > of * mayBeLate && late > now.count * mayBeLate;
        return isBroken ? [{ threshold, limit: limitMs, broken, of }] : [];
      },
    );
    return breaches.at(-1) ?? null;
  }
}

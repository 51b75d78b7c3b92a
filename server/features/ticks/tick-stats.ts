/** What the feed did: totals since the start, rates over the last second, and what clients told of themselves. */

import type { TickStatsAnswer, TickTotals } from '../../protocol/tick-messages.ts';
import { ClientReports } from './client-reports.ts';
import { RateWindow } from './rate-window.ts';
import { telemetryLines } from './telemetry.ts';
import type { TickFeed } from './tick-feed.ts';
import type { TurnTimers } from './turn-loop.ts';

export interface TickStatsOptions {
  readonly feed: TickFeed;
  /** Ticks a second. */
  readonly targetRate: () => number;
  readonly timers: Pick<TurnTimers, 'after'>;
  /** Monotonic ms, and Unix time in ms. */
  readonly clock: { nowMs(): number; epochMs(): number };
  /** Takes the telemetry, a line at a time; absent when nobody looks on. */
  readonly print?: (line: string) => void;
}

/** Counters are looked at this often, and every fourth time telemetry is printed. */
const LOOK_EVERY_MS = 250;
const LOOKS_A_LINE = 4;

type RatedCounts = Record<'made' | 'buffered' | 'flushed', number>;

export class TickStats {
  readonly clients = new ClientReports();
  readonly #options: TickStatsOptions;
  readonly #window = new RateWindow<RatedCounts>();
  #cancel: (() => void) | null = null;
  #looks = 0;

  constructor(options: TickStatsOptions) {
    this.#options = options;
  }

  /** Timers it holds now. */
  get timers(): number {
    return this.#cancel === null ? 0 : 1;
  }

  /** Somebody reads. */
  start(): void {
    this.#looks = 0;
    this.#window.clear();
    this.#look();
  }

  /** Nobody reads any more. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#window.clear();
  }

  totals(): TickTotals {
    const { seq, readers, schedule } = this.#options.feed;
    return {
      made: seq,
      ...readers.sums(),
      shortfall: schedule.shortfall,
      readers: readers.size,
      acknowledgingReaders: readers.acknowledging,
    };
  }

  answer(): TickStatsAnswer {
    const totals = this.totals();
    const nowMs = this.#options.clock.nowMs();
    const rates = this.#window.rates(nowMs, rated(totals));
    return {
      targetRate: this.#options.targetRate(),
      serverRate: Math.round(rates.made),
      bufferedRate: Math.round(rates.buffered),
      flushedRate: Math.round(rates.flushed),
      deliveredRate: Math.round(this.#options.feed.readers.acknowledgedPerSecond(nowMs)),
      totals,
      clients: Object.fromEntries(this.clients.list().map((client) => [client.clientId, client])),
    };
  }

  /** Forgets clients and rates; totals only grow. */
  clear(): void {
    this.clients.clear();
    this.#window.clear();
    if (this.#cancel !== null) this.#observe();
  }

  #look(): void {
    this.#observe();
    if (this.#looks > 0 && this.#looks % LOOKS_A_LINE === 0) this.#print();
    this.#looks += 1;
    this.#cancel = this.#options.timers.after(LOOK_EVERY_MS, () => this.#look());
  }

  #observe(): void {
    this.#window.observe(this.#options.clock.nowMs(), rated(this.totals()));
  }

  #print(): void {
    const { print, clock } = this.#options;
    if (print === undefined) return;
    for (const line of telemetryLines(this.answer(), clock.epochMs())) print(line);
  }
}

function rated({ made, buffered, flushed }: TickTotals): RatedCounts {
  return { made, buffered, flushed };
}

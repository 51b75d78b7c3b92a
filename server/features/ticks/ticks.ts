/** `/ticks`, put together: clock, configuration, feed, ramp and figures, running while somebody reads. */

import type { Connection } from '../../hub/connection.ts';
import type { Hub } from '../../hub/hub.ts';
import type { TickConfigValues, TickFormat, TickTotals } from '../../protocol/tick-messages.ts';
import { MAX_CLIENT_REPORTS } from './client-reports.ts';
import { TickClock } from './tick-clock.ts';
import { TickConfig } from './tick-config.ts';
import { TickFeed } from './tick-feed.ts';
import type { TickLimitSettings } from './tick-limits.ts';
import { TickRamp } from './tick-ramp.ts';
import type { TickReader } from './tick-reader.ts';
import { TickStats } from './tick-stats.ts';
import { PROCESS_TIMERS, type TurnTimers } from './turn-loop.ts';

export interface TicksOptions {
  readonly hub: Hub;
  /** Ticks a second. */
  readonly maxRate: number;
  readonly limits: TickLimitSettings;
  readonly onDefect: (error: unknown) => void;
  /** Takes the telemetry, a line at a time. */
  readonly print?: (line: string) => void;
  readonly timers?: TurnTimers;
  /** Of the prices. */
  readonly seed?: number;
}

/** What observers read. */
export interface TickProgress extends TickTotals {
  /** Ticks a second. */
  readonly targetRate: number;
  readonly readersByFormat: Readonly<Record<TickFormat, number>>;
  /** Readers that are in a gap now. */
  readonly conflating: number;
  /** By how much the first tick of the last turn was late. */
  readonly lagSeconds: number;
}

const DEFAULT_SEED = 20_261_127;

export class Ticks {
  readonly clock: TickClock;
  readonly config: TickConfig;
  readonly feed: TickFeed;
  readonly stats: TickStats;
  readonly #hub: Hub;
  readonly #ramp: TickRamp;

  constructor(options: TicksOptions) {
    const { hub, maxRate, limits, onDefect, print, timers = PROCESS_TIMERS, seed = DEFAULT_SEED } = options;
    this.#hub = hub;
    this.clock = new TickClock(hub.clock);
    this.config = new TickConfig({
      maxRate,
      fanOut: hub.fanOut,
      onChange: (values, before) => this.#changed(values, before),
    });
    const config = () => this.config.values;
    this.feed = new TickFeed({ hub, clock: this.clock, config, limits, timers, seed, onDefect });
    this.#ramp = new TickRamp(this.config, timers);
    this.stats = new TickStats({
      feed: this.feed,
      targetRate: () => this.config.values.rate,
      timers,
      clock: hub.clock,
      ...(print === undefined ? {} : { print }),
    });
  }

  join(connection: Connection, format: TickFormat): TickReader {
    const wasStreaming = this.feed.isStreaming;
    const reader = this.feed.join(connection, format);
    if (!wasStreaming) for (const part of [this.stats, this.#ramp]) part.start();
    return reader;
  }

  /** @param isClean whether the closing handshake came through */
  leave(connection: Connection, isClean: boolean): void {
    this.feed.leave(connection, isClean);
    if (!this.feed.isStreaming) this.stop();
  }

  /** Lets go of every timer. */
  stop(): void {
    for (const part of [this.feed, this.stats, this.#ramp]) part.stop();
  }

  /** Totals and what stands now, for /metrics. */
  progress(): TickProgress {
    const { readers, lagSeconds } = this.feed;
    return {
      ...this.stats.totals(),
      targetRate: this.config.values.rate,
      readersByFormat: { json: readers.ofFormat('json'), binary: readers.ofFormat('binary') },
      conflating: readers.conflating,
      lagSeconds,
    };
  }

  /** Sizes of everything that is tracked here. Only what is named History or Ring may outlive the connections. */
  lifecycle(): Readonly<Record<string, number>> {
    return {
      'ticks.readers': this.feed.readers.size,
      'ticks.writesUnderWay': this.feed.readers.writesUnderWay,
      'ticks.timers': this.feed.timers + this.stats.timers + this.#ramp.timers,
      'ticks.clientsHistory': this.stats.clients.size,
    };
  }

  lifecycleBounds(): Readonly<Record<string, number>> {
    return { 'ticks.clientsHistory': MAX_CLIENT_REPORTS };
  }

  #changed(values: TickConfigValues, before: TickConfigValues): void {
    if (values.rate !== before.rate) this.feed.rateChanged(values.rate);
    if (values.fanOut !== before.fanOut) this.#hub.fanOut = values.fanOut;
    const isRampChanged =
      values.rampEnabled !== before.rampEnabled || values.rampIntervalSec !== before.rampIntervalSec;
    if (isRampChanged) this.#ramp.settingsChanged();
  }
}

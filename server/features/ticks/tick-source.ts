/** Makes the feed's ticks: numbers them, prices them, gives each its time; knows the latest of each symbol. */

import type { TickSourceName } from '../../protocol/tick-messages.ts';
import { MAX_TICKS_A_TURN } from '../../protocol/tick-messages.ts';
import { PriceWalk } from './price-walk.ts';
import { decimalsOf, nsInSecondAt, type RepeatedTick, type Tick, type TickBatch, tickAt } from './tick.ts';
import { NS_PER_SECOND, type TickClock } from './tick-clock.ts';
import type { TickSchedule } from './tick-schedule.ts';
import { SYMBOL_COUNT, symbolOf } from './tick-symbols.ts';

const NS_PER_MS = 1_000_000;

export interface TickSourceOptions {
  readonly clock: Pick<TickClock, 'startSecond' | 'startNsInSecond'>;
  readonly schedule: TickSchedule;
  readonly seed: number;
}

export class TickSource {
  /** Of the last tick that was made; 0 before the first. */
  seq = 0;
  readonly #options: TickSourceOptions;
  readonly #walk: PriceWalk;
  readonly #prices = new Int32Array(MAX_TICKS_A_TURN);
  readonly #latest: (Tick | null)[] = Array.from({ length: SYMBOL_COUNT }, () => null);
  #repeated: Tick | null = null;

  constructor(options: TickSourceOptions) {
    this.#options = options;
    this.#walk = new PriceWalk(options.seed);
  }

  /**
   * Makes the next ticks: as many as are due, or fewer where a turn, a second or the digits of `seq` end.
   *
   * @param due at least 1
   */
  make(due: number, source: TickSourceName): TickBatch {
    const { schedule } = this.#options;
    const firstSeq = this.seq + 1;
    const place = this.#placeInTime();
    const most = Math.min(due, MAX_TICKS_A_TURN, 10 ** String(firstSeq).length - firstSeq);
    const whole: TickBatch = {
      firstSeq,
      count: most,
      ...place,
      firstIndex: schedule.nextIndex,
      spacingNs: schedule.spacingNs,
      prices: this.#prices,
      decimals: decimalsOf(schedule.rate),
      repeats: null,
    };
    const count = countWithinSecond(whole);
    this.#walk.fill(this.#prices, symbolOf(firstSeq), count);
    schedule.take(count);
    this.seq += count;
    const batch = { ...whole, count };
    const repeats = source === 'cached-1ms' ? this.#repeat(batch) : null;
    this.#remember(batch, repeats);
    return { ...batch, repeats };
  }

  /** The latest tick of each symbol that had one after this one, in their order. */
  latestSince(seq: number): readonly Tick[] {
    const changed = this.#latest.filter((tick) => tick !== null).filter((tick) => tick.seq > seq);
    return changed.sort((one, other) => one.seq - other.seq);
  }

  #placeInTime() {
    const { clock, schedule } = this.#options;
    const anchorNs = clock.startNsInSecond + schedule.anchorNs;
    const dueNs = clock.startNsInSecond + schedule.nextDueNs;
    const seconds = Math.floor(dueNs / NS_PER_SECOND);
    return {
      epochSecond: clock.startSecond + seconds,
      anchorInSecondNs: anchorNs - seconds * NS_PER_SECOND,
    };
  }

  /** One tick serves until the millisecond is over, with whatever number it had. */
  #repeat(batch: TickBatch): readonly RepeatedTick[] {
    const repeats: RepeatedTick[] = [];
    let place = 0;
    while (place < batch.count) {
      const millisecond = millisecondAt(batch, place);
      let end = place + 1;
      while (end < batch.count && millisecondAt(batch, end) === millisecond) end += 1;
      const tick = this.#serves(batch, millisecond) ?? tickAt(batch, place);
      this.#repeated = tick;
      repeats.push({ tick, count: end - place });
      place = end;
    }
    return repeats;
  }

  #serves({ epochSecond }: TickBatch, millisecond: number): Tick | null {
    const repeated = this.#repeated;
    if (repeated === null || repeated.epochSecond !== epochSecond) return null;
    return Math.floor(repeated.nsInSecond / NS_PER_MS) === millisecond ? repeated : null;
  }

  #remember(batch: TickBatch, repeats: readonly RepeatedTick[] | null): void {
    if (repeats !== null) {
      for (const { tick } of repeats) this.#latest[tick.symbol] = tick;
      return;
    }
    this.#repeated = null;
    for (let place = Math.max(0, batch.count - SYMBOL_COUNT); place < batch.count; place += 1) {
      const tick = tickAt(batch, place);
      this.#latest[tick.symbol] = tick;
    }
  }
}

function millisecondAt(batch: TickBatch, place: number): number {
  return Math.floor(nsInSecondAt(batch, place) / NS_PER_MS);
}

/** How many of them are due in the batch's second: the first one is. */
function countWithinSecond(batch: TickBatch): number {
  const { anchorInSecondNs, firstIndex, spacingNs, count } = batch;
  if (nsInSecondAt(batch, count - 1) < NS_PER_SECOND) return count;
  let within = Math.max(1, Math.floor((NS_PER_SECOND - anchorInSecondNs) / spacingNs) - firstIndex);
  while (within > 1 && nsInSecondAt(batch, within - 1) >= NS_PER_SECOND) within -= 1;
  while (nsInSecondAt(batch, within) < NS_PER_SECOND) within += 1;
  return within;
}

/** One tick, and the ticks of one turn, as numbers: what is written from them is the writers' business. */

import { symbolOf } from './tick-symbols.ts';

export interface Tick {
  /** Index of its symbol. */
  readonly symbol: number;
  readonly cents: number;
  /** When it was due: Unix seconds, and the ns above them. */
  readonly epochSecond: number;
  readonly nsInSecond: number;
  readonly seq: number;
}

/** Ticks of one source that follow each other, all due in one second. */
export interface TickBatch {
  /** The first one's; each next has one more, and the next symbol. */
  readonly firstSeq: number;
  readonly count: number;
  /** Tick i is due `anchorInSecondNs + floor((firstIndex + i) × spacingNs)` after this second. */
  readonly epochSecond: number;
  readonly anchorInSecondNs: number;
  readonly firstIndex: number;
  readonly spacingNs: number;
  /** Cents by place; longer than `count`. */
  readonly prices: Int32Array;
  /** Decimals of a JSON tick's `ts`. */
  readonly decimals: number;
  /** What is written instead, as often as told, when one tick serves for a millisecond. */
  readonly repeats: readonly RepeatedTick[] | null;
}

export interface RepeatedTick {
  readonly tick: Tick;
  readonly count: number;
}

/** When the tick at this place is due, in ns after the batch's second. */
export function nsInSecondAt({ anchorInSecondNs, firstIndex, spacingNs }: TickBatch, place: number): number {
  return anchorInSecondNs + Math.floor((firstIndex + place) * spacingNs);
}

/** One tick of a batch. */
export function tickAt(batch: TickBatch, place: number): Tick {
  const seq = batch.firstSeq + place;
  return {
    symbol: symbolOf(seq),
    cents: batch.prices[place] ?? 0,
    epochSecond: batch.epochSecond,
    nsInSecond: nsInSecondAt(batch, place),
    seq,
  };
}

/** Decimals of `ts` that keep texts apart: a microsecond, or less where ticks come closer. */
export function decimalsOf(rate: number): number {
  const perMicrosecond = rate / 1_000_000;
  return perMicrosecond <= 1 ? 3 : 3 + Math.ceil(Math.log10(perMicrosecond));
}

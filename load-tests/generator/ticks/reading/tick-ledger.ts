/** One reader's account of the ticks it got. Runs in a browser too. */

import { OpenGaps } from './open-gaps.ts';

/**
 * Totals of one reader, or of several.
 *
 * Of a JSON feed numbered = unique + gaps, and received = unique + duplicated + corrupt. A binary feed carries no
 * numbers: what is null there cannot be seen.
 */
export interface TickBooks {
  /** Tick messages, the corrupt ones included. */
  readonly received: number;
  /** Numbers from the hello up to the highest one that came. */
  readonly numbered: number | null;
  /** Of these, those that never came: skipped ones are among them. */
  readonly gaps: number | null;
  /** Ticks whose number had come already. */
  readonly duplicated: number | null;
  /** Ticks older than the newest one so far, by their time or their number. */
  readonly outOfOrder: number;
  /** Ticks with the time of the newest one so far; a repetition is one too. */
  readonly sharedTimestamps: number;
  /** Messages that are no well-formed tick of a known symbol with a plausible price and time. */
  readonly corrupt: number;
  /** Ticks the server said it left out. */
  readonly skipped: number;
  /** How often it said so. */
  readonly conflations: number;
  /**
   * At the last such word: ticks made for the connection less those that came and those that were skipped. Loss that
   * shows without numbers; null when there was no such word.
   */
  readonly shortAtConflation: number | null;
  /** Text messages that are neither tick nor control message. */
  readonly foreignText: number;
}

export class TickLedger {
  readonly #gaps = new OpenGaps();
  #received = 0;
  #firstSeq: number | null = null;
  #lastSeq = 0;
  #duplicated = 0;
  #outOfOrder = 0;
  #sharedTimestamps = 0;
  #corrupt = 0;
  #skipped = 0;
  #conflations = 0;
  #shortAtConflation: number | null = null;
  #foreignText = 0;

  get received(): number {
    return this.#received;
  }

  /** The highest number so far. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  get skipped(): number {
    return this.#skipped;
  }

  /** Numbers that never came and were not called skipped, so far. */
  get unexplainedGaps(): number {
    return Math.max(this.#gaps.count - this.#skipped, 0);
  }

  /** The number before this connection's first tick; not called for a feed without numbers. */
  begin(seq: number): void {
    this.#firstSeq = seq;
    this.#lastSeq = seq;
  }

  /** Ticks came whose numbers and times never fall, up to the number `lastSeq`; see {@link countRepeats}. */
  countRun(ticks: number, lastSeq: number): void {
    this.#received += ticks;
    this.#lastSeq = lastSeq;
  }

  /** {@link countRun} for ticks without numbers. */
  countUnnumberedRun(ticks: number): void {
    this.#received += ticks;
  }

  /** How many of a run had the number of the one before, and how many its time. */
  countRepeats(duplicated: number, sharedTimestamps: number): void {
    this.#duplicated += duplicated;
    this.#sharedTimestamps += sharedTimestamps;
  }

  /** @param order of its time against the newest one so far: above 0 it is newer */
  count(order: number, seq: number): void {
    this.#received += 1;
    if (order === 0) this.#sharedTimestamps += 1;
    const isLate = this.#place(seq);
    if (isLate || order < 0) this.#outOfOrder += 1;
  }

  /** {@link count} for a tick without a number. */
  countUnnumbered(order: number): void {
    this.#received += 1;
    if (order === 0) this.#sharedTimestamps += 1;
    if (order < 0) this.#outOfOrder += 1;
  }

  countCorrupt(): void {
    this.#received += 1;
    this.#corrupt += 1;
  }

  countForeignText(): void {
    this.#foreignText += 1;
  }

  /** @param upToCount ticks made for this connection so far */
  countSkipped(skipped: number, upToCount: number): void {
    this.#skipped += skipped;
    this.#conflations += 1;
    this.#shortAtConflation = upToCount - this.#received - this.#skipped;
  }

  books(): TickBooks {
    const isNumbered = this.#firstSeq !== null;
    return {
      received: this.#received,
      numbered: this.#firstSeq === null ? null : this.#lastSeq - this.#firstSeq,
      gaps: isNumbered ? this.#gaps.count : null,
      duplicated: isNumbered ? this.#duplicated : null,
      outOfOrder: this.#outOfOrder,
      sharedTimestamps: this.#sharedTimestamps,
      corrupt: this.#corrupt,
      skipped: this.#skipped,
      conflations: this.#conflations,
      shortAtConflation: this.#shortAtConflation,
      foreignText: this.#foreignText,
    };
  }

  /** @returns whether a number came that was missing */
  #place(seq: number): boolean {
    if (seq > this.#lastSeq) {
      if (seq > this.#lastSeq + 1) this.#gaps.open(this.#lastSeq + 1, seq - 1);
      this.#lastSeq = seq;
      return false;
    }
    if (this.#gaps.fill(seq)) return true;
    this.#duplicated += 1;
    return false;
  }
}

/**
 * The ledger entry: what every load message carries at the start of its text, so that each delivery can be
 * accounted for and timed: `tl1:<run>:<publisher>:<seq>:<intendedNs>:<sentNs> `. Times are the client's hrtime.
 */

const MARK = 'tl1:';
const RUN_ID = /^[a-z0-9]{1,16}$/;

const COLON = 0x3a;
const SPACE = 0x20;
const ZERO = 0x30;
/** Digits that always fit 31 bits. */
const SMALL_DIGITS = 9;
const POWERS_OF_TEN = Float64Array.from({ length: SMALL_DIGITS }, (_, power) => 10 ** power);

/** What one entry says. Mutable on purpose: a reader fills one object again and again. */
export interface LedgerEntry {
  publisher: number;
  seq: number;
  intendedUs: number;
  sentUs: number;
}

/** Whether a run id can stand in an entry: 1–16 characters `[a-z0-9]`. */
export function isRunId(text: string): boolean {
  return RUN_ID.test(text);
}

/** What every entry of a run starts with. */
export function ledgerPrefix(runId: string): string {
  return `${MARK}${runId}:`;
}

/**
 * Writes an entry padded to `textLength` characters (longer when the entry itself is).
 *
 * @param runId see {@link isRunId}
 */
export function formatLedgerText(runId: string, entry: Readonly<LedgerEntry>, textLength: number): string {
  const intendedNs = Math.round(entry.intendedUs * 1_000);
  const sentNs = Math.round(entry.sentUs * 1_000);
  const head = `${ledgerPrefix(runId)}${entry.publisher}:${entry.seq}:${intendedNs}:${sentNs} `;
  return head.padEnd(textLength, 'x');
}

/**
 * Reads decimal digits of a buffer without making a string. The number is left in a field: returning large
 * ones would allocate each.
 */
export class DigitReader {
  /** The number that was read last. */
  value = 0;

  /** @returns where the number at `at` ends; -1 when there is no digit, or more than 17 */
  read(bytes: Uint8Array, at: number, limit: number): number {
    let high = 0;
    let position = at;
    // Two parts, so that each stays a small integer.
    const middle = Math.min(limit, at + SMALL_DIGITS);
    for (; position < middle; position += 1) {
      const digit = (bytes[position] ?? 0) - ZERO;
      if (digit < 0 || digit > 9) break;
      high = (high * 10 + digit) | 0;
    }
    this.value = high;
    if (position < at + SMALL_DIGITS) return position === at ? -1 : position;
    return this.#readRest(bytes, position, Math.min(limit, position + SMALL_DIGITS));
  }

  #readRest(bytes: Uint8Array, at: number, limit: number): number {
    let low = 0;
    let position = at;
    for (; position < limit; position += 1) {
      const digit = (bytes[position] ?? 0) - ZERO;
      if (digit < 0 || digit > 9) break;
      low = (low * 10 + digit) | 0;
    }
    if (position - at === SMALL_DIGITS) return -1;
    this.value = this.value * (POWERS_OF_TEN[position - at] ?? 0) + low;
    return position;
  }
}

/** Reads the entries of one run straight from bytes. */
export class LedgerEntryReader {
  readonly #prefix: Buffer;
  readonly #digits = new DigitReader();

  /** @param runId entries of other runs are not this reader's */
  constructor(runId: string) {
    this.#prefix = Buffer.from(ledgerPrefix(runId), 'latin1');
  }

  /**
   * Reads the entry that starts at `start` into `entry`. Four parameters, since this runs once a delivery.
   *
   * @returns false when no whole entry of this run stands there
   */
  read(bytes: Uint8Array, start: number, end: number, entry: LedgerEntry): boolean {
    const prefix = this.#prefix;
    if (end - start < prefix.length) return false;
    for (let index = 0; index < prefix.length; index += 1) {
      if (bytes[start + index] !== prefix[index]) return false;
    }
    return this.readFields(bytes, start + prefix.length, end, entry);
  }

  /** {@link read} from behind the prefix on, for a caller that has compared it already. */
  readFields(bytes: Uint8Array, start: number, end: number, entry: LedgerEntry): boolean {
    const digits = this.#digits;
    let at = digits.read(bytes, start, end);
    if (at < 0 || bytes[at] !== COLON) return false;
    entry.publisher = digits.value;
    at = digits.read(bytes, at + 1, end);
    if (at < 0 || bytes[at] !== COLON) return false;
    entry.seq = digits.value;
    at = digits.read(bytes, at + 1, end);
    if (at < 0 || bytes[at] !== COLON) return false;
    entry.intendedUs = digits.value / 1_000;
    at = digits.read(bytes, at + 1, end);
    // The space is part of the entry: without it the last number may be cut short.
    if (at < 0 || at >= end || bytes[at] !== SPACE) return false;
    entry.sentUs = digits.value / 1_000;
    return true;
  }
}

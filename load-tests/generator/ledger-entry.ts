/**
 * The ledger entry: what every load message carries at the start of its text, so that each delivery can be
 * accounted for and timed: `tl1:<run>:<publisher>:<seq>:<intendedNs>:<sentNs> `. Times are the client's hrtime.
 */

const MARK = 'tl1:';
const RUN_ID = /^[a-z0-9]{1,16}$/;

const COLON = 0x3a;
const SPACE = 0x20;
const ZERO = 0x30;
const NINE = 0x39;

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

/** The bytes every entry of a run starts with. */
export function ledgerPrefix(runId: string): Buffer {
  return Buffer.from(`${MARK}${runId}:`, 'latin1');
}

/**
 * Writes an entry padded to `textLength` characters (longer when the entry itself is).
 *
 * @param runId see {@link isRunId}
 */
export function formatLedgerText(runId: string, entry: Readonly<LedgerEntry>, textLength: number): string {
  const intendedNs = Math.round(entry.intendedUs * 1_000);
  const sentNs = Math.round(entry.sentUs * 1_000);
  const head = `${MARK}${runId}:${entry.publisher}:${entry.seq}:${intendedNs}:${sentNs} `;
  return head.padEnd(textLength, 'x');
}

/** Reads decimal digits of a buffer without making a string. */
export class DigitReader {
  /** Where the last number ended: the first byte that was no digit. */
  end = 0;

  /** @returns the number at `at`; -1 when there is no digit, or more than 19 */
  read(bytes: Uint8Array, at: number, limit: number): number {
    let value = 0;
    let position = at;
    while (position < limit) {
      const byte = bytes[position] ?? 0;
      if (byte < ZERO || byte > NINE) break;
      value = value * 10 + (byte - ZERO);
      position += 1;
    }
    this.end = position;
    return position === at || position - at > 19 ? -1 : value;
  }
}

/** Reads the entries of one run straight from bytes. */
export class LedgerEntryReader {
  readonly #prefix: Buffer;
  readonly #digits = new DigitReader();

  /** @param runId entries of other runs are not this reader's */
  constructor(runId: string) {
    this.#prefix = ledgerPrefix(runId);
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
    const publisher = this.#field(bytes, start + prefix.length, end, COLON);
    const seq = publisher < 0 ? -1 : this.#field(bytes, this.#digits.end + 1, end, COLON);
    const intendedNs = seq < 0 ? -1 : this.#field(bytes, this.#digits.end + 1, end, COLON);
    const sentNs = intendedNs < 0 ? -1 : this.#field(bytes, this.#digits.end + 1, end, SPACE);
    if (sentNs < 0) return false;
    entry.publisher = publisher;
    entry.seq = seq;
    entry.intendedUs = intendedNs / 1_000;
    entry.sentUs = sentNs / 1_000;
    return true;
  }

  #field(bytes: Uint8Array, at: number, limit: number, terminator: number): number {
    const value = this.#digits.read(bytes, at, limit);
    return value >= 0 && this.#digits.end < limit && bytes[this.#digits.end] === terminator ? value : -1;
  }
}

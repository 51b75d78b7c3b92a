/**
 * The ledger entry: what every load message carries at the start of its text, so that each delivery can be
 * accounted for and timed: `tl1:<run>:<publisher>:<seq>:<intendedNs>:<sentNs> `. Times are the client's hrtime.
 */

import { DigitReader } from './digit-reader.ts';

const MARK = 'tl1:';
const RUN_ID = /^[a-z0-9]{1,16}$/;

const COLON = 0x3a;
const SPACE = 0x20;

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

/** Reads the entries of one run straight from bytes. */
export class LedgerEntryReader {
  readonly #prefix: Buffer;
  readonly #digits = new DigitReader();

  /** @param runId entries of other runs are not this reader's */
  constructor(runId: string) {
    this.#prefix = Buffer.from(ledgerPrefix(runId), 'latin1');
  }

  /**
   * Reads the entry that starts at `start` into `entry`.
   *
   * @returns false when no whole entry of this run stands there
   */
  read(bytes: Uint8Array, start: number, end: number, entry: LedgerEntry): boolean {
    const prefix = this.#prefix;
    if (end - start < prefix.length) return false;
    for (let index = 0; index < prefix.length; index += 1) {
      if (bytes[start + index] !== prefix[index]) return false;
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return this.readFields(view, start + prefix.length, end, entry);
  }

  /**
   * {@link read} from behind the prefix on, for a caller that has compared it already. Four parameters, since
   * this runs once a delivery.
   */
  readFields(view: DataView, start: number, end: number, entry: LedgerEntry): boolean {
    const digits = this.#digits;
    let at = digits.read(view, start, end, COLON);
    if (at < 0) return false;
    entry.publisher = digits.value;
    at = digits.read(view, at + 1, end, COLON);
    if (at < 0) return false;
    entry.seq = digits.value;
    at = digits.read(view, at + 1, end, COLON);
    if (at < 0) return false;
    entry.intendedUs = digits.value / 1_000;
    // The space is part of the entry: without it the last number may be cut short.
    at = digits.read(view, at + 1, end, SPACE);
    if (at < 0) return false;
    entry.sentUs = digits.value / 1_000;
    return true;
  }
}

import { describe, expect, it } from 'vitest';
import { LedgerEntryReader } from '../../generator/ledger/ledger-entry.ts';
import { readLedgerText, writeLedgerText } from './ledger-text.ts';

const ENTRY = { seq: 41, intendedMs: 3_600_000.25, sentMs: 3_600_001 };

describe('a ledger text', () => {
  it('says what was written', () => {
    expect(readLedgerText('k6a', writeLedgerText('k6a', ENTRY))).toEqual(ENTRY);
  });

  it('is one that the load generator reads, too', () => {
    const bytes = Buffer.from(writeLedgerText('k6a', ENTRY));
    const entry = { publisher: -1, seq: 0, intendedUs: 0, sentUs: 0 };
    expect(new LedgerEntryReader('k6a').read(bytes, 0, bytes.length, entry)).toBe(true);
    expect(entry).toEqual({ publisher: 0, seq: 41, intendedUs: 3_600_000_250, sentUs: 3_600_001_000 });
  });

  it.each(['Goal!', 'tl1:other:0:1:2:3 ', 'tl1:k6a:0:1:x:3 ', 'tl1:k6a:', 7])(
    'of others is none: %s',
    (text) => {
      expect(readLedgerText('k6a', text)).toBeNull();
    },
  );
});

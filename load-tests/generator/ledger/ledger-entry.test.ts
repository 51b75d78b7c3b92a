import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatLedgerText, isRunId, type LedgerEntry, LedgerEntryReader } from './ledger-entry.ts';

function readEntry(runId: string, text: string): LedgerEntry | null {
  const entry = { publisher: -1, seq: -1, intendedUs: -1, sentUs: -1 };
  const bytes = Buffer.from(text);
  return new LedgerEntryReader(runId).read(bytes, 0, bytes.length, entry) ? entry : null;
}

const runIds = fc.stringMatching(/^[a-z0-9]{1,16}$/);
/** Up to half a year of uptime, in whole nanoseconds as microseconds. */
const timesUs = fc.integer({ min: 0, max: 15_000_000_000_000_000 }).map((ns) => ns / 1_000);

describe('ledger entries', () => {
  it('are what PROTOCOLS.md says', () => {
    const entry = { publisher: 3, seq: 17, intendedUs: 1_000.5, sentUs: 1_002 };
    expect(formatLedgerText('abc', entry, 0)).toBe('tl1:abc:3:17:1000500:1002000 ');
    expect(formatLedgerText('abc', entry, 40)).toHaveLength(40);
  });

  it('are read back from bytes', () => {
    fc.assert(
      fc.property(
        runIds,
        fc.nat(),
        fc.nat(),
        timesUs,
        timesUs,
        (runId, publisher, seq, intendedUs, sentUs) => {
          const entry = { publisher, seq, intendedUs, sentUs };
          const read = readEntry(runId, formatLedgerText(runId, entry, 120));
          expect(read).toMatchObject({ publisher, seq });
          // Above 2^53 ns (104 days of uptime) a double holds every second nanosecond.
          expect(Math.abs((read?.intendedUs ?? 0) - intendedUs)).toBeLessThanOrEqual(0.002);
          expect(Math.abs((read?.sentUs ?? 0) - sentUs)).toBeLessThanOrEqual(0.002);
        },
      ),
    );
  });

  it.each([
    ['another run', 'tl1:abcd:0:1:2:3 '],
    ['a run that this one begins', 'tl1:ab:0:1:2:3 '],
    ['no entry', 'goal!'],
    ['nothing', ''],
    ['a cut entry', 'tl1:abc:0:1:2:3'],
    ['a missing number', 'tl1:abc:0::2:3 '],
    ['a sign', 'tl1:abc:0:-1:2:3 '],
    ['a number too long to be exact', 'tl1:abc:0:123456789012345678:2:3 '],
    ['an entry later in the text', 'x tl1:abc:0:1:2:3 '],
  ])('are not taken from %s', (_what, text) => {
    expect(readEntry('abc', text)).toBeNull();
  });

  it('know what a run id is', () => {
    expect(['a', 'run1', '0123456789abcdef'].every(isRunId)).toBe(true);
    expect(['', 'A', 'a:b', '0123456789abcdef0'].some(isRunId)).toBe(false);
  });
});

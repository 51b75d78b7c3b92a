import { describe, expect, it } from 'vitest';
import { readReport } from '../artillery-program.ts';
import { parseGeneratorResult } from './generator-result.ts';
import { COMMENTARY_HEAD, SequenceCheck } from './sequence-check.ts';

const commentary = (offset: number) => `${COMMENTARY_HEAD}${offset},"data":{}}`;

describe('the check of the scripts', () => {
  function checkOf(...offsets: readonly number[]) {
    const check = new SequenceCheck();
    check.take(JSON.stringify({ type: 'subscribed', offset: 10 }));
    for (const offset of offsets) expect(check.take(commentary(offset))).toBe('delivery');
    return check;
  }

  it('counts what comes in order', () => {
    expect(checkOf(11, 12, 13)).toMatchObject({ received: 3, lost: 0, repeated: 0 });
  });

  it('counts what is missing in between and at the end', () => {
    const check = checkOf(11, 14);
    expect(check.take(JSON.stringify({ type: 'end', offset: 16 }))).toBe('end');
    expect(check).toMatchObject({ received: 2, lost: 4, repeated: 0 });
  });

  it('counts what comes twice', () => {
    expect(checkOf(11, 11, 12)).toMatchObject({ received: 3, lost: 0, repeated: 1 });
  });

  it('takes no number that only begins as the next one does for it', () => {
    expect(checkOf(110)).toMatchObject({ received: 1, lost: 99, repeated: 0 });
  });
});

describe('what generators write', () => {
  it('is read, or refused with what came', () => {
    const result = {
      received: 2,
      lost: 0,
      repeated: 0,
      fromIntended: null,
      fromSent: { p50Ms: 1, p99Ms: null },
    };
    expect(parseGeneratorResult(JSON.stringify(result))).toEqual(result);
    expect(() => parseGeneratorResult('{"received":2')).toThrow('it wrote {"received":2');
  });

  it('is read from the report of Artillery, too', () => {
    const counters = { 'bench.received': 5, 'bench.lost': 1, 'websocket.messages_sent': 3 };
    const summaries = { 'bench.from_intended': { min: 1, p50: 2, p99: 3 } };
    expect(readReport(JSON.stringify({ aggregate: { counters, summaries } }))).toEqual({
      received: 5,
      lost: 1,
      repeated: 0,
      fromIntended: { p50Ms: 2, p99Ms: 3 },
      fromSent: null,
    });
  });
});

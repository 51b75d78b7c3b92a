import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DigitReader } from './digit-reader.ts';

const COLON = 0x3a;

function read(text: string, at = 0, limit = text.length): { readonly end: number; readonly value: number } {
  // Surrounded, so that a read beyond the limit would be seen.
  const bytes = Buffer.from(`1${text}2345678`, 'latin1').subarray(1);
  const reader = new DigitReader();
  const end = reader.read(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), at, limit, COLON);
  return { end, value: reader.value };
}

describe('DigitReader', () => {
  it('reads every number of up to 16 digits', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
        fc.integer({ min: 0, max: 15 }),
        (number, cut) => {
          const value = Math.floor(number / 10 ** cut);
          expect(read(`__${value}:`, 2)).toEqual({ end: 2 + String(value).length, value });
        },
      ),
    );
  });

  it('takes no byte but a digit, at any place', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 7 }), (byte, place) => {
        const character = String.fromCharCode(byte);
        const text = `${'12345678'.slice(0, place)}${character}${'12345678'.slice(place + 1)}:`;
        const isDigit = character >= '0' && character <= '9';
        const isEnd = character === ':' && place > 0;
        expect(read(text).end).toBe(isDigit ? 8 : isEnd ? place : -1);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['nothing', ':', 1],
    ['no terminator', '123', 3],
    ['a terminator beyond the limit', '123:', 3],
    ['another terminator', '123 ', 4],
    ['18 digits', '123456789012345678:', 19],
  ])('finds no number in %s', (_what, text, limit) => {
    expect(read(text, 0, limit).end).toBe(-1);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eachFrame } from '../../hub/frames/each-frame.ts';
import { serverFrame } from '../../hub/frames/server-frame.ts';
import {
  BINARY_TICK_BYTES,
  MAX_TICKS_A_TURN,
  TICK_FORMATS,
  type TickFormat,
  type TickMessage,
} from '../../protocol/tick-messages.ts';
import { type TickBatch, tickAt } from './tick.ts';
import { naiveTick, tickBinary, tickFrame, tickJson, tickMessage } from './tick-encoding.ts';
import { TickSchedule } from './tick-schedule.ts';
import { TickSource } from './tick-source.ts';
import { SYMBOL_COUNT, TICK_SYMBOLS } from './tick-symbols.ts';
import { splitFrames } from './tick-writer.ts';
import { TickWriters } from './tick-writers.ts';

const clock = { startSecond: 1_763_689_000, startNsInSecond: 987_654_321 };
const batchCase = fc.record({
  rate: fc.oneof(fc.constantFrom(1, 999, 1_000_000), fc.integer({ min: 1, max: 20_000_000 })),
  /** Ticks made before, so that `seq` has any number of digits and the turn begins with any symbol. */
  before: fc.oneof(fc.nat(40), fc.integer({ min: 0, max: 9_000_000_000_000_000 })),
  ticks: fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1, maxLength: 4 }),
  seed: fc.integer(),
});

/** The batches of a case; each is looked at before the next is made, since they share their prices. */
function eachBatch(
  { rate, before, ticks, seed }: { rate: number; before: number; ticks: readonly number[]; seed: number },
  look: (batch: TickBatch) => void,
): void {
  const schedule = new TickSchedule(rate);
  const source = new TickSource({ clock, schedule, seed });
  schedule.restart(123_456_789);
  source.seq = before;
  for (const count of ticks) look(source.make(count, 'unique'));
}

function payloads(bytes: Buffer, count: number): { payload: Buffer; isBinary: boolean }[] {
  const all: { payload: Buffer; isBinary: boolean }[] = [];
  eachFrame(bytes, (payload, isBinary) => void all.push({ payload: Buffer.from(payload), isBinary }));
  expect(all).toHaveLength(count);
  return all;
}

describe('the symbols', () => {
  it('are of one length, so that their frames are', () => {
    expect(new Set(TICK_SYMBOLS.map((symbol) => symbol.length)).size).toBe(1);
    expect(new Set(TICK_SYMBOLS).size).toBe(SYMBOL_COUNT);
  });
});

describe('the JSON writer', () => {
  it('writes what JSON.parse and JSON.stringify take for the same ticks, byte for byte as the plain way does', () => {
    const writer = new TickWriters().of('unique').json;
    fc.assert(
      fc.property(batchCase, (one) => {
        eachBatch(one, (batch) => {
          const { bytes, count, payloadBytes, held } = writer.write(batch);
          const texts = payloads(bytes, batch.count);
          expect(count).toBe(batch.count);
          expect(payloadBytes).toBe(texts.reduce((sum, { payload }) => sum + payload.byteLength, 0));
          texts.forEach(({ payload, isBinary }, place) => {
            const tick = tickAt(batch, place);
            expect(isBinary).toBe(false);
            expect(payload.toString()).toBe(tickJson(tick, batch.decimals));
            const parsed = JSON.parse(payload.toString()) as TickMessage;
            const expected = tickMessage(tick, batch.decimals);
            expect(parsed).toEqual(expected);
            expect(JSON.stringify(parsed)).toBe(JSON.stringify(expected));
          });
          held?.release();
        });
      }),
    );
  });

  it('has this layout', () => {
    eachBatch({ rate: 1_000, before: 16, ticks: [1], seed: 1 }, (batch) => {
      const { bytes } = new TickWriters().of('unique').json.write(batch);
      expect(bytes.subarray(2).toString()).toMatch(
        /^\{"symbol":"MSFT","price":\d{3}\.\d{2},"ts":1763689001112\.111,"seq":17\}$/,
      );
    });
  });
});

describe('the binary writer', () => {
  it('writes what a DataView reads, as the plain way does', () => {
    const writer = new TickWriters().of('unique').binary;
    fc.assert(
      fc.property(batchCase, (one) => {
        eachBatch(one, (batch) => {
          const { bytes, payloadBytes, held } = writer.write(batch);
          expect(payloadBytes).toBe(batch.count * BINARY_TICK_BYTES);
          payloads(bytes, batch.count).forEach(({ payload, isBinary }, place) => {
            const tick = tickAt(batch, place);
            expect(isBinary).toBe(true);
            expect(payload.equals(tickBinary(tick))).toBe(true);
            const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
            expect(view.getUint32(0, true)).toBe(tick.symbol);
            expect(view.getFloat64(4, true)).toBe(tick.cents / 100);
            expect(view.getBigInt64(12, true)).toBe(
              BigInt(tick.epochSecond) * 1_000_000_000n + BigInt(tick.nsInSecond),
            );
          });
          held?.release();
        });
      }),
    );
  });
});

describe.each(TICK_FORMATS)('%s turns', (format) => {
  const write = (ticks: number) => {
    const writer = new TickWriters().of('unique')[format];
    const schedule = new TickSchedule(1_000_000);
    const source = new TickSource({ clock, schedule, seed: 3 });
    schedule.restart(0);
    source.seq = 10_000;
    return { writer, batch: () => source.make(ticks, 'unique') };
  };

  it('never write over a buffer that somebody holds', () => {
    const { writer, batch } = write(20);
    const first = writer.write(batch());
    const copy = Buffer.from(first.bytes);
    first.held?.retain();
    first.held?.release();
    const second = writer.write(batch());
    expect(second.bytes.buffer).not.toBe(first.bytes.buffer);
    expect(first.bytes.equals(copy)).toBe(true);
    first.held?.release();
    const third = writer.write(batch());
    expect(third.bytes.buffer).toBe(first.bytes.buffer);
  });

  it('hold no more than about twice what they are', () => {
    const { writer, batch } = write(1);
    const { bytes, held } = writer.write(batch());
    expect(bytes.buffer.byteLength).toBeLessThanOrEqual(2 * SYMBOL_COUNT * bytes.byteLength);
    held?.release();
    const many = write(MAX_TICKS_A_TURN);
    const turn = many.writer.write(many.batch());
    expect(turn.count).toBe(MAX_TICKS_A_TURN);
    expect(turn.bytes.buffer.byteLength).toBeLessThan(1.01 * turn.bytes.byteLength);
  });

  it('fall into single frames', () => {
    const { writer, batch } = write(9);
    const turn = writer.write(batch());
    const parts = splitFrames(turn);
    expect(Buffer.concat(parts.map(({ bytes }) => bytes)).equals(turn.bytes)).toBe(true);
    expect(parts.every(({ bytes, payloadBytes }) => bytes.byteLength === payloadBytes + 2)).toBe(true);
    expect(parts).toHaveLength(9);
  });
});

describe('the writer of repeated ticks', () => {
  it.each<TickFormat>(['json', 'binary'])('writes one %s tick as often as told', (format) => {
    const schedule = new TickSchedule(5_000);
    const source = new TickSource({ clock, schedule, seed: 3 });
    schedule.restart(0);
    source.seq = 95;
    const writer = new TickWriters().of('cached-1ms')[format];
    for (const ticks of [3, 9, 14]) {
      const batch = source.make(ticks, 'cached-1ms');
      const expected = (batch.repeats ?? []).flatMap(({ tick, count }) =>
        Array.from({ length: count }, () => tickFrame(tick, format, batch.decimals)),
      );
      const { bytes, count, payloadBytes, held } = writer.write(batch);
      expect(bytes.equals(Buffer.concat(expected))).toBe(true);
      expect([count, held]).toEqual([batch.count, null]);
      expect(payloadBytes).toBe(bytes.byteLength - 2 * count);
    }
  });
});

describe('naive encoding', () => {
  it('is JSON.stringify, or the same binary tick', () => {
    const tick = { symbol: 0, cents: 18_720, epochSecond: 1_763_689_000, nsInSecond: 123_457_999, seq: 17 };
    const text = '{"symbol":"AAPL","price":187.2,"ts":1763689000123.457,"seq":17}';
    expect(naiveTick(tick, 'json', 3)).toBe(text);
    expect(naiveTick(tick, 'binary', 3)).toEqual(tickBinary(tick));
    expect(tickFrame(tick, 'json', 3)).toEqual(serverFrame(Buffer.from(tickJson(tick, 3))));
  });
});

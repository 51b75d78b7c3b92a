import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HAPPENINGS, type Happening, OddTickFeed } from '../../../testing/odd-tick-feed.ts';
import {
  binaryTick,
  helloText,
  jsonTick,
  type TestTick,
  TICK_SYMBOLS,
  textFrame,
  tickFrame,
} from '../../../testing/tick-messages.ts';
import { FrameParser, type FrameSink } from '../../client/frame-parser.ts';
import type { TickFormat } from '../tick-plan.ts';
import { ParsedTicks } from './parsed-ticks.ts';
import type { TickBooks } from './tick-ledger.ts';
import { type TickIntake, TickStream } from './tick-stream.ts';

const EPOCH_NS = 1_763_689_099_990_000_000n;
const START_SEQ = 9_990;

class Intake implements TickIntake {
  receivedUs = 0;
  ticks = 0;
  skipped = 0;
  readonly timed: number[] = [];
  count(ticks: number): void {
    this.ticks += ticks;
  }
  skip(ticks: number): void {
    this.skipped += ticks;
  }
  time(latencyUs: number): void {
    this.timed.push(latencyUs);
  }
}

interface Read {
  readonly books: TickBooks;
  readonly timed: readonly number[];
  readonly pings: number;
  readonly intake: Intake;
}

class Sink implements FrameSink {
  pings = 0;
  onText(): void {}
  onBinary(): void {}
  onPing(): void {
    this.pings += 1;
  }
  onClose(): void {}
  onViolation(what: string): void {
    throw new Error(what);
  }
}

/** What the lean reader makes of these bytes, cut at these places. */
function readLean(format: TickFormat, bytes: Buffer, cuts: readonly number[] = [], timeEvery = 4): Read {
  const intake = new Intake();
  // Everything is received 10 ms after the hello's clock, which is the monotonic clock's zero.
  intake.receivedUs = 10_000;
  const stream = new TickStream({ format, timeEvery, intake, onHello: () => undefined });
  const sink = new Sink();
  const edges = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
  // As a socket does it: every read lies in the same buffer.
  const shared = Buffer.alloc(bytes.length);
  for (const [index, edge] of edges.entries()) {
    const from = edges[index - 1];
    if (from === undefined) continue;
    bytes.copy(shared, 0, from, edge);
    stream.push(shared, 0, edge - from, sink);
  }
  return { books: stream.ledger.books(), timed: intake.timed, pings: sink.pings, intake };
}

/** What the other implementation makes of them: the frame parser, then a message at a time. */
function readParsed(format: TickFormat, bytes: Buffer): TickBooks {
  const ticks = new ParsedTicks({ format, onHello: () => undefined, onSkipped: () => undefined });
  const sink: FrameSink = {
    onText: (data, start, end) => ticks.takeText(data.toString('utf8', start, end)),
    onBinary: (data, start, end) => {
      ticks.takeBinary(new DataView(data.buffer, data.byteOffset + start, end - start));
    },
    onPing: () => undefined,
    onClose: () => undefined,
    onViolation: (what) => {
      throw new Error(what);
    },
  };
  new FrameParser().push(bytes, 0, bytes.length, sink);
  return ticks.ledger.books();
}

function tickAt(index: number): TestTick {
  return {
    symbolIndex: (index * 5) % TICK_SYMBOLS.length,
    cents: 1 + ((index * 7_919) % 2_000_000),
    tsNs: EPOCH_NS + BigInt(index) * 3_000n,
    seq: START_SEQ + index,
  };
}

function frameOf(format: TickFormat, tick: TestTick, decimals = 3): Buffer {
  return tickFrame(format, format === 'json' ? jsonTick(tick, decimals) : binaryTick(tick));
}

function hello(format: TickFormat): Buffer {
  return textFrame(helloText({ format, seq: START_SEQ - 1, epochNs: EPOCH_NS, hrtimeNs: 0n }));
}

const CLEAN = {
  outOfOrder: 0,
  sharedTimestamps: 0,
  corrupt: 0,
  skipped: 0,
  conflations: 0,
  shortAtConflation: null,
  foreignText: 0,
};

describe.each(['json', 'binary'] as const)('a faultless %s feed', (format) => {
  const TICKS = 30_000;
  const frames = Array.from({ length: TICKS }, (_, index) => frameOf(format, tickAt(index)));
  const bytes = Buffer.concat([hello(format), ...frames]);

  it('is counted whole, over new digits, new hundreds of seconds and cut frames', () => {
    const cuts = Array.from({ length: Math.floor(bytes.length / 4_096) }, (_, index) => (index + 1) * 4_096);
    const { books, timed, intake } = readLean(format, bytes, cuts);
    const numbers = format === 'json' ? { numbered: TICKS, gaps: 0, duplicated: 0 } : {};
    expect(books).toMatchObject({ ...CLEAN, received: TICKS, ...numbers });
    expect(intake.ticks).toBe(TICKS);
    expect(timed).toHaveLength(TICKS / 4);
    expect(readParsed(format, bytes)).toEqual(books);
  });

  it('is timed by the clock of the hello', () => {
    const { timed } = readLean(format, bytes);
    // The fourth tick is 9 µs after the hello's moment, and so on: 12 µs from one timed tick to the next.
    expect(timed[0]).toBe(10_000 - 9);
    expect(timed.slice(1, 1_000).every((us, index) => (timed[index] ?? 0) - us === 12)).toBe(true);
  });
});

describe('a JSON feed', () => {
  it.each([3, 4, 5, 6])('may have %i decimals', (decimals) => {
    const stepNs = BigInt(10 ** (6 - decimals));
    const ticks = Array.from({ length: 3_000 }, (_, index) => ({
      ...tickAt(index),
      tsNs: EPOCH_NS + 9_999_000n + BigInt(index) * stepNs,
    }));
    const bytes = Buffer.concat([hello('json'), ...ticks.map((tick) => frameOf('json', tick, decimals))]);
    expect(readLean('json', bytes).books).toMatchObject({ ...CLEAN, received: 3_000, gaps: 0 });
    expect(readParsed('json', bytes)).toMatchObject({ ...CLEAN, received: 3_000, gaps: 0 });
  });

  it.each([
    ['another key order', '{"price":187.23,"symbol":"AAPL","ts":TS,"seq":SEQ}'],
    ['a space', '{"symbol":"AAPL", "price":187.23,"ts":TS,"seq":SEQ}'],
    ['an unknown symbol', '{"symbol":"ZZZZ","price":187.23,"ts":TS,"seq":SEQ}'],
    ['half a symbol', '{"symbol":"AAP","price":187.23,"ts":TS,"seq":SEQ}'],
    ['a price of 0', '{"symbol":"AAPL","price":0.00,"ts":TS,"seq":SEQ}'],
    ['a negative price', '{"symbol":"AAPL","price":-1.5,"ts":TS,"seq":SEQ}'],
    ['a price beyond all', '{"symbol":"AAPL","price":1000000000,"ts":TS,"seq":SEQ}'],
    ['a leading zero', '{"symbol":"AAPL","price":0187.23,"ts":TS,"seq":SEQ}'],
    ['two dots', '{"symbol":"AAPL","price":18.7.3,"ts":TS,"seq":SEQ}'],
    ['a dot at the end', '{"symbol":"AAPL","price":187.,"ts":TS,"seq":SEQ}'],
    ['no time', '{"symbol":"AAPL","price":187.23,"ts":,"seq":SEQ}'],
    ['a time of last year', '{"symbol":"AAPL","price":187.23,"ts":1663689099990.000,"seq":SEQ}'],
    ['a time in seconds', '{"symbol":"AAPL","price":187.23,"ts":1763689099.990,"seq":SEQ}'],
    ['no number', '{"symbol":"AAPL","price":187.23,"ts":TS,"seq":}'],
    ['a wrong number', '{"symbol":"AAPL","price":187.23,"ts":TS,"seq":0SEQ}'],
    ['an end that is missing', '{"symbol":"AAPL","price":187.23,"ts":TS,"seq":SEQ'],
    ['too much', '{"symbol":"AAPL","price":187.23,"ts":TS,"seq":SEQ}}'],
    ['nothing', ''],
  ])('with %s in it has one corrupt tick, wherever that is', (_, broken) => {
    for (const position of [0, 1, 25, 49]) {
      const frames = Array.from({ length: 50 }, (_frame, index) => {
        if (index !== position) return frameOf('json', tickAt(index));
        const { tsNs, seq } = tickAt(index);
        const ts = `${tsNs / 1_000_000n}.${String(tsNs % 1_000_000n)
          .padStart(6, '0')
          .slice(0, 3)}`;
        return textFrame(broken.replace('TS', ts).replace('SEQ', String(seq)));
      });
      const { books } = readLean('json', Buffer.concat([hello('json'), ...frames]));
      // The last number of a feed that ends with it cannot be seen to be missing.
      const gaps = position === 49 ? 0 : 1;
      expect(books).toMatchObject({ ...CLEAN, received: 50, corrupt: 1, gaps, duplicated: 0 });
    }
  });
});

describe.each(['json', 'binary'] as const)('a %s feed that sends each tick many times', (format) => {
  it('shares its times, and where there are numbers repeats them', () => {
    const frames = Array.from({ length: 50 }, (_, index) => frameOf(format, tickAt(100 + index)));
    const bytes = Buffer.concat([hello(format), ...frames.flatMap((frame) => Array<Buffer>(20).fill(frame))]);
    const { books } = readLean(format, bytes, [3_000, 9_999]);
    expect(books).toMatchObject({
      ...CLEAN,
      received: 1_000,
      sharedTimestamps: 950,
      duplicated: format === 'json' ? 950 : null,
    });
    expect(readParsed(format, bytes)).toEqual(books);
  });
});

describe('a binary feed', () => {
  it.each([
    ['an unknown symbol', (tick: Buffer) => tick.writeUInt32LE(TICK_SYMBOLS.length, 0)],
    ['no price', (tick: Buffer) => tick.writeDoubleLE(Number.NaN, 4)],
    ['a negative price', (tick: Buffer) => tick.writeDoubleLE(-1, 4)],
    ['a time of its own', (tick: Buffer) => tick.writeBigInt64LE(2n ** 62n, 12)],
  ])('with %s in it has one corrupt tick', (_, breakIt) => {
    for (const position of [0, 1, 25, 49]) {
      const frames = Array.from({ length: 50 }, (_frame, index) => {
        const message = binaryTick(tickAt(index));
        if (index === position) breakIt(message);
        return tickFrame('binary', message);
      });
      const bytes = Buffer.concat([hello('binary'), ...frames]);
      expect(readLean('binary', bytes).books).toMatchObject({ ...CLEAN, received: 50, corrupt: 1 });
      expect(readParsed('binary', bytes)).toEqual(readLean('binary', bytes).books);
    }
  });

  it('takes a message of another length, and a text, for what they are', () => {
    const odd = [tickFrame('binary', Buffer.alloc(19)), textFrame('tick'), textFrame('{"type":"weather"}')];
    const bytes = Buffer.concat([hello('binary'), ...odd, frameOf('binary', tickAt(0))]);
    expect(readLean('binary', bytes).books).toMatchObject({ received: 2, corrupt: 1, foreignText: 2 });
  });
});

/** Half of the ticks are as they should be. */
const happenings = fc.array(fc.oneof(fc.constant('ok' as const), fc.constantFrom(...HAPPENINGS)), {
  maxLength: 120,
});

function feedOf(format: TickFormat, what: readonly Happening[]) {
  const feed = new OddTickFeed(format, hello(format), tickAt);
  for (const each of what) feed.add(each);
  return { bytes: feed.bytes(), expected: feed.expected };
}

describe.each(['json', 'binary'] as const)('any %s feed', (format) => {
  it('is counted the same however its bytes are cut, and by the other implementation too', () => {
    fc.assert(
      fc.property(
        happenings,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 40 }),
        fc.integer({ min: 1, max: 5 }),
        (what, places, timeEvery) => {
          const { bytes, expected } = feedOf(format, what);
          const cuts = places.map((place) => Math.floor(place * bytes.length));
          const whole = readLean(format, bytes, [], timeEvery);
          const cut = readLean(format, bytes, cuts, timeEvery);
          const { books, pings, timed, intake } = cut;
          expect(books).toEqual(whole.books);
          expect(timed).toEqual(whole.timed);
          expect(readParsed(format, bytes)).toEqual(books);
          expect(intake.ticks).toBe(books.received);
          expect(intake.skipped).toBe(expected.skipped);
          expect(pings).toBe(expected.pings);
          expect(books).toMatchObject({
            received: expected.received,
            corrupt: expected.corrupt,
            skipped: expected.skipped,
            foreignText: expected.weather,
            outOfOrder: expected.swapped,
            sharedTimestamps: expected.shared + expected.twice,
          });
          if (books.numbered === null) return;
          expect(books.duplicated).toBe(expected.twice);
          expect(books.received - expected.twice - books.corrupt + (books.gaps ?? 0)).toBe(books.numbered);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is counted the same one byte at a time', () => {
    fc.assert(
      fc.property(happenings, (what) => {
        const { bytes } = feedOf(format, what);
        const cuts = Array.from({ length: bytes.length - 1 }, (_, index) => index + 1);
        expect(readLean(format, bytes, cuts).books).toEqual(readLean(format, bytes).books);
      }),
      { numRuns: 20 },
    );
  });

  it('is checked to the last byte by the quick way as by the careful one, which reads frames that are cut', () => {
    const frames = Array.from({ length: 40 }, (_, index) => frameOf(format, tickAt(100 + index)));
    const greeting = hello(format);
    const middle = frames[20] ?? Buffer.alloc(0);
    fc.assert(
      fc.property(fc.nat(middle.length - 3), fc.nat(255), (at, value) => {
        const broken = Buffer.from(middle);
        broken[2 + at] = value;
        const bytes = Buffer.concat([greeting, ...frames.slice(0, 20), broken, ...frames.slice(21)]);
        const cuts = Array.from({ length: Math.floor(bytes.length / 9) }, (_, index) => index * 9);
        expect(readLean(format, bytes).books).toEqual(readLean(format, bytes, cuts).books);
      }),
      { numRuns: 1_000 },
    );
  });
});

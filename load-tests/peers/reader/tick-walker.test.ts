import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serverFrame } from '../../testing/ws-codec.ts';
import { binaryTick, makeTick } from '../feed/tick.ts';
import { preparedTurns } from '../floor/prepared-turns.ts';
import { HEAD_ROOM_BYTES, readBuffer } from './read-buffer.ts';
import type { TickShape } from './reader-plan.ts';
import { TickWalker, type WalkerSink } from './tick-walker.ts';

const TS_MS = 1_763_689_000_000;
const NOW_MS = TS_MS + 250;
const JSON_SHAPE: TickShape = {
  format: 'json',
  framing: 'websocket',
  hasSequence: true,
  wrapsAt: 0,
  sampledEvery: 0,
};
const SHAPES: Readonly<Record<string, TickShape>> = {
  json: JSON_SHAPE,
  binary: { ...JSON_SHAPE, format: 'binary' },
  'socket.io json': { ...JSON_SHAPE, framing: 'socket.io' },
  'socket.io binary': { ...JSON_SHAPE, framing: 'socket.io', format: 'binary' },
};

class RecordingSink implements WalkerSink {
  readonly others: string[] = [];
  readonly latencies: number[] = [];
  onOther(_walker: TickWalker, _opcode: number, start: number, end: number): void {
    this.others.push(readBuffer.toString('latin1', start, end));
  }
  onSample(latencyMs: number): void {
    this.latencies.push(latencyMs);
  }
}

function frameOf(shape: TickShape, seq: number): Buffer {
  const tsMs = TS_MS + seq / 1_000;
  if (shape.format === 'binary') return serverFrame(2, binaryTick(seq, tsMs));
  const json = JSON.stringify(makeTick(seq, tsMs));
  return serverFrame(1, Buffer.from(shape.framing === 'socket.io' ? `42["tick",${json}]` : json));
}

/** Walks reads as a connection does: what a read leaves over stands before the next. */
function walkReads(walker: TickWalker, reads: readonly Buffer[]): void {
  let rest = Buffer.alloc(0);
  for (const read of reads) {
    const start = HEAD_ROOM_BYTES - rest.length;
    readBuffer.fill(0xee, 0, HEAD_ROOM_BYTES + read.length + 64);
    rest.copy(readBuffer, start);
    read.copy(readBuffer, HEAD_ROOM_BYTES);
    const end = HEAD_ROOM_BYTES + read.length;
    rest = Buffer.from(readBuffer.subarray(walker.walk(start, end, NOW_MS), end));
  }
  expect(rest).toHaveLength(0);
}

function cut(bytes: Buffer, shares: readonly number[]): readonly Buffer[] {
  const places = [...new Set(shares.map((share) => Math.floor(share * bytes.length)))].sort((a, b) => a - b);
  return [...places, bytes.length].map((place, index) => bytes.subarray(places[index - 1] ?? 0, place));
}

const shapeName = fc.constantFrom(...Object.keys(SHAPES));
const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });
/** Steps from one number to the next: mostly 1; a jump loses, 0 and less repeats. */
const steps = fc.array(
  fc.oneof(
    { arbitrary: fc.constant(1), weight: 20 },
    { arbitrary: fc.integer({ min: 2, max: 40 }), weight: 1 },
    { arbitrary: fc.integer({ min: -3, max: 0 }), weight: 1 },
  ),
  { maxLength: 200 },
);

describe('TickWalker', () => {
  it('takes every message once, however the reads cut them', () => {
    fc.assert(
      fc.property(shapeName, fc.integer({ min: 1, max: 300 }), shares, (name, count, where) => {
        const shape = SHAPES[name] ?? JSON_SHAPE;
        const walker = new TickWalker(shape, new RecordingSink(), 0);
        const frames = Array.from({ length: count }, (_, index) => frameOf(shape, index + 1));
        walkReads(walker, cut(Buffer.concat(frames), where));
        expect([walker.received, walker.missing, walker.repeated]).toEqual([count, 0, 0]);
      }),
    );
  });

  it('counts in binary exactly what a list of numbers says', () => {
    fc.assert(
      fc.property(steps, shares, (moves, where) => {
        const shape = SHAPES['binary'] ?? JSON_SHAPE;
        const { seqs, missing, repeated } = play(moves);
        const walker = new TickWalker(shape, new RecordingSink(), 0);
        walkReads(walker, cut(Buffer.concat(seqs.map((seq) => frameOf(shape, seq))), where));
        expect([walker.received, walker.missing, walker.repeated]).toEqual([seqs.length, missing, repeated]);
      }),
    );
  });

  it('finds in JSON every gap, also one of ten messages, within ten more', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 60 }),
        shares,
        (before, gap, where) => {
          const walker = new TickWalker(JSON_SHAPE, new RecordingSink(), 0);
          const seqs = Array.from({ length: before + 20 }, (_, index) =>
            index < before ? index + 1 : index + 1 + gap,
          );
          walkReads(walker, cut(Buffer.concat(seqs.map((seq) => frameOf(JSON_SHAPE, seq))), where));
          expect([walker.received, walker.missing, walker.repeated]).toEqual([before + 20, gap, 0]);
        },
      ),
    );
  });

  it('finds in JSON that messages came again', () => {
    const walker = new TickWalker(JSON_SHAPE, new RecordingSink(), 0);
    const seqs = [1, 2, 3, 4, 4, 5, 6];
    walkReads(walker, [Buffer.concat(seqs.map((seq) => frameOf(JSON_SHAPE, seq)))]);
    expect([walker.received, walker.missing, walker.repeated]).toEqual([7, 0, 1]);
  });

  it.each([
    ['json', 1],
    ['json', 200],
    ['binary', 200],
  ] as const)("reads the floor's %s round and round, %i a turn", (format, perTurn) => {
    const shape = { ...JSON_SHAPE, format, wrapsAt: 1_000 };
    const walker = new TickWalker(shape, new RecordingSink(), 0);
    const turns = preparedTurns(format, perTurn);
    walkReads(walker, [...turns, ...turns, ...turns]);
    expect([walker.received, walker.missing, walker.repeated]).toEqual([3_000, 0, 0]);
  });

  it('hands on what is no tick, short, long and between ticks', () => {
    const sink = new RecordingSink();
    const walker = new TickWalker(JSON_SHAPE, sink, 0);
    const hello = `{"type":"hello","symbols":["${'A'.repeat(300)}"]}`;
    walker.expect(18);
    walkReads(walker, [
      Buffer.concat([
        serverFrame(1, Buffer.from(hello)),
        frameOf(JSON_SHAPE, 18),
        serverFrame(9, Buffer.from('ping')),
        frameOf(JSON_SHAPE, 19),
        serverFrame(1, Buffer.from('{"type":"conflated","skipped":3,"upToCount":9}')),
        frameOf(JSON_SHAPE, 23),
      ]),
    ]);
    expect(sink.others).toEqual([hello, 'ping', '{"type":"conflated","skipped":3,"upToCount":9}']);
    expect([walker.received, walker.missing]).toEqual([3, 3]);
  });

  it('takes binary ticks without a number by their time', () => {
    const walker = new TickWalker(
      { ...JSON_SHAPE, format: 'binary', hasSequence: false },
      new RecordingSink(),
      0,
    );
    const binary = SHAPES['binary'] ?? JSON_SHAPE;
    walkReads(walker, [Buffer.concat([1, 2, 9, 9, 8, 10].map((seq) => frameOf(binary, seq * 1_000)))]);
    expect([walker.received, walker.missing, walker.repeated]).toEqual([6, 0, 2]);
  });

  it.each(Object.entries(SHAPES))('times one message of so many: %s', (_name, shape) => {
    const sink = new RecordingSink();
    const walker = new TickWalker({ ...shape, sampledEvery: 7 }, sink, 2);
    const frames = Array.from({ length: 40 }, (_, index) => frameOf(shape, index + 1));
    walkReads(walker, cut(Buffer.concat(frames), [0.31, 0.62]));
    // The third message first, because it is connection 2; then every seventh. Their times are 3 µs, 10 µs … .
    const expected = [3, 10, 17, 24, 31, 38].map((seq) => 250 - seq / 1_000);
    expect(sink.latencies.map((value) => Math.round(value * 1_000) / 1_000)).toEqual(expected);
  });
});

/** What a reader must say of numbers that go on by these steps. */
function play(moves: readonly number[]): { seqs: readonly number[]; missing: number; repeated: number } {
  const seqs = [1];
  let next = 2;
  let [missing, repeated] = [0, 0];
  for (const move of moves) {
    const seq = Math.max((seqs.at(-1) ?? 1) + move, 1);
    seqs.push(seq);
    if (seq < next) {
      repeated += 1;
    } else {
      missing += seq - next;
      next = seq + 1;
    }
  }
  return { seqs, missing, repeated };
}

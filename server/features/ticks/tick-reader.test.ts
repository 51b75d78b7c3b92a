import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Connection } from '../../hub/connection.ts';
import { FakeSocket } from '../../testing/fake-socket.ts';
import { TickReader } from './tick-reader.ts';
import { TurnBuffers } from './turn-buffers.ts';

const LIMITS = {
  maxUnsentBytes: 1_000,
  maxUnsentAgeMs: 500,
  maxUnacknowledgedAgeMs: 3_000,
  maxStuckMs: 10_000,
};
const ORIGIN = { id: 'c', remoteAddress: '127.0.0.1', openedAt: 0, openedMonotonicMs: 0 };
const OPEN = { maxBufferedBytes: 1e12, maxBufferedAgeMs: 1e12, messagesPerSecond: 100 };

function makeReader(joinedAtSeq = 0) {
  const socket = new FakeSocket();
  const connection = new Connection(socket, ORIGIN, OPEN);
  return { socket, reader: new TickReader({ connection, format: 'json', joinedAtSeq, joinedAtMs: 0 }) };
}

/** The other side of a socket: writes that the kernel has not taken yet, and the ticks in those that it has. */
class Kernel {
  taken = 0;
  readonly #queue: { readonly bytes: number; readonly ticks: number }[] = [];
  readonly #socket: FakeSocket;

  constructor(socket: FakeSocket) {
    this.#socket = socket;
  }

  get size(): number {
    return this.#queue.length;
  }

  take(writes: number): void {
    for (const { ticks } of this.#queue.splice(0, writes)) this.taken += ticks;
    this.#settle();
  }

  /** Comes before the reader is told of the write. */
  write(bytes: number, ticks: number): void {
    this.#queue.push({ bytes, ticks });
    this.#settle();
  }

  #settle(): void {
    this.#socket.bufferedBytes = this.#queue.reduce((sum, { bytes }) => sum + bytes, 0);
  }
}

const step = fc.record({
  ticks: fc.integer({ min: 1, max: 50 }),
  bytesPerTick: fc.integer({ min: 20, max: 80 }),
  writesTaken: fc.nat(4),
  acknowledges: fc.boolean(),
  waitMs: fc.nat(400),
  latest: fc.nat(16),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

interface Moment extends Step {
  readonly seq: number;
  readonly nowMs: number;
}

/** What the feed does with a reader in one turn. */
function takeTurn(
  reader: TickReader,
  kernel: Kernel,
  { seq, nowMs, ticks, bytesPerTick, latest }: Moment,
): void {
  if (reader.isConflating && reader.hasCaughtUp()) {
    const given = Math.min(latest, seq - reader.gapAfterSeq);
    const { skipped, upToCount } = reader.gapCost(given, seq);
    const before = reader.skipped;
    reader.resume(given, seq);
    kernel.write(given * bytesPerTick + 70, given);
    reader.wrote(given * bytesPerTick + 70, null);
    expect(reader.skipped).toBe(before + skipped);
    expect(upToCount).toBe(reader.buffered + reader.skipped);
  } else if (reader.isConflating || reader.fallsBehind(LIMITS, nowMs)) {
    reader.withhold(seq);
  } else {
    reader.give(ticks, seq);
    kernel.write(ticks * bytesPerTick, ticks);
    reader.wrote(ticks * bytesPerTick, null);
  }
}

describe('TickReader', () => {
  it('always: offered = buffered + skipped + waiting, and flushed is what whole writes gave the kernel', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        fc.nat(1_000),
        fc.boolean(),
        (steps, joinedAtSeq, isClean) => {
          const { socket, reader } = makeReader(joinedAtSeq);
          const kernel = new Kernel(socket);
          let seq = joinedAtSeq;
          let nowMs = 0;
          for (const each of steps) {
            nowMs += each.waitMs;
            seq += each.ticks;
            kernel.take(each.writesTaken);
            takeTurn(reader, kernel, { ...each, seq, nowMs });
            const flushed = reader.flushed(socket.bufferedBytes);
            if (each.acknowledges) expect(reader.acknowledge(flushed, nowMs)).toBeNull();
            expect(reader.offered).toBe(seq - joinedAtSeq);
            expect(reader.offered).toBe(reader.buffered + reader.skipped + reader.waiting);
            expect(flushed).toBe(kernel.taken);
            expect(reader.writesUnderWay).toBe(kernel.size);
          }
          expect(reader.leave(isClean)).toBe(isClean ? reader.buffered : kernel.taken);
          expect(reader.waiting).toBe(0);
          expect(reader.offered).toBe(reader.buffered + reader.skipped);
        },
      ),
    );
  });

  it('reads low, never high, while other bytes wait with the ticks', () => {
    const { socket, reader } = makeReader();
    reader.give(10, 10);
    socket.bufferedBytes = 500 + 4;
    reader.wrote(500, null);
    expect(reader.flushed(504)).toBe(0);
    expect(reader.flushed(4)).toBe(0);
    expect(reader.flushed(0)).toBe(10);
  });

  it('shares marks when very many writes are under way', () => {
    const { socket, reader } = makeReader();
    for (let turn = 1; turn <= 3_000; turn += 1) {
      reader.give(1, turn);
      socket.bufferedBytes = turn * 10;
      reader.wrote(10, null);
    }
    expect(reader.writesUnderWay).toBe(1_024);
    expect(reader.flushed(30_000 - 10_230)).toBe(1_023);
    expect(reader.flushed(10)).toBe(1_023);
    expect(reader.flushed(0)).toBe(3_000);
    expect(reader.writesUnderWay).toBe(0);
  });

  it('holds the buffer of a write until the kernel has taken it, and for good when it never does', () => {
    const made: Buffer[] = [];
    const make = (ticks: number) => {
      const bytes = Buffer.alloc(ticks);
      made.push(bytes);
      return bytes;
    };
    const buffers = new TurnBuffers({ maxTicks: 64, make });
    const { socket, reader } = makeReader();
    const turn = (unsentBytes: number) => {
      const held = buffers.take(1);
      reader.give(1, reader.offered + 1);
      socket.bufferedBytes = unsentBytes;
      reader.wrote(10, held);
      held.release();
      return held.bytes;
    };
    const first = turn(0);
    expect(turn(10)).toBe(first);
    const second = turn(20);
    expect(second).not.toBe(first);
    expect(reader.flushed(10)).toBe(2);
    expect(turn(20)).toBe(first);
    reader.leave(false);
    expect([first, second]).not.toContain(turn(0));
    expect(made).toHaveLength(3);
  });

  it.each([
    ['bytes', { bytes: 1_001, waitMs: 0, acknowledged: null }],
    ['age', { bytes: 10, waitMs: 501, acknowledged: null }],
    ['acknowledgement', { bytes: 0, waitMs: 3_001, acknowledged: 1 }],
  ])('falls behind by %s', (_, { bytes, waitMs, acknowledged }) => {
    const { socket, reader } = makeReader();
    reader.give(1, 1);
    if (acknowledged !== null) reader.acknowledge(acknowledged, 0);
    expect(reader.fallsBehind(LIMITS, 0)).toBe(false);
    reader.give(9, 10);
    socket.bufferedBytes = bytes;
    if (bytes <= LIMITS.maxUnsentBytes) expect(reader.fallsBehind(LIMITS, 1)).toBe(false);
    expect(reader.fallsBehind(LIMITS, 1 + waitMs)).toBe(true);
    expect(reader.hasCaughtUp()).toBe(false);
    reader.withhold(20);
    socket.bufferedBytes = 0;
    if (acknowledged !== null) {
      expect(reader.hasCaughtUp()).toBe(false);
      reader.acknowledge(10, 0);
    }
    expect(reader.hasCaughtUp()).toBe(true);
  });

  it('is stuck when nothing of what it has goes out, not while some of it does', () => {
    const { socket, reader } = makeReader();
    socket.bufferedBytes = 5_000;
    expect(reader.fallsBehind(LIMITS, 0)).toBe(true);
    for (let second = 9; second <= 90; second += 9) {
      expect(reader.isStuck(LIMITS, second * 1_000)).toBe(false);
      socket.bufferedBytes -= 10;
    }
    expect(reader.isStuck(LIMITS, 99_000)).toBe(false);
    expect(reader.isStuck(LIMITS, 109_000)).toBe(false);
    expect(reader.isStuck(LIMITS, 109_001)).toBe(true);
    socket.bufferedBytes = 0;
    expect(reader.isStuck(LIMITS, 200_000)).toBe(false);
  });

  it('does not judge by acknowledgements whoever gives none', () => {
    const { reader } = makeReader();
    reader.give(1, 1);
    expect(reader.fallsBehind(LIMITS, 0)).toBe(false);
    expect(reader.fallsBehind(LIMITS, 1e9)).toBe(false);
  });

  it('takes an acknowledgement of what was given, not less than before', () => {
    const { reader } = makeReader(100);
    reader.give(10, 110);
    expect(reader.acknowledge(11, 0)).toEqual({ min: 0, max: 10 });
    expect(reader.acknowledges).toBe(false);
    expect(reader.acknowledge(7, 0)).toBeNull();
    expect(reader.acknowledge(6, 0)).toEqual({ min: 7, max: 10 });
    expect(reader.acknowledge(7, 0)).toBeNull();
    expect(reader.acknowledged).toBe(7);
  });
});

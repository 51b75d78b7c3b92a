import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Connection } from '../../hub/connection.ts';
import { FakeSocket } from '../../testing/fake-socket.ts';
import { TickReader } from './tick-reader.ts';
import { TurnBuffers } from './turn-buffers.ts';

const LIMITS = { maxUnsentBytes: 1_000, maxUnsentAgeMs: 500, maxUnacknowledgedAgeMs: 3_000 };
const ORIGIN = { id: 'c', remoteAddress: '127.0.0.1', openedAt: 0, openedMonotonicMs: 0 };
const OPEN = { maxBufferedBytes: 1e12, maxBufferedAgeMs: 1e12, messagesPerSecond: 100 };

function makeReader(joinedAtSeq = 0) {
  const socket = new FakeSocket();
  const connection = new Connection(socket, ORIGIN, OPEN);
  return { socket, reader: new TickReader({ connection, format: 'json', joinedAtSeq }) };
}

/** A turn that the kernel takes some whole writes of; `queue` are the sizes of those it has not taken. */
const step = fc.record({
  ticks: fc.integer({ min: 1, max: 50 }),
  bytesPerTick: fc.integer({ min: 20, max: 80 }),
  writesTaken: fc.nat(4),
  acknowledges: fc.boolean(),
  waitMs: fc.nat(400),
  given: fc.nat(16),
});

describe('TickReader', () => {
  it('always: offered = buffered + skipped + waiting, and flushed is what whole writes gave the kernel', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        fc.nat(1_000),
        fc.boolean(),
        (steps, joinedAtSeq, isClean) => {
          const { socket, reader } = makeReader(joinedAtSeq);
          let seq = joinedAtSeq;
          let nowMs = 0;
          let taken = 0;
          let lastFlushed = 0;
          let queue: { bytes: number; ticks: number }[] = [];
          const settle = () => {
            socket.bufferedBytes = queue.reduce((sum, { bytes }) => sum + bytes, 0);
          };
          const write = (bytes: number, ticks: number) => {
            queue.push({ bytes, ticks });
            settle();
            reader.wrote(bytes, null);
          };
          for (const { ticks, bytesPerTick, writesTaken, acknowledges, waitMs, given } of steps) {
            nowMs += waitMs;
            for (const write of queue.splice(0, writesTaken)) taken += write.ticks;
            settle();
            seq += ticks;
            if (reader.isConflating) {
              if (reader.hasCaughtUp()) {
                const least = Math.min(given, seq - reader.gapAfterSeq);
                const { skipped, upToCount } = reader.gapCost(least, seq);
                const before = reader.skipped;
                reader.resume(least, seq);
                write(least * bytesPerTick + 70, least);
                expect(reader.skipped).toBe(before + skipped);
                expect(upToCount).toBe(reader.buffered + reader.skipped);
              } else reader.withhold(seq);
            } else if (reader.fallsBehind(LIMITS, nowMs)) reader.withhold(seq);
            else {
              reader.give(ticks, seq);
              write(ticks * bytesPerTick, ticks);
            }
            if (acknowledges) expect(reader.acknowledge(reader.flushed(socket.bufferedBytes))).toBeNull();
            expect(reader.offered).toBe(seq - joinedAtSeq);
            expect(reader.offered).toBe(reader.buffered + reader.skipped + reader.waiting);
            const flushed = reader.flushed(socket.bufferedBytes);
            expect(flushed).toBe(taken);
            expect(flushed).toBeGreaterThanOrEqual(lastFlushed);
            expect(reader.writesUnderWay).toBe(queue.length);
            lastFlushed = flushed;
          }
          queue = [];
          const flushed = reader.leave(isClean);
          expect(flushed).toBe(isClean ? reader.buffered : taken);
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
    if (acknowledged !== null) reader.acknowledge(acknowledged);
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
      reader.acknowledge(10);
    }
    expect(reader.hasCaughtUp()).toBe(true);
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
    expect(reader.acknowledge(11)).toEqual({ min: 0, max: 10 });
    expect(reader.acknowledges).toBe(false);
    expect(reader.acknowledge(7)).toBeNull();
    expect(reader.acknowledge(6)).toEqual({ min: 7, max: 10 });
    expect(reader.acknowledge(7)).toBeNull();
    expect(reader.acknowledged).toBe(7);
  });
});

import { describe, expect, it } from 'vitest';
import { FAN_OUT_MODES } from '../../protocol/fan-out-modes.ts';
import type { ConflatedMessage } from '../../protocol/tick-messages.ts';
import { makeTicks, runTicks } from '../../testing/make-ticks.ts';
import type { TickSocket } from '../../testing/tick-socket.ts';
import { SYMBOL_COUNT } from './tick-symbols.ts';

const END = { code: 1000, reason: '' };

const conflations = ({ controls }: TickSocket) =>
  controls.filter(({ type }) => type === 'conflated') as unknown as ConflatedMessage[];
const seqs = ({ json }: TickSocket) => json.map(({ seq }) => seq);
const counted = (from: number, count: number) => Array.from({ length: count }, (_, n) => from + n);

describe('the feed', () => {
  it('runs while somebody reads, and holds nothing when nobody does', () => {
    const test = makeTicks();
    expect(test.timers.size).toBe(0);
    const { connection, socket } = test.open();
    runTicks(test, 100);
    expect(socket.ticks).toBe(100);
    test.endpoint.closed(connection, END);
    expect(test.timers.size).toBe(0);
    expect(Object.values(test.ticks.lifecycle())).toEqual([0, 0, 0, 0]);
    runTicks(test, 5_000);
    expect(test.ticks.feed.seq).toBe(100);
    const again = test.open();
    runTicks(test, 10);
    expect(seqs(again.socket)).toEqual(counted(101, 10));
    expect(test.defects).toEqual([]);
  });

  it.each([1, 7, 300, 1_000, 3_333, 10_000, 20_000])('makes %i ticks in a second', (rate) => {
    const test = makeTicks();
    test.ticks.config.change({ rate });
    const { socket } = test.open();
    runTicks(test, 2_000);
    expect(test.ticks.feed.seq).toBe(2 * rate);
    expect(socket.ticks).toBe(2 * rate);
    expect(test.ticks.stats.totals()).toMatchObject({ made: 2 * rate, shortfall: 0 });
    const late = socket.json.filter(({ ts }) => ts > test.hub.clock.epochMs());
    expect(late).toEqual([]);
  });

  it('takes a new rate at once, even while it waits for the next tick of a slow one', () => {
    const test = makeTicks();
    test.ticks.config.change({ rate: 1 });
    test.open();
    runTicks(test, 100);
    test.ticks.config.change({ rate: 1_000 });
    runTicks(test, 50);
    expect(test.ticks.feed.seq).toBe(50);
  });

  it('gives up what is more than a second late, and says how much', () => {
    const test = makeTicks();
    const { socket } = test.open();
    runTicks(test, 10);
    test.timers.clock.advance(3_000);
    runTicks(test, 1);
    expect(test.ticks.stats.totals()).toMatchObject({ made: 1_011, shortfall: 2_000 });
    expect(seqs(socket)).toEqual(counted(1, 1_011));
  });

  it.each(FAN_OUT_MODES)('gives every reader all ticks after its hello, in one order: %s', (fanOut) => {
    const test = makeTicks();
    test.ticks.config.change({ fanOut, rate: 5_000 });
    const json = test.open('format=json');
    const binary = test.open('format=binary');
    runTicks(test, 37);
    const late = test.open();
    runTicks(test, 20);
    const made = test.ticks.feed.seq;
    expect(made).toBe(285);
    expect(seqs(json.socket)).toEqual(counted(1, made));
    const [hello] = late.socket.controls;
    expect(hello).toMatchObject({ type: 'hello', seq: 185 });
    expect(seqs(late.socket)).toEqual(counted(186, 100));
    expect(binary.socket.binary.map(({ price }) => price)).toEqual(
      json.socket.json.map(({ price }) => price),
    );
    const times = binary.socket.binary.map(({ epochNs }) => Number(epochNs / 1_000n) / 1_000);
    expect(times).toEqual(json.socket.json.map(({ ts }) => ts));
    expect(test.ticks.stats.totals()).toMatchObject({
      offered: 2 * made + 100,
      buffered: 2 * made + 100,
      flushed: 2 * made + 100,
      skipped: 0,
    });
  });

  it.each([
    ['naive', 50],
    ['framed', 50],
    ['corked', 10],
    ['coalesced', 10],
  ] as const)('writes 50 ticks of 10 turns %s in %i writes', (fanOut, writes) => {
    const test = makeTicks();
    test.ticks.config.change({ fanOut, rate: 5_000 });
    const { socket } = test.open();
    // So that no turn ends with the digits of seq.
    runTicks(test, 2);
    socket.writes = 0;
    const { socketWrites, framesWritten } = test.hub.counters;
    runTicks(test, 10);
    expect(socket.writes).toBe(writes);
    expect(test.hub.counters.socketWrites - socketWrites).toBe(writes);
    expect(test.hub.counters.framesWritten - framesWritten).toBe(50);
  });

  it('gives one tick for a millisecond when it is told to', () => {
    const test = makeTicks();
    test.ticks.config.change({ source: 'cached-1ms', rate: 5_000 });
    const { socket } = test.open();
    runTicks(test, 10);
    expect(socket.ticks).toBe(50);
    expect(new Set(socket.json.map(({ ts }) => Math.floor(ts))).size).toBe(new Set(seqs(socket)).size);
    expect(new Set(seqs(socket)).size).toBeLessThanOrEqual(11);
  });

  it('hands a turn over in slices, and whoever comes or goes meanwhile gets what it is owed', () => {
    const test = makeTicks();
    // So that every turn of the loop may be one of the feed.
    test.ticks.config.change({ rate: 20_000 });
    const first = test.open();
    const second = test.open();
    const third = test.open();
    runTicks(test, 20);
    // The first write takes so long that the others must wait for the next turn of the loop.
    first.socket.onWrite = () => test.timers.clock.advance(5);
    test.timers.clock.advance(1);
    test.timers.turn();
    const { seq } = test.ticks.feed;
    expect([first, second].map(({ socket }) => socket.json.at(-1)?.seq)).toEqual([seq, seq - 20]);
    first.socket.onWrite = () => {};
    const late = test.open();
    test.endpoint.closed(third.connection, END);
    test.timers.turn();
    expect(second.socket.json.at(-1)?.seq).toBe(seq);
    expect(third.socket.json.at(-1)?.seq).toBe(seq - 20);
    expect(late.socket.ticks).toBe(0);
    runTicks(test, 5);
    expect(seqs(late.socket)).toEqual(counted(seq + 1, test.ticks.feed.seq - seq));
    const { offered, buffered, skipped } = test.ticks.stats.totals();
    expect(offered).toBe(buffered + skipped);
    expect(test.defects).toEqual([]);
  });
});

describe('a slow reader', () => {
  it('is given nothing while it is behind, then the latest of each symbol and what that cost', () => {
    const test = makeTicks();
    const slow = test.open();
    const healthy = test.open();
    runTicks(test, 30);
    slow.socket.bufferedBytes = 100_001;
    runTicks(test, 500);
    expect(slow.socket.ticks).toBe(30);
    expect(test.ticks.progress()).toMatchObject({ conflating: 1 });
    slow.socket.bufferedBytes = 0;
    runTicks(test, 1);
    expect(seqs(slow.socket).slice(30)).toEqual(counted(531 - SYMBOL_COUNT + 1, SYMBOL_COUNT));
    expect(conflations(slow.socket)).toEqual([
      { type: 'conflated', skipped: 501 - SYMBOL_COUNT, upToCount: 531 },
    ]);
    expect(slow.socket.ticksBefore.at(-1)).toBe(30 + SYMBOL_COUNT);
    runTicks(test, 1);
    expect(slow.socket.json.at(-1)?.seq).toBe(532);
    expect(seqs(healthy.socket)).toEqual(counted(1, 532));
  });

  it('is given every tick of a gap that was no longer than the symbols are many', () => {
    const test = makeTicks();
    const { socket } = test.open();
    runTicks(test, 20);
    socket.bufferedBytes = 100_001;
    runTicks(test, 3);
    socket.bufferedBytes = 0;
    runTicks(test, 1);
    expect(seqs(socket)).toEqual(counted(1, 24));
    expect(conflations(socket)).toEqual([{ type: 'conflated', skipped: 0, upToCount: 24 }]);
  });

  it('has a smaller part when there are more readers', () => {
    const test = makeTicks({ maxTotalBytes: 1_048_576 });
    const readers = Array.from({ length: 12 }, () => test.open());
    const [slow] = readers;
    runTicks(test, 5);
    if (slow !== undefined) slow.socket.bufferedBytes = 90_000;
    runTicks(test, 5);
    expect(slow?.socket.ticks).toBe(5);
  });

  it('is not conflated but closed in the mode naive, which shows what piles up', () => {
    const test = makeTicks();
    test.ticks.config.change({ fanOut: 'naive' });
    const { socket, connection } = test.open();
    socket.bufferedBytes = 1_999_000;
    runTicks(test, 5);
    expect(socket.ticks).toBe(5);
    test.timers.clock.advance(60_000);
    test.hub.sweep();
    expect(connection.closing).toBeNull();
    socket.bufferedBytes = 1_999_999;
    runTicks(test, 1);
    expect(socket.closedWith).toMatchObject({ code: 4002 });
    const { ticks } = socket;
    runTicks(test, 5);
    expect(socket.ticks).toBe(ticks);
    test.endpoint.closed(connection, { code: 1006, reason: '' });
    const { offered, buffered, flushed, skipped } = test.ticks.stats.totals();
    expect(offered).toBe(buffered + skipped);
    expect(flushed).toBeLessThan(buffered);
  });

  it('is closed when nothing of what it has goes out for too long', () => {
    const test = makeTicks();
    const { socket, connection } = test.open();
    runTicks(test, 1);
    socket.onWrite = (bytes) => {
      socket.bufferedBytes += bytes;
    };
    for (let second = 0; second <= 11; second += 1) {
      runTicks(test, 1_000);
      test.hub.sweep();
    }
    expect(connection.closing).toMatchObject({ code: 4002 });
  });
});

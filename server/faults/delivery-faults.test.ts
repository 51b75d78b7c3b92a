import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeSocket } from '../testing/fake-socket.ts';
import { createDeliveryFaults } from './delivery-faults.ts';
import { FaultBoard } from './fault-board.ts';
import type { Fault } from './fault-catalogue.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function wrap(...faults: Fault[]) {
  const board = new FaultBoard(faults);
  const deliveries = createDeliveryFaults(board, () => Date.now());
  const inner = new FakeSocket();
  const socket = deliveries.wrapSocket?.(inner) ?? inner;
  const deliver = (offset: number, matchId = 1) =>
    socket.send(Buffer.from(`{"type":"commentary","matchId":${matchId},"offset":${offset}}`));
  return { board, deliveries, inner, socket, deliver };
}

interface Message {
  readonly type: string;
  readonly matchId: number;
  readonly offset: number;
}

const offsets = (inner: FakeSocket) => (inner.take() as Message[]).map(({ offset }) => offset);

/** What a client that joined the match 1 counts, as the load clients' ledger does. */
function countHonestly(messages: readonly Message[]) {
  const seen = new Set<number>();
  const counts = { unique: 0, duplicated: 0, outOfOrder: 0, wrongRoom: 0 };
  let highest = 0;
  for (const { type, matchId, offset } of messages) {
    if (type !== 'commentary') continue;
    if (matchId !== 1) counts.wrongRoom += 1;
    else if (seen.has(offset)) counts.duplicated += 1;
    else {
      counts.unique += 1;
      if (offset < highest) counts.outOfOrder += 1;
      highest = Math.max(highest, offset);
      seen.add(offset);
    }
  }
  return counts;
}

describe('reorder-deliveries', () => {
  it('changes places with the next delivery, and counts that', () => {
    const { board, inner, deliver } = wrap({ name: 'reorder-deliveries', value: 50 });
    for (let offset = 1; offset <= 6; offset += 1) deliver(offset);
    expect(offsets(inner)).toEqual([1, 3, 2, 5, 4]);
    expect(board.injections()).toEqual({ 'reorder-deliveries': 2 });
  });

  it('lets an answer overtake nothing', () => {
    const { board, deliveries, inner, socket, deliver } = wrap({ name: 'reorder-deliveries', value: 50 });
    deliver(1);
    deliver(2);
    expect(deliveries.heldMessages()).toBe(1);
    socket.send('{"type":"pong"}');
    expect(inner.take()).toMatchObject([{ offset: 1 }, { offset: 2 }, { type: 'pong' }]);
    expect([board.injections(), deliveries.heldMessages()]).toEqual([{ 'reorder-deliveries': 0 }, 0]);
  });

  it('waits for the next one of its match when two take turns, for two matches have no order', () => {
    const { board, inner, deliver } = wrap({ name: 'reorder-deliveries', value: 50 });
    for (let offset = 1; offset <= 4; offset += 1) for (const matchId of [1, 2]) deliver(offset, matchId);
    const sent = (inner.take() as Message[]).map(({ matchId, offset }) => `${matchId}:${offset}`);
    expect(sent).toEqual(['1:1', '1:2', '2:2', '2:1', '2:3', '1:4', '1:3']);
    expect(board.injections()).toEqual({ 'reorder-deliveries': 2 });
  });

  it('sends what waits in vain after a second, each in its own time', () => {
    const first = wrap({ name: 'reorder-deliveries', value: 50 });
    const other = new FakeSocket();
    const second = first.deliveries.wrapSocket?.(other) ?? other;
    first.deliver(1);
    first.deliver(2);
    vi.advanceTimersByTime(600);
    second.send(Buffer.from('{"matchId":1,"offset":1}'));
    second.send(Buffer.from('{"matchId":1,"offset":2}'));
    vi.advanceTimersByTime(399);
    expect(offsets(first.inner)).toEqual([1]);
    vi.advanceTimersByTime(1);
    expect(offsets(first.inner)).toEqual([2]);
    expect(offsets(other)).toEqual([1]);
    vi.advanceTimersByTime(600);
    expect(offsets(other)).toEqual([2]);
    expect(vi.getTimerCount()).toBe(0);
    expect(first.board.injections()).toEqual({ 'reorder-deliveries': 0 });
  });

  it('closes behind what it held', () => {
    const { inner, socket, deliver } = wrap({ name: 'reorder-deliveries', value: 50 });
    deliver(1);
    deliver(2);
    const sentAtClose: number[] = [];
    inner.close = () => void sentAtClose.push(inner.sent.length);
    socket.close(4001, 'shutdown');
    expect(sentAtClose).toEqual([2]);
  });
});

describe('delivery faults together', () => {
  const act = fc.oneof(
    { weight: 8, arbitrary: fc.constant('delivery' as const) },
    { weight: 1, arbitrary: fc.constant('reply' as const) },
    { weight: 1, arbitrary: fc.constant('pause' as const) },
  );
  const percent = fc.integer({ min: 1, max: 500 }).map((tenths) => tenths / 10);

  it('are counted exactly as an honest client counts them, and lose nothing', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 300 }), percent, percent, percent, (acts, a, b, c) => {
        const { board, deliveries, inner, socket, deliver } = wrap(
          { name: 'reorder-deliveries', value: a },
          { name: 'duplicate-deliveries', value: b },
          { name: 'wrong-room', value: c },
        );
        let offset = 0;
        for (const name of acts) {
          if (name === 'reply') socket.send('{"type":"pong"}');
          if (name === 'pause') vi.advanceTimersByTime(1_000);
          if (name !== 'delivery') continue;
          offset += 1;
          deliver(offset);
        }
        deliveries.stop();
        const counts = countHonestly(inner.take() as Message[]);
        expect(counts.unique).toBe(offset);
        expect(board.injections()).toEqual({
          'reorder-deliveries': counts.outOfOrder,
          'duplicate-deliveries': counts.duplicated,
          'wrong-room': counts.wrongRoom,
        });
        // The duplicates are deliveries of their own to the fault below them.
        expect(counts.duplicated).toBe(Math.floor((offset * b) / 100 + 1e-9));
      }),
    );
  });
});

describe('wrong-room', () => {
  it('never names the match that the message is of', () => {
    const { inner, deliver } = wrap({ name: 'wrong-room', value: 100 });
    deliver(1, 2_147_483_647);
    deliver(1, 5);
    const matches = (inner.take() as Message[]).map(({ matchId }) => matchId);
    expect(matches).toEqual([2_147_483_647, 2_147_483_646, 5, 2_147_483_647]);
  });

  it('leaves answers and messages without a match alone', () => {
    const { board, inner, socket } = wrap({ name: 'wrong-room', value: 100 });
    socket.send('{"type":"pong","matchId":1,"offset":1}');
    socket.send(Buffer.from('{"type":"other"}'));
    expect(inner.sent).toHaveLength(2);
    expect(board.injections()).toEqual({ 'wrong-room': 0 });
  });
});

describe('half-close', () => {
  it('hides an end until somebody ends the connection, then tells it once', async () => {
    const { board, deliveries, inner, socket } = wrap({ name: 'half-close', value: 100 });
    inner.isOpen = false;
    let noticed = 0;
    deliveries.socketEnded?.(inner, () => {
      noticed += 1;
    });
    expect([socket.isOpen, noticed]).toEqual([true, 0]);
    socket.close(4004, 'heartbeat missed');
    socket.terminate();
    expect(noticed).toBe(0);
    await Promise.resolve();
    expect([socket.isOpen, noticed]).toEqual([false, 1]);
    expect(board.injections()).toEqual({ 'half-close': 1 });
  });

  it('hides no end that the server began, and no more than its share', () => {
    const { deliveries, inner, socket } = wrap({ name: 'half-close', value: 50 });
    let noticed = 0;
    const notice = () => {
      noticed += 1;
    };
    socket.close(4001, 'shutdown');
    deliveries.socketEnded?.(inner, notice);
    expect(noticed).toBe(1);
    const others = Array.from({ length: 10 }, () => new FakeSocket());
    for (const other of others) {
      deliveries.wrapSocket?.(other);
      deliveries.socketEnded?.(other, notice);
    }
    expect(noticed).toBe(6);
  });
});

import { EventEmitter } from 'node:events';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { FakeSocket } from '../testing/fake-socket.ts';
import { makeHub } from '../testing/make-hub.ts';
import { CountedShare } from './counted-share.ts';
import { FaultBoard } from './fault-board.ts';
import type { Fault } from './fault-catalogue.ts';
import { createLeaks } from './leaks.ts';
import { LeakySet } from './leaky-set.ts';

afterEach(() => {
  vi.useRealTimers();
});

function makeLeakyHub(...faults: Fault[]) {
  const board = new FaultBoard(faults);
  const leaks = createLeaks(board, () => 0);
  const { hub, clock } = makeHub({}, { collections: leaks.collections });
  const comeAndGo = (count: number) => {
    for (let n = 0; n < count; n += 1) {
      const connection = hub.connect(new FakeSocket(), '::1');
      leaks.connectionOpened(connection);
      hub.subscribe(connection, 'a');
      if (n % 2 === 0) hub.unsubscribe(connection, 'a');
      hub.disconnected(connection, { code: 1000, reason: '' });
      leaks.connectionEnded(connection);
    }
  };
  return { board, leaks, hub, clock, comeAndGo };
}

interface Step {
  readonly add: boolean;
  readonly item: number;
}

/** Does the same to both sets. */
function walk(steps: readonly Step[], plain: Set<number>, leaky: LeakySet<number>): void {
  for (const { add, item } of steps) {
    if (add) {
      plain.add(item);
      leaky.add(item);
    } else if (plain.delete(item)) {
      expect(leaky.delete(item)).toBe(true);
    }
  }
}

describe('LeakySet', () => {
  it('holds what a set would, and what it leaked: exactly the share of what was deleted', () => {
    const steps = fc.array(fc.record({ add: fc.boolean(), item: fc.nat(20) }), { maxLength: 200 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 100 }), (walked, percent) => {
        const share = new CountedShare(percent);
        const leaky = new LeakySet<number>(share);
        const plain = new Set<number>();
        walk(walked, plain, leaky);
        expect([...plain].filter((item) => !leaky.has(item))).toEqual([]);
        for (const item of plain) leaky.delete(item);
        expect(leaky.size).toBe(share.injections);
        leaky.stopLeaking();
        expect(leaky.size).toBe(0);
      }),
    );
  });
});

describe('leaks in the hub', () => {
  it('keep nothing when none is on', () => {
    const { board, hub, comeAndGo } = makeLeakyHub();
    const baseline = hub.lifecycle();
    comeAndGo(10);
    expect(hub.lifecycle()).toEqual({ ...baseline, 'hub.closedRing': 10 });
    expect(board.injections()).toEqual({});
  });

  it('keep 1 % of 1,000 connections as exactly 10, which are not ended again', () => {
    const { board, hub, clock, comeAndGo } = makeLeakyHub({ name: 'leak-connections', value: 1 });
    comeAndGo(1_000);
    clock.advance(60_000);
    hub.sweep();
    hub.sweep();
    expect(hub.lifecycle()).toMatchObject({
      'hub.connections': 10,
      'hub.closing': 0,
      'hub.roomMembers': 0,
      'hub.connectionRooms': 0,
    });
    expect(hub.counters.closedByCode).toEqual(new Map([[1000, 1_000]]));
    expect(board.injections()).toEqual({ 'leak-connections': 10 });
  });

  it('let a drain finish', () => {
    const { leaks, hub, comeAndGo } = makeLeakyHub({ name: 'leak-connections', value: 100 });
    comeAndGo(5);
    leaks.releaseConnections();
    comeAndGo(5);
    expect(hub.connectionCount).toBe(0);
  });

  it('keep members that unsubscribed, and those that ended', () => {
    const { board, hub, comeAndGo } = makeLeakyHub({ name: 'leak-room-members', value: 100 });
    comeAndGo(10);
    expect(hub.lifecycle()).toMatchObject({ 'hub.roomMembers': 10, 'hub.connections': 0 });
    expect(hub.broadcast('a', String).offset).toBe(1);
    expect(hub.counters.deliveries).toBe(0);
    expect(board.injections()).toEqual({ 'leak-room-members': 10 });
  });

  it('keep messages beyond the window, and give back no more than before', () => {
    const { board, hub } = makeLeakyHub({ name: 'unbounded-history', value: 25 });
    for (let n = 0; n < 140; n += 1) hub.broadcast('a', String);
    expect(hub.lifecycle()['hub.messagesHistory']).toBe(110);
    expect(hub.lifecycleBounds()['hub.messagesHistory']).toBe(100);
    const { messages } = hub.history('a', { before: 1e9, limit: 200 });
    expect([messages[0], messages.length, messages.at(-1)]).toEqual(['140', 100, '41']);
    expect(board.injections()).toEqual({ 'unbounded-history': 10 });
  });
});

describe('a room that keeps more than it should', () => {
  it('gives back what any other room would', () => {
    const position = fc.record({ epoch: fc.constant('e1'), offset: fc.nat(350) });
    fc.assert(
      fc.property(fc.nat(350), fc.integer({ min: 1, max: 100 }), position, (messages, percent, since) => {
        const [plain, leaky] = [makeLeakyHub(), makeLeakyHub({ name: 'unbounded-history', value: percent })];
        const answers = [plain, leaky].map(({ hub }) => {
          for (let n = 0; n < messages; n += 1) hub.broadcast('a', String);
          return [
            hub.subscribe(hub.connect(new FakeSocket(), '::1'), 'a', since),
            hub.history('a', { before: since.offset, limit: 200 }),
          ];
        });
        expect(answers[1]).toEqual(answers[0]);
      }),
    );
  });
});

describe('leaks beside the hub', () => {
  it('keep a share of the listeners', () => {
    const { board, leaks, comeAndGo } = makeLeakyHub({ name: 'leak-listeners', value: 20 });
    const server = new EventEmitter();
    leaks.servedBy(server);
    comeAndGo(50);
    expect(server.listenerCount('close')).toBe(10);
    expect(board.injections()).toEqual({ 'leak-listeners': 10 });
  });

  it('stop their timers with the server', () => {
    vi.useFakeTimers();
    const { board, leaks, comeAndGo } = makeLeakyHub({ name: 'leak-timers', value: 10 });
    comeAndGo(100);
    expect(board.injections()).toEqual({ 'leak-timers': 10 });
    expect(vi.getTimerCount()).toBe(10);
    leaks.stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each(['leak-sessions', 'leak-closures'] as const)('%s counts its share exactly', (name) => {
    const { board, leaks, comeAndGo } = makeLeakyHub({ name, value: 1 });
    comeAndGo(1_000);
    expect(board.injections()).toEqual({ [name]: 10 });
    leaks.stop();
  });

  it('keep a share of the sockets that connections came over, and of no others', () => {
    const { board, leaks, hub } = makeLeakyHub({ name: 'leak-sockets', value: 10 });
    const server = new EventEmitter();
    leaks.servedBy(server);
    const comeAndGo = () => {
      const connection = hub.connect(new FakeSocket(), '::1');
      leaks.connectionOpened(connection);
      hub.disconnected(connection, { code: 1000, reason: '' });
      leaks.connectionEnded(connection);
    };
    for (let n = 0; n < 50; n += 1) {
      server.emit('upgrade', {}, {});
      comeAndGo();
      // One that came some other way has no socket that could stay.
      comeAndGo();
    }
    expect(board.injections()).toEqual({ 'leak-sockets': 5 });
  });

  it('keep a share of the buffers', () => {
    const { board, comeAndGo } = makeLeakyHub({ name: 'leak-buffers', value: 10 });
    const before = process.memoryUsage().arrayBuffers;
    comeAndGo(1_000);
    expect(board.injections()).toEqual({ 'leak-buffers': 100 });
    expect(process.memoryUsage().arrayBuffers - before).toBeGreaterThanOrEqual(100 * 1_024);
  });
});

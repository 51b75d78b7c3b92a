import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeSocket } from '../testing/fake-socket.ts';
import { makeHub } from '../testing/make-hub.ts';
import { createActiveFaults } from './active-faults.ts';
import { ExactShare } from './exact-share.ts';
import type { Fault } from './fault-catalogue.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const activate = (...faults: Fault[]) => createActiveFaults(faults, () => Date.now());

describe('ExactShare', () => {
  it('takes the exact share of any number of events, to within one', () => {
    const percent = fc.integer({ min: 1, max: 100_000 }).map((thousandths) => thousandths / 1_000);
    fc.assert(
      fc.property(percent, fc.integer({ min: 1, max: 3_000 }), (share, events) => {
        const exact = new ExactShare(share);
        let taken = 0;
        for (let n = 0; n < events; n += 1) if (exact.next()) taken += 1;
        expect(taken).toBe(Math.floor((events * Math.round(share * 1_000)) / 100_000));
      }),
    );
  });
});

describe('faults', () => {
  it('plug in nothing when none is on', () => {
    const faults = activate();
    expect(faults).toMatchObject({ active: {} });
    expect([faults.refuseUpgrade, faults.wrapSocket]).toEqual([undefined, undefined]);
    expect(faults.injections()).toEqual({});
  });

  it('refuse-connections refuses its share and counts it', () => {
    const faults = activate({ name: 'refuse-connections', value: 25 });
    const answers = Array.from({ length: 100 }, () => faults.refuseUpgrade?.());
    expect(answers.filter(Boolean)).toHaveLength(25);
    expect(faults.injections()).toEqual({ 'refuse-connections': 25 });
  });

  it('drop-deliveries leaves out its share of the deliveries, and no answer', () => {
    const faults = activate({ name: 'drop-deliveries', value: 1 });
    const { hub } = makeHub();
    const sockets = Array.from({ length: 10 }, () => new FakeSocket());
    for (const socket of sockets) {
      const connection = hub.connect(faults.wrapSocket?.(socket) ?? socket, '::1');
      hub.subscribe(connection, 'a');
      hub.reply(connection, '"welcome"');
    }
    for (let n = 0; n < 100; n += 1) hub.broadcast('a', String);
    expect(faults.droppedDeliveries()).toBe(10);
    expect(sockets.reduce((sum, { sent }) => sum + sent.length, 0)).toBe(10 + 990);
    expect(faults.injections()).toEqual({ 'drop-deliveries': 10 });
  });

  it('drop-deliveries counts none that would have reached nobody', () => {
    const faults = activate({ name: 'drop-deliveries', value: 50 });
    const { hub } = makeHub();
    const sockets = Array.from({ length: 4 }, () => new FakeSocket());
    for (const socket of sockets) {
      hub.subscribe(hub.connect(faults.wrapSocket?.(socket) ?? socket, '::1'), 'a');
    }
    for (const leaving of sockets.slice(0, 2)) leaving.isOpen = false;
    for (let n = 0; n < 10; n += 1) hub.broadcast('a', String);
    expect(hub.counters.deliveries - faults.droppedDeliveries()).toBe(10);
    expect(faults.droppedDeliveries()).toBe(10);
  });

  it('delay-deliveries sends everything exactly that much later, in order, the close last', () => {
    const faults = activate({ name: 'delay-deliveries', value: 50 });
    const inner = new FakeSocket();
    const socket = faults.wrapSocket?.(inner) ?? inner;
    socket.send('"a"');
    vi.advanceTimersByTime(20);
    socket.send('"b"');
    socket.close(1000, 'normal');
    vi.advanceTimersByTime(29);
    expect(inner.take()).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(inner.take()).toEqual(['a']);
    expect(faults.heldMessages()).toBe(2);
    vi.advanceTimersByTime(20);
    expect(inner.take()).toEqual(['b']);
    expect(inner.closedWith?.code).toBe(1000);
    expect(faults.injections()).toEqual({ 'delay-deliveries': 3 });
  });

  it('stall holds back everything for its length, once in every three times that', () => {
    const faults = activate({ name: 'stall', value: 100 });
    const inner = new FakeSocket();
    const socket = faults.wrapSocket?.(inner) ?? inner;
    const sentAtMs: number[] = [];
    const startedAt = Date.now();
    inner.send = () => void sentAtMs.push(Date.now() - startedAt);
    for (let ms = 0; ms < 600; ms += 10) {
      socket.send('"x"');
      vi.advanceTimersByTime(10);
    }
    expect(sentAtMs).toHaveLength(60);
    expect(sentAtMs.filter((ms) => ms % 300 > 200)).toEqual([]);
    expect(sentAtMs.filter((ms) => ms === 300)).toHaveLength(11);
  });

  it('slow-loop blocks, pauses longer, and stops when told', () => {
    let nowMs = 0;
    const faults = createActiveFaults([{ name: 'slow-loop', value: 5 }], () => {
      nowMs += 1;
      return nowMs;
    });
    faults.start();
    vi.advanceTimersByTime(33);
    expect(faults.injections()).toEqual({ 'slow-loop': 4 });
    faults.stop();
    vi.advanceTimersByTime(100);
    expect(faults.injections()).toEqual({ 'slow-loop': 4 });
    expect(vi.getTimerCount()).toBe(0);
  });
});

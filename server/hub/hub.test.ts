import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLOSE, OTHER_CLOSE_CODE } from '../protocol/close-codes.ts';
import { FakeSocket } from '../testing/fake-socket.ts';
import { makeHub } from '../testing/make-hub.ts';
import type { Connection } from './connection.ts';
import type { Hub } from './hub.ts';

const encode = (key: string) => (offset: number) => JSON.stringify({ key, offset });

function join(hub: Hub, key?: string): { readonly socket: FakeSocket; readonly connection: Connection } {
  const socket = new FakeSocket();
  const connection = hub.connect(socket, '127.0.0.1');
  if (key !== undefined) hub.subscribe(connection, key);
  return { socket, connection };
}

describe('Hub', () => {
  it('gives every member the same messages in the same order, and nobody else any', () => {
    const { hub } = makeHub();
    const [first, second, stranger] = [join(hub, 'a'), join(hub, 'a'), join(hub, 'b')];
    for (let n = 0; n < 5; n += 1) hub.broadcast('a', encode('a'));
    expect(first.socket.take()).toEqual([1, 2, 3, 4, 5].map((offset) => ({ key: 'a', offset })));
    expect(second.socket.sent).toHaveLength(5);
    expect(stranger.socket.sent).toHaveLength(0);
    expect(hub.counters).toMatchObject({ broadcasts: 5, deliveries: 10 });
  });

  it('encodes a broadcast once and shares the bytes', () => {
    let encoded = 0;
    const shared = new Set<unknown>();
    const { hub } = makeHub();
    for (let n = 0; n < 3; n += 1) {
      const { socket } = join(hub, 'a');
      socket.sendFrames = (frames) => void shared.add(frames);
    }
    hub.broadcast('a', (offset) => {
      encoded += 1;
      return String(offset);
    });
    expect(encoded).toBe(1);
    expect(shared.size).toBe(1);
  });

  it('sends replies and room messages in the order they happened', () => {
    const { hub } = makeHub();
    const { socket, connection } = join(hub, 'a');
    hub.reply(connection, '"before"');
    hub.broadcast('a', encode('a'));
    hub.reply(connection, '"after"');
    expect(socket.take()).toEqual(['before', { key: 'a', offset: 1 }, 'after']);
  });

  it('is idempotent when a member subscribes again', () => {
    const { hub } = makeHub();
    const { socket, connection } = join(hub, 'a');
    expect(hub.subscribe(connection, 'a')).toMatchObject({ subscribed: true, position: { offset: 0 } });
    hub.broadcast('a', encode('a'));
    expect(socket.sent).toHaveLength(1);
  });

  it('refuses more subscriptions than allowed, but not the ones there are', () => {
    const { hub } = makeHub({ maxSubscriptions: 1 });
    const { connection } = join(hub, 'a');
    expect(hub.subscribe(connection, 'b')).toMatchObject({ subscribed: false });
    expect(hub.subscribe(connection, 'a')).toMatchObject({ subscribed: true });
    expect(hub.roomTotals()).toEqual({ count: 1, subscriptions: 1, largest: 1 });
  });

  it('answers unsubscribe with the last offset it sent, and null when there is nothing to leave', () => {
    const { hub } = makeHub();
    const { connection } = join(hub, 'a');
    hub.broadcast('a', encode('a'));
    expect(hub.unsubscribe(connection, 'a')).toBe(1);
    expect(hub.unsubscribe(connection, 'a')).toBeNull();
  });

  it('counts no delivery to a client that is closing already', () => {
    const { hub } = makeHub();
    const { socket } = join(hub, 'a');
    socket.isOpen = false;
    hub.broadcast('a', encode('a'));
    expect(hub.counters).toMatchObject({ broadcasts: 1, deliveries: 0 });
    expect(socket.sent).toHaveLength(0);
  });

  it('takes a slow consumer out of its rooms at once, closes it, then cuts it', () => {
    const { hub, clock } = makeHub({ maxBufferedBytes: 1_000 });
    const slow = join(hub, 'a');
    const quick = join(hub, 'a');
    slow.socket.bufferedBytes = 999;
    hub.broadcast('a', encode('a'));
    expect(slow.socket.closedWith).toEqual({ code: CLOSE.slowConsumer.code, reason: 'slow consumer' });
    expect(slow.socket.sent).toHaveLength(0);
    hub.broadcast('a', encode('a'));
    expect(quick.socket.sent).toHaveLength(2);
    expect(hub.counters.droppedByReason.slow_consumer).toBe(1);
    expect(hub.counters.slowClosedByLimit).toEqual({ bytes: 1, age: 0 });
    hub.sweep();
    expect(slow.socket.terminated).toBe(false);
    clock.advance(1_000);
    hub.sweep();
    expect(slow.socket.terminated).toBe(true);
  });

  it('finds a slow consumer that nobody sends to', () => {
    const { hub, clock } = makeHub({ maxBufferedAgeMs: 500 });
    const { socket } = join(hub, 'a');
    socket.bufferedBytes = 10;
    hub.sweep();
    clock.advance(501);
    hub.sweep();
    expect(socket.closedWith?.code).toBe(CLOSE.slowConsumer.code);
    expect(hub.counters.slowClosedByLimit.age).toBe(1);
  });

  it('cuts a client that began to close and never went, and leaves the close its own', () => {
    const { hub, clock } = makeHub();
    const { socket, connection } = join(hub, 'a');
    socket.isOpen = false;
    hub.sweep();
    expect(hub.roomTotals().subscriptions).toBe(0);
    clock.advance(4_999);
    hub.sweep();
    expect(socket.terminated).toBe(false);
    clock.advance(1);
    hub.sweep();
    expect(socket.terminated).toBe(true);
    hub.disconnected(connection, { code: 1000, reason: 'bye' });
    expect(hub.closedConnections()[0]).toMatchObject({ code: 1000, reason: 'bye', initiator: 'client' });
    expect(hub.lifecycle()).toMatchObject({ 'hub.connections': 0, 'hub.closing': 0 });
  });

  it('counts a client that sends one of our codes as another, so that it fakes no alarm', () => {
    const { hub } = makeHub();
    for (const code of [1000, 1001, 1005, 1006, CLOSE.slowConsumer.code, CLOSE.internalError.code, 3_000]) {
      hub.disconnected(join(hub).connection, { code, reason: '' });
    }
    expect(hub.counters.closedByCode).toEqual(
      new Map([
        [1000, 1],
        [1001, 1],
        [1005, 1],
        [1006, 1],
        [OTHER_CLOSE_CODE, 3],
      ]),
    );
  });

  it('gives back nothing that would fill the send buffer, what waits in it included', () => {
    const { hub } = makeHub({ maxBufferedBytes: 1_000 });
    hub.broadcast('a', () => 'x'.repeat(300));
    const { socket, connection } = join(hub);
    const resume = () => hub.subscribe(connection, 'a', { epoch: 'e1', offset: 0 });
    socket.bufferedBytes = 200;
    expect(resume()).toMatchObject({ recovery: { recovered: true } });
    socket.bufferedBytes = 201;
    expect(resume()).toMatchObject({ recovery: { recovered: false, reason: 'limit' } });
  });

  it('keeps why and by whom a connection was ended, newest first, at most 256', () => {
    const { hub } = makeHub();
    for (let n = 0; n < 260; n += 1) hub.disconnected(join(hub).connection, { code: 1000, reason: '' });
    const { connection } = join(hub, 'a');
    hub.end(connection, CLOSE.shutdown);
    hub.disconnected(connection, { code: 1006, reason: '' });
    const closed = hub.closedConnections();
    expect(closed).toHaveLength(256);
    expect(closed[0]).toMatchObject({ id: connection.id, code: 4001, initiator: 'server' });
    expect(closed[1]).toMatchObject({ code: 1000, initiator: 'client' });
    expect(hub.counters.closedByCode).toEqual(
      new Map([
        [1000, 260],
        [4001, 1],
      ]),
    );
  });

  it('is back at its baseline when everyone left, but for history and rings', () => {
    const { hub } = makeHub();
    const baseline = hub.lifecycle();
    const members = Array.from({ length: 20 }, (_, n) => join(hub, `room ${n % 3}`));
    hub.broadcast('room 0', encode('a'));
    for (const { connection } of members) hub.disconnected(connection, { code: 1006, reason: '' });
    const left = Object.entries(hub.lifecycle()).filter(([name]) => !/History|Ring/.test(name));
    expect(Object.fromEntries(left)).toEqual(
      Object.fromEntries(Object.entries(baseline).filter(([name]) => !/History|Ring/.test(name))),
    );
    expect(hub.lifecycle()['hub.messagesHistory']).toBe(1);
  });
});

const ROOMS = ['a', 'b'] as const;
const CLIENTS = 3;
const step = fc.record({
  act: fc.constantFrom('subscribe', 'unsubscribe', 'broadcast', 'broadcast', 'reconnect'),
  client: fc.nat(CLIENTS - 1),
  room: fc.constantFrom(...ROOMS),
});

/** A client that checks what it is sent against what it knows: no gap, no repeat, no stranger. */
class CheckedClient {
  socket = new FakeSocket();
  connection: Connection;
  /** Last offset of each room it is in. */
  readonly rooms = new Map<string, number>();
  readonly #hub: Hub;

  constructor(hub: Hub) {
    this.#hub = hub;
    this.connection = hub.connect(this.socket, '::1');
  }

  drainSocket(): void {
    for (const message of this.socket.take() as { key: string; offset: number }[]) this.#take(message);
  }

  subscribe(key: string, since?: { readonly epoch: string; readonly offset: number }): void {
    this.drainSocket();
    const answer = this.#hub.subscribe(this.connection, key, since);
    if (!answer.subscribed) throw new Error('refused');
    if (since !== undefined && answer.recovery?.recovered === true) {
      this.rooms.set(key, since.offset);
      for (const text of answer.recovery.missed) this.#take(JSON.parse(text));
    } else {
      this.rooms.set(key, answer.position.offset);
    }
    expect(this.rooms.get(key)).toBe(answer.position.offset);
  }

  unsubscribe(key: string): void {
    this.drainSocket();
    expect(this.#hub.unsubscribe(this.connection, key)).toBe(this.rooms.get(key) ?? null);
    this.rooms.delete(key);
  }

  reconnect(): void {
    this.drainSocket();
    this.#hub.disconnected(this.connection, { code: 1006, reason: '' });
    this.socket = new FakeSocket();
    this.connection = this.#hub.connect(this.socket, '::1');
    for (const [key, offset] of [...this.rooms]) {
      // Half of them missed one message while they were away.
      if (key === 'a') this.#hub.broadcast(key, encode(key));
      this.subscribe(key, { epoch: 'e1', offset });
    }
  }

  expectUpToDate(): void {
    this.drainSocket();
    for (const [key, offset] of this.rooms) {
      expect(offset).toBe(this.#hub.history(key, { before: 1e9, limit: 1 }).offset);
    }
  }

  #take({ key, offset }: { readonly key: string; readonly offset: number }): void {
    expect(this.rooms.has(key)).toBe(true);
    expect(offset).toBe((this.rooms.get(key) ?? Number.NaN) + 1);
    this.rooms.set(key, offset);
  }
}

interface Step {
  readonly act: string;
  readonly client: CheckedClient | undefined;
  readonly room: string;
}

function play(hub: Hub, { act, client, room }: Step): void {
  if (act === 'broadcast') hub.broadcast(room, encode(room));
  if (act === 'unsubscribe') client?.unsubscribe(room);
  if (act === 'reconnect') client?.reconnect();
  if (act === 'subscribe') client?.subscribe(room);
}

describe('Hub, under any order of steps', () => {
  it('loses, repeats and reorders nothing', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { hub } = makeHub();
        const clients = Array.from({ length: CLIENTS }, () => new CheckedClient(hub));
        for (const { act, client, room } of steps) play(hub, { act, client: clients[client], room });
        for (const client of clients) client.expectUpToDate();
        expect(hub.roomTotals().subscriptions).toBe(clients.reduce((sum, { rooms }) => sum + rooms.size, 0));
      }),
      { numRuns: 200 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLOSE } from '../protocol/close-codes.ts';
import { FAN_OUT_MODES, type FanOutMode } from '../protocol/fan-out-modes.ts';
import { FakeSocket } from '../testing/fake-socket.ts';
import { makeHub } from '../testing/make-hub.ts';
import type { Connection } from './connection.ts';
import type { Hub, HubLimits } from './hub.ts';

/** A hub whose turns end when the test says so. */
function makeTurns(fanOut: FanOutMode, limits: Partial<HubLimits> = {}) {
  const due: (() => void)[] = [];
  const { hub } = makeHub(limits, { fanOut, atEndOfTurn: (flush) => void due.push(flush) });
  const endTurn = () => {
    for (const flush of due.splice(0)) flush();
  };
  return { hub, endTurn, due };
}

function join(hub: Hub, key: string) {
  const socket = new FakeSocket();
  const connection = hub.connect(socket, '::1');
  hub.subscribe(connection, key);
  return { socket, connection };
}

const encode = (key: string) => (offset: number) => JSON.stringify({ key, offset });

describe.each(FAN_OUT_MODES)('fan-out, %s', (mode) => {
  it('counts deliveries, frames and writes', () => {
    const { hub, endTurn } = makeTurns(mode);
    const members = [join(hub, 'a'), join(hub, 'a')];
    for (let n = 0; n < 5; n += 1) hub.broadcast('a', encode('a'));
    endTurn();
    for (const { socket } of members) expect(socket.take()).toHaveLength(5);
    const isWrittenOnce = mode === 'corked' || mode === 'coalesced';
    expect(hub.counters).toMatchObject({
      broadcasts: 5,
      deliveries: 10,
      framesWritten: 10,
      socketWrites: isWrittenOnce ? 2 : 10,
      sentPayloadBytes: 10 * Buffer.byteLength('{"key":"a","offset":1}'),
    });
    expect(members.map(({ socket }) => socket.writes)).toEqual(isWrittenOnce ? [1, 1] : [5, 5]);
    expect(hub.counters.broadcastRecipients).toMatchObject({ count: 5, sum: 10 });
    expect(hub.lifecycle()['hub.waitingRooms']).toBe(0);
  });

  it('closes a slow member, and no other', () => {
    const { hub, endTurn } = makeTurns(mode, { maxBufferedBytes: 1_000 });
    const slow = join(hub, 'a');
    const quick = join(hub, 'a');
    slow.socket.bufferedBytes = 999;
    hub.broadcast('a', encode('a'));
    endTurn();
    expect(slow.socket.closedWith?.code).toBe(CLOSE.slowConsumer.code);
    expect(slow.socket.sent).toHaveLength(0);
    expect(quick.socket.sent).toHaveLength(1);
    expect(hub.counters).toMatchObject({ deliveries: 1, droppedByReason: { slow_consumer: 1 } });
  });

  it('writes what is owed before the close', () => {
    const { hub } = makeTurns(mode);
    const { socket, connection } = join(hub, 'a');
    hub.broadcast('a', encode('a'));
    hub.end(connection, CLOSE.shutdown);
    expect(socket.take()).toEqual([{ key: 'a', offset: 1 }]);
    expect(socket.closedWith?.code).toBe(CLOSE.shutdown.code);
  });

  it('sends nothing to who is gone before the turn ends', () => {
    const { hub, endTurn } = makeTurns(mode);
    const { socket, connection } = join(hub, 'a');
    hub.disconnected(connection, { code: 1006, reason: '' });
    hub.broadcast('a', encode('a'));
    endTurn();
    expect(socket.sent).toEqual([]);
  });

  it('takes another mode between two messages', () => {
    const { hub, endTurn } = makeTurns(mode);
    const { socket } = join(hub, 'a');
    for (const next of FAN_OUT_MODES) {
      hub.broadcast('a', encode('a'));
      hub.fanOut = next;
    }
    endTurn();
    expect(socket.take()).toEqual([1, 2, 3, 4].map((offset) => ({ key: 'a', offset })));
    expect(hub.fanOut).toBe('coalesced');
  });
});

describe('fan-out, coalesced', () => {
  it('waits once for the end of the turn, whatever is published in it', () => {
    const { hub, endTurn, due } = makeTurns('coalesced');
    join(hub, 'a');
    join(hub, 'b');
    for (const key of ['a', 'b', 'a']) hub.broadcast(key, encode(key));
    expect(due).toHaveLength(1);
    expect(hub.lifecycle()['hub.waitingRooms']).toBe(2);
    endTurn();
    hub.broadcast('a', encode('a'));
    expect(due).toHaveLength(1);
  });

  it('writes a batch that is full without waiting', () => {
    const { hub, endTurn } = makeTurns('coalesced');
    const { socket } = join(hub, 'a');
    for (let n = 0; n < 10; n += 1) hub.broadcast('a', () => JSON.stringify('x'.repeat(9_000)));
    expect(socket.sent).toHaveLength(7);
    endTurn();
    expect(socket.sent).toHaveLength(10);
    expect(socket.writes).toBe(2);
  });

  it('makes no slow consumer by the size of a batch', () => {
    const { hub, endTurn } = makeTurns('coalesced', { maxBufferedBytes: 16_384 });
    const { socket } = join(hub, 'a');
    // Three bytes a character, and one message that nearly fills the limit by itself.
    for (let n = 0; n < 30; n += 1)
      hub.broadcast('a', () => JSON.stringify('€'.repeat(n === 20 ? 5_400 : 300)));
    endTurn();
    expect(socket.closedWith).toBeNull();
    expect(socket.sent).toHaveLength(30);
  });

  it('ends a member that is too slow for what it is owed before a reply', () => {
    const { hub } = makeTurns('coalesced', { maxBufferedBytes: 1_000 });
    const { socket, connection } = join(hub, 'a');
    hub.broadcast('a', encode('a'));
    socket.bufferedBytes = 999;
    hub.reply(connection, '1');
    expect(socket.sent).toEqual([]);
    expect(socket.closedWith?.code).toBe(CLOSE.slowConsumer.code);
  });
});

describe('fan-out, corked', () => {
  it('writes what waits in a full cork', () => {
    const { hub, endTurn } = makeTurns('corked');
    const { socket } = join(hub, 'a');
    hub.broadcast('a', encode('a'));
    socket.bufferedBytes = 70_000;
    hub.broadcast('a', encode('a'));
    expect(socket.writes).toBe(1);
    endTurn();
    expect(socket.writes).toBe(2);
  });
});

type Told =
  | {
      readonly told: 'subscribed' | 'unsubscribed' | 'message';
      readonly key: string;
      readonly offset: number;
    }
  | { readonly told: 'pong' };

/** A client that checks what it reads, in the order in which it reads it. */
class Reader {
  readonly socket = new FakeSocket();
  readonly connection: Connection;
  /** Last offset of each room it was told it is in. */
  readonly rooms = new Map<string, number>();
  readonly #hub: Hub;

  constructor(hub: Hub) {
    this.#hub = hub;
    this.connection = hub.connect(this.socket, '::1');
  }

  do(act: string, key: string): void {
    if (act === 'ping') this.#reply({ told: 'pong' });
    if (act === 'subscribe') {
      const answer = this.#hub.subscribe(this.connection, key);
      if (answer.subscribed) this.#reply({ told: 'subscribed', key, offset: answer.position.offset });
    }
    if (act !== 'unsubscribe') return;
    const offset = this.#hub.unsubscribe(this.connection, key);
    if (offset !== null) this.#reply({ told: 'unsubscribed', key, offset });
  }

  read(): void {
    for (const told of this.socket.take() as Told[]) this.#read(told);
  }

  #reply(told: Told): void {
    this.#hub.reply(this.connection, JSON.stringify(told));
  }

  #read(told: Told): void {
    if (told.told === 'pong') return;
    const { key, offset } = told;
    const last = this.rooms.get(key);
    if (told.told === 'message') expect(offset).toBe((last ?? Number.NaN) + 1);
    else if (told.told === 'unsubscribed' || last !== undefined) expect(offset).toBe(last);
    if (told.told === 'unsubscribed') this.rooms.delete(key);
    else this.rooms.set(key, offset);
  }
}

const READERS = 3;
const step = fc.record({
  act: fc.constantFrom(
    'subscribe',
    'unsubscribe',
    'ping',
    'broadcast',
    'broadcast',
    'broadcast',
    'turn',
    'mode',
  ),
  reader: fc.nat(READERS - 1),
  key: fc.constantFrom('a', 'b'),
  mode: fc.constantFrom(...FAN_OUT_MODES),
});

interface Step {
  readonly act: string;
  readonly reader: number;
  readonly key: 'a' | 'b';
  readonly mode: FanOutMode;
}

/** Carries out the steps. @returns the readers, and how many messages each room was published */
function play(first: FanOutMode, steps: readonly Step[]) {
  const { hub, endTurn } = makeTurns(first);
  const readers = Array.from({ length: READERS }, () => new Reader(hub));
  const published = { a: 0, b: 0 };
  const broadcast = (key: 'a' | 'b') => {
    hub.broadcast(key, (offset) => JSON.stringify({ told: 'message', key, offset }));
    published[key] += 1;
  };
  for (const { act, reader, key, mode } of steps) {
    if (act === 'turn') endTurn();
    else if (act === 'mode') hub.fanOut = mode;
    else if (act === 'broadcast') broadcast(key);
    else readers[reader]?.do(act, key);
  }
  endTurn();
  return { readers, published };
}

describe('fan-out, in any mode and any order of steps', () => {
  it('keeps the order within a room and around replies, and loses nothing', () => {
    fc.assert(
      fc.property(fc.constantFrom(...FAN_OUT_MODES), fc.array(step, { maxLength: 60 }), (first, steps) => {
        const { readers, published } = play(first, steps);
        for (const reader of readers) {
          reader.read();
          for (const [key, offset] of reader.rooms)
            expect(offset).toBe(key === 'a' ? published.a : published.b);
        }
      }),
      { numRuns: 500 },
    );
  });
});

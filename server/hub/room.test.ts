import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ROOM_HISTORY_LENGTH } from '../protocol/messages.ts';
import { PLAIN_COLLECTIONS } from './hub-collections.ts';
import { Room } from './room.ts';

const PLENTY_BYTES = 1e9;

function makeRoom(): Room {
  const { members, history } = PLAIN_COLLECTIONS;
  return new Room('a', 'e1', { members: members(), history: history() });
}

function roomWith(messages: number): Room {
  const room = makeRoom();
  for (let n = 1; n <= messages; n += 1) room.append(String(n));
  return room;
}

describe('Room.recover', () => {
  it.each([
    ['another epoch', 10, { epoch: 'e0', offset: 10 }, 'epoch_changed'],
    ['an offset ahead of the room', 10, { epoch: 'e1', offset: 11 }, 'epoch_changed'],
    ['one more than is kept', 150, { epoch: 'e1', offset: 49 }, 'gap_too_old'],
  ] as const)('refuses %s', (_, messages, since, reason) => {
    expect(roomWith(messages).recover(since, PLENTY_BYTES)).toEqual({ recovered: false, reason });
  });

  it('refuses more bytes than may be given back, and never gives a part', () => {
    const since = { epoch: 'e1', offset: 0 };
    expect(roomWith(9).recover(since, 8)).toEqual({ recovered: false, reason: 'limit' });
    expect(roomWith(9).recover(since, 9)).toMatchObject({ recovered: true });
  });

  it('gives all that was missed, oldest first, or a reason', () => {
    fc.assert(
      fc.property(fc.nat(350), fc.nat(400), (messages, offset) => {
        const recovery = roomWith(messages).recover({ epoch: 'e1', offset }, PLENTY_BYTES);
        const gap = messages - offset;
        expect(recovery.recovered).toBe(gap >= 0 && gap <= ROOM_HISTORY_LENGTH);
        if (!recovery.recovered) return;
        expect(recovery.missed).toEqual(Array.from({ length: gap }, (_, n) => String(offset + 1 + n)));
      }),
    );
  });
});

describe('Room.recent', () => {
  it('pages through what is kept, newest first', () => {
    const room = roomWith(105);
    expect(room.historyLength).toBe(ROOM_HISTORY_LENGTH);
    expect(room.recent({ before: 1e9, limit: 2 })).toEqual(['105', '104']);
    expect(room.recent({ before: 104, limit: 2 })).toEqual(['103', '102']);
    expect(room.recent({ before: 8, limit: 10 })).toEqual(['7', '6']);
    expect(room.recent({ before: 1, limit: 10 })).toEqual([]);
    expect(makeRoom().recent({ before: 9, limit: 9 })).toEqual([]);
  });
});

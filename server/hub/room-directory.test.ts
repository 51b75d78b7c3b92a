import { describe, expect, it } from 'vitest';
import { PLAIN_COLLECTIONS } from './hub-collections.ts';
import { RoomDirectory } from './room-directory.ts';

const makeDirectory = (processEpoch: string, maxIdleRooms: number) =>
  new RoomDirectory({ processEpoch, maxIdleRooms, collections: PLAIN_COLLECTIONS });

function publish(directory: RoomDirectory, key: string): void {
  const room = directory.obtain(key);
  room.append('x');
  directory.settle(room);
}

describe('RoomDirectory', () => {
  it('drops an empty room that never had a message', () => {
    const directory = makeDirectory('e', 10);
    directory.settle(directory.obtain('a'));
    expect(directory.totals().count).toBe(0);
    expect(directory.obtain('a').position).toEqual({ epoch: 'e', offset: 0 });
  });

  it('keeps an empty room with history, so that its offset goes on under its epoch', () => {
    const directory = makeDirectory('e', 10);
    publish(directory, 'a');
    expect(directory.idleSize).toBe(1);
    expect(directory.obtain('a').position).toEqual({ epoch: 'e', offset: 1 });
    expect(directory.idleSize).toBe(0);
  });

  it('evicts the room idle longest, and gives new rooms a new epoch from then on', () => {
    const directory = makeDirectory('e', 2);
    for (const key of ['a', 'b', 'a', 'c']) publish(directory, key);
    expect(directory.find('b')).toBeUndefined();
    expect(directory.find('a')?.position).toEqual({ epoch: 'e', offset: 2 });
    // Offset 1 of b was seen under e: it must not be given again under e.
    expect(directory.obtain('b').position).toEqual({ epoch: 'e.1', offset: 0 });
    expect(directory.epoch).toBe('e.1');
  });

  it('never holds more idle rooms than it may', () => {
    const directory = makeDirectory('e', 5);
    for (let n = 0; n < 100; n += 1) publish(directory, `room ${n}`);
    expect(directory.totals().count).toBe(5);
    expect(directory.historyLength()).toBe(5);
  });
});

import { describe, expect, it } from 'vitest';
import type { PeerPlan } from '../contract/peer-plan.ts';
import { Feed, type FeedTarget, placeOf } from './feed.ts';

const plan: PeerPlan = { readers: 2, format: 'json', perTurn: 3, ratePerSecond: 0, limit: 7, rooms: 1 };
const turnOfTheLoop = () => new Promise((resolve) => setImmediate(resolve));

/** Keeps what is published, in turns, and may be full. */
class RecordingTarget implements FeedTarget {
  readonly turns: number[][] = [];
  readonly times: number[] = [];
  full = false;
  asked = 0;
  readonly #last: number;
  #done: () => void = () => undefined;
  readonly done = new Promise<void>((resolve) => {
    this.#done = resolve;
  });

  constructor(last: number) {
    this.#last = last;
  }

  publish(seq: number, tsMs: number): void {
    this.turns.at(-1)?.push(seq);
    this.times.push(tsMs);
    if (seq === this.#last) this.#done();
  }
  isFull(): boolean {
    this.asked += 1;
    if (!this.full) this.turns.push([]);
    return this.full;
  }
}

describe('placeOf', () => {
  it('goes from room to room, and counts in each', () => {
    const places = [1, 2, 3, 4, 5].map((made) => placeOf(made, 2));
    expect(places.map(({ room, seq }) => [room, seq])).toEqual([
      [0, 1],
      [1, 1],
      [0, 2],
      [1, 2],
      [0, 3],
    ]);
    expect(placeOf(7, 1)).toEqual({ room: 0, seq: 7 });
  });
});

describe('Feed', () => {
  it('waits for all readers, then goes turn by turn up to its limit', async () => {
    const target = new RecordingTarget(7);
    const feed = new Feed(plan, target);
    feed.connected(1);
    await turnOfTheLoop();
    expect(target.asked).toBe(0);
    feed.connected(2);
    await target.done;
    await turnOfTheLoop();
    await turnOfTheLoop();
    expect(target.turns).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
    expect(target.times).toEqual(target.times.toSorted((a, b) => a - b));
  });

  it('makes nothing while a reader has too much waiting', async () => {
    const target = new RecordingTarget(7);
    target.full = true;
    const feed = new Feed(plan, target);
    feed.connected(2);
    while (target.asked < 5) await turnOfTheLoop();
    expect(target.times).toEqual([]);
    target.full = false;
    await target.done;
    expect(target.turns.flat()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('stops when it is told to', async () => {
    const target = new RecordingTarget(7);
    const feed = new Feed({ ...plan, limit: 0 }, target);
    feed.connected(2);
    await target.done;
    feed.stop();
    const made = target.times.length;
    await turnOfTheLoop();
    await turnOfTheLoop();
    expect(target.times).toHaveLength(made);
  });

  it('stamps a schedule with the times it intended', async () => {
    const target = new RecordingTarget(7);
    const feed = new Feed({ ...plan, ratePerSecond: 1_000 }, target);
    feed.connected(2);
    await target.done;
    const steps = target.times.slice(1).map((time, index) => time - (target.times[index] ?? 0));
    for (const step of steps) expect(step).toBeCloseTo(1, 2);
  });

  it('looks at the buffers now and then on a schedule, and holds it back all the same', async () => {
    const target = new RecordingTarget(40);
    target.full = true;
    const feed = new Feed({ ...plan, ratePerSecond: 1_000, limit: 40 }, target);
    feed.connected(2);
    while (target.asked < 5) await turnOfTheLoop();
    expect(target.times).toEqual([]);
    target.full = false;
    target.asked = 0;
    await target.done;
    expect(target.asked).toBeLessThan(20);
  });
});

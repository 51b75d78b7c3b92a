/** The shape of a fan-out, against a server that spreads it by a known step a member. */

import { afterEach, describe, expect, it } from 'vitest';
import { decodeHistogram } from '../../dist/load-tests/generator/latency/latency-histogram.js';
import type { FakeFaults } from '../testing/fake-matches/fake-match-faults.ts';
import { FakeMatchServer } from '../testing/fake-matches/fake-match-server.ts';
import { runTier } from '../testing/run-tier.ts';
import type { LoadPlan } from './load-plan.ts';
import type { FanOutShape } from './load-result.ts';

/** The n-th of the 20 members gets each broadcast n times this later. */
const STEP_MS = 6;
/** A timer of Node may fire this much early. */
const EARLY_MS = 1;
/** What a busy machine may add to a median. */
const LATE_MS = 5;

const open: { stop(): Promise<void> }[] = [];

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.stop();
});

async function shapeOf(
  faults: FakeFaults,
  changes: Partial<LoadPlan> = {},
  workers = 1,
): Promise<FanOutShape> {
  const server = await FakeMatchServer.start(faults);
  open.push(server);
  const { fanOut } = await runTier(server.target, { fanOutShape: true, ...changes }, { workers });
  if (fanOut === undefined) throw new Error('expected a shape');
  return fanOut;
}

function medianMs(encoded: string): number {
  return decodeHistogram(encoded).quantileMs(0.5) ?? Number.NaN;
}

function expectAbout(ms: number, trueMs: number): void {
  expect(ms).toBeGreaterThan(trueMs - EARLY_MS);
  expect(ms).toBeLessThan(trueMs + LATE_MS);
}

describe.each(['lean', 'ws'] as const)('the shape that %s clients see', (client) => {
  it.each([1, 2])('is the server’s own, over %i workers', async (workers) => {
    const shape = await shapeOf({ stepMs: STEP_MS }, { client }, workers);
    expect(shape).toMatchObject({ broadcasts: 50, everyNth: 1, members: 20 });
    expectAbout(medianMs(shape.first), 0);
    expectAbout(medianMs(shape.median), 9 * STEP_MS);
    expectAbout(medianMs(shape.last), 19 * STEP_MS);
    // The first delivery is not quite on time either.
    expectAbout(medianMs(shape.spread) + medianMs(shape.first), 19 * STEP_MS);
    expect(decodeHistogram(shape.last).count).toBe(50);
  });
});

it('tells members by their place in the room', async () => {
  const { positions } = await shapeOf({ stepMs: STEP_MS });
  expect(positions.map(({ from, to }) => [from, to])).toEqual(
    Array.from({ length: 10 }, (_, group) => [2 * group + 1, 2 * group + 2]),
  );
  for (const [group, { meanMs, p50Ms, p99Ms }] of positions.entries()) {
    expectAbout(meanMs, (2 * group + 0.5) * STEP_MS);
    expect(p50Ms).not.toBeNull();
    // 100 deliveries a group are too few for this one.
    expect(p99Ms).toBeNull();
  }
});

it('has no last delivery where one got lost', async () => {
  const shape = await shapeOf({ dropEvery: 100 });
  expect(shape.broadcasts).toBe(50);
  // Every fifth broadcast misses a member.
  expect(decodeHistogram(shape.first).count).toBe(50);
  expect(decodeHistogram(shape.median).count).toBe(50);
  expect(decodeHistogram(shape.last).count).toBe(40);
  expect(decodeHistogram(shape.spread).count).toBe(40);
});

it('leaves out members that were cut off', async () => {
  const shape = await shapeOf({ cut: { atBroadcast: 31, sockets: 5 } });
  expect(shape).toMatchObject({ broadcasts: 50, members: 15 });
  expect(decodeHistogram(shape.last).count).toBe(50);
});

/** Known answers that hang on time: a delay, a stall, and a cut that clients need a moment to see. */

import { afterEach, describe, expect, it } from 'vitest';
import { decodeHistogram } from '../../dist/load-tests/generator/latency/latency-histogram.js';
import type { FakeFaults } from '../testing/fake-matches/fake-match-faults.ts';
import { FakeMatchServer } from '../testing/fake-matches/fake-match-server.ts';
import { runTier } from '../testing/run-tier.ts';
import type { LoadPlan } from './load-plan.ts';
import type { LoadResult } from './load-result.ts';

let server: FakeMatchServer | undefined;
afterEach(() => server?.stop());

async function runAgainst(
  faults: FakeFaults,
  changes: Partial<LoadPlan> = {},
): Promise<{ result: LoadResult }> {
  server = await FakeMatchServer.start(faults);
  return { result: await runTier(server.target, changes) };
}

function responseMs(result: LoadResult, q: number): number {
  return decodeHistogram(result.latency.response).quantileMs(q) ?? Number.NaN;
}

describe('against a server with a known fault, the result names exactly that', () => {
  it('a delay of 50 ms', async () => {
    const { result } = await runAgainst({ delayMs: 50 });
    // A timer of Node may fire up to a millisecond early; the machine's own noise comes on top.
    expect(responseMs(result, 0)).toBeGreaterThanOrEqual(49);
    expect(responseMs(result, 0.5)).toBeLessThan(60);
    expect(result.ledger).toMatchObject({ lost: 0, outOfOrder: 0 });
  });

  it('a stall of a second', async () => {
    const { result } = await runAgainst({ stall: { afterMs: 700, forMs: 1_000 } }, { measureMs: 2_000 });
    expect(responseMs(result, 1)).toBeGreaterThan(950);
    expect(responseMs(result, 1)).toBeLessThan(1_150);
    // Every send of that second waited for its end: on average half of it. Without intended times it would be one.
    const slow = responseMs(result, 0.75);
    expect(slow).toBeGreaterThan(300);
    expect(slow).toBeLessThan(700);
    expect(result.ledger).toMatchObject({ lost: 0, outOfOrder: 0, duplicated: 0 });
  });

  it('connections cut in the middle: what they missed is undetermined, not lost', async () => {
    const { result } = await runAgainst({ cut: { atBroadcast: 31, sockets: 5 } });
    expect(result.disconnects).toEqual([{ reason: 'close_1006', count: 5 }]);
    expect(result.ledger).toMatchObject({ expected: 15 * 60 + 5 * 30, lost: 0 });
    // The broadcast they were cut at; and those sent before the clients knew, if any.
    expect(result.ledger.undetermined).toBeGreaterThanOrEqual(5);
    expect(result.ledger.undetermined).toBeLessThanOrEqual(15);
  });
});

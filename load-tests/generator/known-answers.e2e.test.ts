/** Servers that are wrong in a known way, and counts that say so. What hangs on time is in known-times.e2e.test.ts. */

import { describe, expect, it, type TestContext, vi } from 'vitest';
import { decodeHistogram } from '../../dist/load-tests/generator/latency/latency-histogram.js';
import { CoordinatorPool } from '../testing/coordinator-pool.ts';
import type { FakeFaults } from '../testing/fake-matches/fake-match-faults.ts';
import { FakeMatchServer } from '../testing/fake-matches/fake-match-server.ts';
import { RecordingObserver, testPlan } from '../testing/load-plans.ts';
import { LOAD_PHASES } from './load-observer.ts';
import type { LoadPlan } from './load-plan.ts';
import type { LoadResult } from './load-result.ts';

interface Outcome {
  readonly server: FakeMatchServer;
  readonly result: LoadResult;
  readonly observer: RecordingObserver;
}

const pool = new CoordinatorPool();

/** A server that is wrong in exactly these ways; it ends with the test. */
async function startServer(test: TestContext, faults: FakeFaults = {}): Promise<FakeMatchServer> {
  const server = await FakeMatchServer.start(faults);
  test.onTestFinished(() => server.stop());
  return server;
}

/** Runs a whole tier. */
async function runOn(
  server: FakeMatchServer,
  changes: Partial<LoadPlan> = {},
  workers = 1,
): Promise<Outcome> {
  const observer = new RecordingObserver();
  const plan = testPlan(server.target, changes);
  const result = await pool.use(workers, (coordinator) => coordinator.run(plan, observer));
  expectConserved(result);
  return { server, result, observer };
}

/** MEASUREMENT.md, rule 5: whatever happens, the books balance. */
function expectConserved({ ledger }: LoadResult): void {
  expect(ledger.unique + ledger.lost).toBe(ledger.expected);
  expect(ledger.unique + ledger.duplicated + ledger.foreign).toBe(ledger.received);
}

/** `expect.poll` does not know its test among several at a time. */
async function expectEmpty(server: FakeMatchServer): Promise<void> {
  await vi.waitFor(() => expect(server.connections).toBe(0));
}

describe.concurrent('against a server that does nothing wrong', () => {
  it.for(['lean', 'ws'] as const)(
    'the %s clients receive everything, split exactly over workers',
    async (client, test) => {
      const { result, server, observer } = await runOn(
        await startServer(test),
        { client, connections: 23 },
        3,
      );
      expect(result.state).toBe('completed');
      expect(result.connect).toMatchObject({ attempted: 23, connected: 23, failures: [] });
      expect(result.subscribe).toMatchObject({ acknowledged: 23, failures: [] });
      // 50 a second through 200 ms of warm-up and a second.
      expect(result.publish).toMatchObject({ intended: 60, sent: 60, accepted: 60, failures: [] });
      expect(result.publish.achievedPerSecond).toBe(50);
      expect(result.ledger).toMatchObject({ expected: 60 * 23, unique: 60 * 23, received: 60 * 23, lost: 0 });
      expect(result.ledger).toMatchObject({
        duplicated: 0,
        outOfOrder: 0,
        wrongRoom: 0,
        foreign: 0,
        corrupt: 0,
      });
      expect(server.counts.deliveries).toBe(result.ledger.received);
      expect(decodeHistogram(result.latency.response).count).toBe(50 * 23);
      expect(result.latency.negative).toBe(0);
      expect(result.seconds.map((second) => second.deliveries)).toEqual([50 * 23]);
      expect(result.disconnects).toEqual([]);
      expect(result.workers.map(({ role, connections }) => [role, connections])).toEqual([
        ['subscribers', 8],
        ['subscribers', 8],
        ['subscribers', 7],
        ['publisher', 0],
      ]);
      expect(observer.phases).toEqual(LOAD_PHASES.filter((phase) => phase !== 'part-left'));
      await expectEmpty(server);
    },
  );

  it('fewer clients than workers leave workers idle', async (test) => {
    const { result } = await runOn(
      await startServer(test),
      {
        connections: 1,
        measureMs: 300,
        warmUpMs: 0,
      },
      2,
    );
    expect(result.connect.connected).toBe(1);
    expect(result.ledger).toMatchObject({ expected: 15, lost: 0 });
  });

  it('holds the load while its observer looks at the server, and runs tier after tier', async (test) => {
    const server = await startServer(test);
    const openAtHold: number[] = [];
    const observer = new RecordingObserver((phase) => {
      if (phase === 'hold') openAtHold.push(server.connections);
    });
    await pool.use(1, async (coordinator) => {
      for (const connections of [3, 5]) {
        const result = await coordinator.run(
          testPlan(server.target, { connections, measureMs: 300 }),
          observer,
        );
        expect(result.ledger).toMatchObject({ lost: 0, foreign: 0, duplicated: 0 });
        await expectEmpty(server);
      }
    });
    expect(openAtHold).toEqual([3, 5]);
  });
});

describe.concurrent('against a server with a known fault, the result names exactly that', () => {
  it('1 % of all deliveries dropped', async (test) => {
    const { result, server } = await runOn(await startServer(test, { dropEvery: 100 }));
    expect(server.counts.dropped).toBe(12);
    expect(result.ledger).toMatchObject({ expected: 1_200, lost: 12, unique: 1_188, duplicated: 0 });
  });

  it('0.5 % duplicated', async (test) => {
    const { result } = await runOn(await startServer(test, { duplicateEvery: 200 }));
    expect(result.ledger).toMatchObject({
      expected: 1_200,
      lost: 0,
      unique: 1_200,
      duplicated: 6,
      received: 1_206,
    });
    expect(result.ledger.outOfOrder).toBe(0);
    // A duplicate is no further latency sample.
    expect(decodeHistogram(result.latency.response).count).toBe(1_000);
  });

  it('neighbours swapped', async (test) => {
    const { result, server } = await runOn(await startServer(test, { swapEvery: 10 }));
    // The last broadcast is the sixth to be held back; it goes out before the unsubscribes, in order.
    expect(server.counts.swapped).toBe(6 * 20);
    expect(result.ledger).toMatchObject({ lost: 0, outOfOrder: 5 * 20, duplicated: 0 });
  });

  it('messages of another match', async (test) => {
    const { result, server } = await runOn(await startServer(test, { wrongRoomEvery: 100 }));
    expect(server.counts.wrongRoom).toBe(12);
    expect(result.ledger).toMatchObject({ wrongRoom: 12, lost: 0, foreign: 0, received: 1_200 });
  });

  it('messages of someone else in the match', async (test) => {
    const { result, server } = await runOn(await startServer(test, { foreignEvery: 20 }));
    expect(server.counts.foreign).toBe(60);
    expect(result.ledger).toMatchObject({
      foreign: 60,
      lost: 0,
      unique: 1_200,
      received: 1_260,
      outOfOrder: 0,
    });
  });

  it('messages cut in half', async (test) => {
    const { result, server } = await runOn(await startServer(test, { corruptEvery: 100 }));
    expect(server.counts.corrupt).toBe(12);
    expect(result.ledger).toMatchObject({ corrupt: 12, lost: 0 });
  });

  it('answers that got lost, though their messages went out', async (test) => {
    const { result, server } = await runOn(await startServer(test, { cutAnswerEvery: 10, dropEvery: 100 }));
    expect(server.counts.cutAnswers).toBe(6);
    expect(result.publish.accepted).toBe(54);
    expect(result.publish.failures.reduce((sum, failure) => sum + failure.count, 0)).toBe(6);
    expect(result.ledger).toMatchObject({ expected: 1_200, lost: 12, foreign: 0 });
  });

  it('requests without an answer, though their messages went out', async (test) => {
    const { result } = await runOn(await startServer(test, { muteAnswerEvery: 10, dropEvery: 100 }), {
      drainTimeoutMs: 500,
    });
    expect(result.publish).toMatchObject({ accepted: 54, failures: [{ reason: 'timeout', count: 6 }] });
    expect(result.ledger).toMatchObject({ expected: 1_200, lost: 12, foreign: 0, undetermined: 0 });
  });

  it.for([{ hidesOffset: false }, { hidesOffset: true }])(
    'messages that nobody got (%j)',
    async ({ hidesOffset }, test) => {
      const { result } = await runOn(await startServer(test, { swallowEvery: 10, hidesOffset }));
      expect(result.publish.accepted).toBe(60);
      expect(result.ledger).toMatchObject({ expected: 1_200, lost: 120, unique: 1_080, outOfOrder: 0 });
    },
  );

  it('requests that failed', async (test) => {
    const { result } = await runOn(await startServer(test, { failPostEvery: 10 }));
    expect(result.publish).toMatchObject({
      sent: 60,
      accepted: 54,
      failures: [{ reason: 'http_503', count: 6 }],
    });
    expect(result.ledger).toMatchObject({ expected: 54 * 20, lost: 0 });
  });

  it.for(['lean', 'ws'] as const)('connections refused (%s)', async (client, test) => {
    const { result } = await runOn(await startServer(test, { refuseUpgradeEvery: 4 }), { client });
    expect(result.connect).toMatchObject({ attempted: 20, connected: 15 });
    expect(result.connect.failures).toEqual([{ reason: 'http_503', count: 5 }]);
    expect(result.ledger).toMatchObject({ expected: 15 * 60, lost: 0 });
  });

  it('connections that never get a welcome', async (test) => {
    const { result } = await runOn(await startServer(test, { isMute: true }), { connectTimeoutMs: 300 });
    expect(result.state).toBe('lost-target');
    expect(result.connect).toMatchObject({ attempted: 20, connected: 0 });
    expect(result.connect.failures).toEqual([{ reason: 'timeout', count: 20 }]);
  });
});

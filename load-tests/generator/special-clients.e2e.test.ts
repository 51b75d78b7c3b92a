/** Clients that read slowly, leave early or ping, and what they do to everybody else's figures: nothing. */

import { describe, expect, it, type TestContext, vi } from 'vitest';
import { decodeHistogram } from '../../dist/load-tests/generator/latency/latency-histogram.js';
import type { FakeFaults } from '../testing/fake-matches/fake-match-faults.ts';
import { FakeMatchServer } from '../testing/fake-matches/fake-match-server.ts';
import { RecordingObserver } from '../testing/load-plans.ts';
import { startRealServer } from '../testing/real-server.ts';
import { runTier } from '../testing/run-tier.ts';
import { LOAD_PHASES } from './load-observer.ts';

/** Servers end with their test. */
async function startFake(test: TestContext, faults: FakeFaults = {}): Promise<FakeMatchServer> {
  const server = await FakeMatchServer.start(faults);
  test.onTestFinished(() => server.stop());
  return server;
}

describe('slow readers', () => {
  it.for(['lean', 'ws'] as const)('stand outside the ledger of the others (%s)', async (client, test) => {
    const server = await startFake(test);
    const startedMs = performance.now();
    const result = await runTier(
      server.target,
      { client, connections: 23, slowReaders: 3, fanOutShape: true },
      { workers: 2 },
    );
    // Nobody waits for them: neither for deliveries, nor to leave, nor to close.
    expect(performance.now() - startedMs).toBeLessThan(6_000);
    expect(result.subscribe.acknowledged).toBe(23);
    // 10 broadcasts of warm-up, 50 after the pause.
    expect(result.ledger).toMatchObject({ expected: 60 * 20, unique: 60 * 20, lost: 0, received: 60 * 20 });
    expect(result.disconnects).toEqual([]);
    expect(result.slowReaders?.count).toBe(3);
    expect(result.slowReaders?.ended).toEqual([]);
    // Pausing is done by a timer, which comes late on a busy machine.
    const received = result.slowReaders?.received ?? 0;
    expect(received).toBeGreaterThanOrEqual(3 * 9);
    expect(received).toBeLessThanOrEqual(3 * 30);
    expect(result.ledger.undetermined + received).toBe(60 * 3);
    expect(decodeHistogram(result.latency.response).count).toBe(50 * 20);
    expect(result.fanOut).toMatchObject({ members: 20, broadcasts: 50 });
    expect(decodeHistogram(result.fanOut?.last ?? '').count).toBe(50);
    await vi.waitFor(() => expect(server.connections).toBe(0));
  });

  it('do so under a closed load, too', async (test) => {
    const server = await startRealServer();
    test.onTestFinished(() => server.stop());
    const { ledger, slowReaders } = await runTier(server.target, { closedPublishers: 4, slowReaders: 2 });
    const broadcasts = await server.count('touchline_broadcasts_total');
    expect(ledger).toMatchObject({ expected: broadcasts * 18, lost: 0 });
    expect(ledger.undetermined + (slowReaders?.received ?? 0)).toBe(broadcasts * 2);
    expect(ledger.undetermined).toBeGreaterThan(broadcasts);
  });

  it('do not hide that everybody else lost the target', async (test) => {
    const server = await startFake(test);
    const observer = new RecordingObserver((phase) => {
      if (phase === 'measure') setTimeout(() => void server.stop(), 500);
    });
    const result = await runTier(server.target, { slowReaders: 5, measureMs: 30_000 }, { observer });
    expect(result.state).toBe('lost-target');
    expect(result.ledger.lost).toBe(0);
  });
});

describe.concurrent('members that leave early', () => {
  it.for(['lean', 'ws'] as const)('stay connected, and are owed nothing more (%s)', async (client, test) => {
    const server = await startFake(test, { dropEvery: 100 });
    const seen: { readonly connections: number; readonly members: number }[] = [];
    const observer = new RecordingObserver((phase) => {
      if (phase === 'hold' || phase === 'part-left') {
        seen.push({ connections: server.connections, members: server.members });
      }
    });
    const result = await runTier(server.target, { client, leaveEarly: 12 }, { workers: 2, observer });
    expect(observer.phases).toEqual(LOAD_PHASES);
    expect(seen).toEqual([
      { connections: 20, members: 20 },
      { connections: 20, members: 8 },
    ]);
    expect(result.leftEarly).toEqual({ asked: 12, acknowledged: 12 });
    expect(result.ledger).toMatchObject({ expected: 1_200, lost: server.counts.dropped, undetermined: 0 });
  });

  it('may be all of them', async (test) => {
    const server = await startFake(test);
    const result = await runTier(server.target, { leaveEarly: 20, measureMs: 300 });
    expect(result.leftEarly).toEqual({ asked: 20, acknowledged: 20 });
    expect(result.ledger).toMatchObject({ expected: 25 * 20, lost: 0, undetermined: 0 });
  });

  it('are counted when the server does not let them', async (test) => {
    const server = await startFake(test, { isDeafToLeaving: true });
    const result = await runTier(server.target, { leaveEarly: 12, measureMs: 300, drainTimeoutMs: 300 });
    expect(result.leftEarly).toEqual({ asked: 12, acknowledged: 0 });
    expect(result.disconnects).toEqual([{ reason: 'unsubscribe_timeout', count: 20 }]);
    expect(result.ledger).toMatchObject({ expected: 25 * 20, lost: 0 });
  });
});

describe.concurrent('members that may not leave', () => {
  it('are counted by reason, and owed what they saw', async (test) => {
    const server = await startFake(test, { refusesLeaving: true });
    const { disconnects, ledger } = await runTier(server.target, { measureMs: 300 });
    expect(disconnects).toEqual([{ reason: 'unsubscribe_error_not_now', count: 20 }]);
    expect(ledger).toMatchObject({ expected: 25 * 20, lost: 0, undetermined: 0 });
  });
});

describe.concurrent('pings', () => {
  it.for(['lean', 'ws'] as const)('are answered before the load begins (%s)', async (client, test) => {
    const server = await startFake(test);
    const pinged: number[] = [];
    const observer = new RecordingObserver((phase) => {
      if (phase === 'warm-up') pinged.push(server.counts.pings);
    });
    const result = await runTier(
      server.target,
      { client, pingsPerClient: 3, measureMs: 300 },
      { workers: 2, observer },
    );
    expect(pinged).toEqual([60]);
    expect(server.counts.pings).toBe(60);
    expect(result.subscribe.failures).toEqual([]);
    expect(result.ledger).toMatchObject({ expected: 25 * 20, received: 25 * 20, lost: 0, corrupt: 0 });
  });

  it('that get no answer are failures, and hold nothing up', async (test) => {
    const server = await startFake(test, { isDeafToPings: true });
    const result = await runTier(server.target, { pingsPerClient: 3, measureMs: 300, connectTimeoutMs: 300 });
    expect(result.subscribe).toMatchObject({
      acknowledged: 20,
      failures: [{ reason: 'pong_timeout', count: 20 }],
    });
    expect(result.ledger).toMatchObject({ expected: 25 * 20, lost: 0 });
  });
});

describe('a plan of special clients that cannot be carried out', () => {
  it.each([
    [{ slowReaders: 20 }, 'fewer slow readers'],
    [{ slowReaders: 5, leaveEarly: 16 }, 'no more than 20'],
    [{ closedPublishers: 0 }, 'closed publisher'],
    [{ pingsPerClient: -1 }, 'pingsPerClient'],
    [{ leaveEarly: 1.5 }, 'leaveEarly'],
  ])('is refused: %j', async (changes, named) => {
    const target = { wsUrl: 'ws://127.0.0.1:1/ws', httpUrl: 'http://127.0.0.1:1' };
    await expect(runTier(target, changes)).rejects.toMatchObject({
      code: 'TL_PLAN_INVALID',
      message: expect.stringContaining(named),
    });
  });
});

/** Publishing by autocannon: the ledger is exact though nobody kept a list of what was sent. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { decodeHistogram } from '../../dist/load-tests/generator/latency/latency-histogram.js';
import { TEST_TLS } from '../../server/testing/test-tls.ts';
import type { FakeFaults } from '../testing/fake-matches/fake-match-faults.ts';
import { FakeMatchServer } from '../testing/fake-matches/fake-match-server.ts';
import { RecordingObserver } from '../testing/load-plans.ts';
import { startRealServer } from '../testing/real-server.ts';
import { runTier } from '../testing/run-tier.ts';

const PUBLISHERS = 4;
const CLOSED = { closedPublishers: PUBLISHERS, warmUpMs: 200, measureMs: 1_000 };

const open: { stop(): Promise<void> }[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const each of open.splice(0).reverse()) await each.stop();
});

async function startFake(faults: FakeFaults): Promise<FakeMatchServer> {
  const server = await FakeMatchServer.start(faults);
  open.push(server);
  return server;
}

describe('against the real server', () => {
  it.each(['lean', 'ws'] as const)('%s clients lose exactly what it dropped', async (client) => {
    const server = await startRealServer({ TOUCHLINE_FAULTS: 'drop-deliveries=1%' });
    open.push(server);
    const result = await runTier(server.target, { ...CLOSED, client }, { workers: 2 });
    const broadcasts = await server.count('touchline_broadcasts_total');
    const dropped = await server.count('touchline_deliveries_dropped_total{reason="fault"}');
    expect(broadcasts).toBeGreaterThan(100);
    expect(result).toMatchObject({
      state: 'completed',
      broadcastsPerSecond: 0,
      closedPublishers: PUBLISHERS,
    });
    expect(result.ledger).toMatchObject({
      expected: broadcasts * 20,
      lost: dropped,
      received: await server.count('touchline_deliveries_total'),
      duplicated: 0,
      outOfOrder: 0,
      foreign: 0,
      undetermined: 0,
    });
    expect(dropped).toBe(Math.floor((broadcasts * 20) / 100));
  });

  it('counts what was sent, answered and measured', async () => {
    const server = await startRealServer();
    open.push(server);
    const { publish, latency, seconds, ledger, fanOut } = await runTier(server.target, {
      ...CLOSED,
      fanOutShape: true,
    });
    const broadcasts = await server.count('touchline_broadcasts_total');
    expect(ledger).toMatchObject({ expected: broadcasts * 20, lost: 0 });
    expect(publish.failures).toEqual([]);
    // What was under way at the end may have been broadcast without an answer.
    expect(publish.sent - publish.accepted).toBeLessThanOrEqual(PUBLISHERS);
    expect(broadcasts).toBeGreaterThanOrEqual(publish.accepted);
    expect(broadcasts).toBeLessThanOrEqual(publish.sent);
    const answered = decodeHistogram(publish.latency);
    expect(answered.count).toBe(publish.achievedPerSecond);
    expect(answered.count).toBeLessThan(publish.accepted);
    expect(decodeHistogram(publish.scheduleLag).count).toBe(0);
    expect(decodeHistogram(latency.response).count).toBe(0);
    expect(seconds).toHaveLength(1);
    expect(seconds[0]).toMatchObject({ p50Ms: null, p99Ms: null, maxMs: null });
    // By the time of receipt: give or take what is on its way at either edge.
    expect(Math.abs((seconds[0]?.deliveries ?? 0) - answered.count * 20)).toBeLessThan(answered.count * 2);
    expect(fanOut).toBeUndefined();
  });
});

describe('against a server with a known fault, the result names exactly that', () => {
  it('a drop', async () => {
    const server = await startFake({ dropEvery: 100 });
    const { ledger } = await runTier(server.target, CLOSED);
    expect(ledger).toMatchObject({ lost: server.counts.dropped, received: server.counts.deliveries });
    expect(ledger.lost).toBeGreaterThan(10);
  });

  it('duplicates', async () => {
    const server = await startFake({ duplicateEvery: 200 });
    const { ledger } = await runTier(server.target, CLOSED);
    expect(ledger).toMatchObject({ lost: 0, duplicated: server.counts.duplicated, outOfOrder: 0 });
    expect(ledger.duplicated).toBeGreaterThan(5);
  });

  it('neighbours swapped', async () => {
    const server = await startFake({ swapEvery: 10 });
    const { ledger } = await runTier(server.target, CLOSED);
    expect(ledger).toMatchObject({ lost: 0, duplicated: 0 });
    // The last one that was held back went out in order.
    expect(server.counts.swapped - ledger.outOfOrder).toBeOneOf([0, 20]);
    expect(ledger.outOfOrder).toBeGreaterThan(100);
  });

  it('messages of someone else, which take offsets of the room too', async () => {
    const server = await startFake({ foreignEvery: 20 });
    const { ledger } = await runTier(server.target, CLOSED);
    expect(ledger).toMatchObject({ lost: 0, foreign: server.counts.foreign });
    expect(ledger.expected).toBe((server.counts.broadcasts - server.counts.foreign / 20) * 20);
    expect(ledger.foreign).toBeGreaterThan(100);
  });

  it('messages that nobody got', async () => {
    const server = await startFake({ swallowEvery: 10 });
    const { ledger } = await runTier(server.target, CLOSED);
    expect(ledger.lost).toBe(Math.floor(server.counts.broadcasts / 10) * 20);
  });

  it('requests that failed', async () => {
    const server = await startFake({ failPostEvery: 10 });
    const { ledger, publish } = await runTier(server.target, CLOSED);
    expect(ledger).toMatchObject({ lost: 0, expected: server.counts.broadcasts * 20 });
    expect(publish.failures.map(({ reason }) => reason)).toEqual(['http_503']);
    const failed = publish.failures[0]?.count ?? 0;
    expect(server.counts.failedPosts - failed).toBeOneOf([0, 1]);
  });

  it('answers that got lost, though their messages went out', async () => {
    const server = await startFake({ cutAnswerEvery: 10 });
    const { ledger, publish } = await runTier(server.target, CLOSED);
    expect(ledger).toMatchObject({ lost: 0, expected: server.counts.broadcasts * 20 });
    const failed = publish.failures.reduce((sum, { count }) => sum + count, 0);
    expect(server.counts.cutAnswers - failed).toBeGreaterThanOrEqual(0);
    expect(server.counts.cutAnswers - failed).toBeLessThanOrEqual(PUBLISHERS);
    expect(failed).toBeGreaterThan(5);
  });

  it('nothing, where the server ends a connection now and then', async () => {
    const server = await startFake({ lastAnswerEvery: 10 });
    const { ledger, publish } = await runTier(server.target, CLOSED);
    expect(ledger).toMatchObject({ lost: 0, expected: server.counts.broadcasts * 20 });
    expect(publish.failures).toEqual([]);
    expect(publish.accepted).toBeGreaterThan(100);
    expect(publish.sent - publish.accepted).toBeLessThanOrEqual(PUBLISHERS);
  });

  it('publishers that nobody answers', async () => {
    const server = await startFake({ muteAnswerEvery: 1 });
    const { ledger, publish } = await runTier(server.target, CLOSED);
    expect(publish).toMatchObject({ sent: PUBLISHERS, accepted: 0 });
    expect(publish.failures).toEqual([{ reason: 'no_answer', count: PUBLISHERS }]);
    expect(ledger).toMatchObject({ lost: 0, expected: PUBLISHERS * 20 });
  });

  it('connections cut in the middle', async () => {
    const server = await startFake({ cut: { atBroadcast: 31, sockets: 5 } });
    const { ledger, disconnects } = await runTier(server.target, CLOSED);
    expect(disconnects).toEqual([{ reason: 'close_1006', count: 5 }]);
    expect(ledger).toMatchObject({ lost: 0, expected: 15 * server.counts.broadcasts + 5 * 30 });
  });
});

describe('a target that asks who publishes', () => {
  it('is shown the token', async () => {
    const server = await startFake({ apiToken: 'publisher-token' });
    const target = { ...server.target, apiToken: 'publisher-token' };
    const { publish, ledger } = await runTier(target, CLOSED);
    expect(publish.failures).toEqual([]);
    expect(ledger.unique).toBeGreaterThan(1_000);
  });

  it('refuses whoever has none', async () => {
    const server = await startFake({ apiToken: 'publisher-token' });
    const { publish, ledger } = await runTier(server.target, CLOSED);
    expect(publish.accepted).toBe(0);
    expect(publish.failures.map(({ reason }) => reason)).toEqual(['http_401']);
    expect(ledger).toMatchObject({ expected: 0, lost: 0 });
  });
});

describe('an https target', () => {
  async function startTls(): Promise<FakeMatchServer> {
    const server = await FakeMatchServer.start({}, TEST_TLS);
    open.push(server);
    return server;
  }

  it('whose certificate is trusted is published to', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'touchline-'));
    open.push({ stop: async () => await rm(folder, { recursive: true }) });
    await writeFile(join(folder, 'ca.pem'), TEST_TLS.cert);
    vi.stubEnv('NODE_EXTRA_CA_CERTS', join(folder, 'ca.pem'));
    const server = await startTls();
    const { ledger, publish } = await runTier(server.target, { ...CLOSED, client: 'ws' }, { isFresh: true });
    expect(publish.failures).toEqual([]);
    expect(ledger).toMatchObject({ expected: server.counts.broadcasts * 20, lost: 0 });
    expect(ledger.unique).toBeGreaterThan(1_000);
  });

  it('whose certificate nobody vouches for is sent nothing', async () => {
    const server = await startTls();
    const readers = await startFake({});
    const target = {
      wsUrl: readers.target.wsUrl,
      httpUrl: server.target.httpUrl,
      apiToken: 'publisher-token',
    };
    const { publish } = await runTier(target, CLOSED);
    expect(publish).toMatchObject({
      accepted: 0,
      failures: [{ reason: 'DEPTH_ZERO_SELF_SIGNED_CERT', count: 1 }],
    });
    expect(server.counts.broadcasts).toBe(0);
  });
});

it('is interrupted within two seconds while an https target says nothing', async () => {
  const readers = await startFake({});
  const mute = createServer(() => undefined);
  open.push({ stop: async () => void mute.close() });
  await new Promise<void>((resolve) => {
    mute.listen(0, '127.0.0.1', resolve);
  });
  const { port } = mute.address() as AddressInfo;
  const interruption = new AbortController();
  let abortedMs = 0;
  const observer = new RecordingObserver((phase) => {
    if (phase !== 'measure') return;
    abortedMs = performance.now();
    interruption.abort();
  });
  const target = { wsUrl: readers.target.wsUrl, httpUrl: `https://127.0.0.1:${port}` };
  const { state, publish } = await runTier(target, CLOSED, { observer, signal: interruption.signal });
  expect(performance.now() - abortedMs).toBeLessThan(2_000);
  expect(state).toBe('interrupted');
  expect(publish).toMatchObject({ sent: 0, failures: [] });
});

it('is interrupted within two seconds, with what was measured', async () => {
  const server = await startFake({});
  const interruption = new AbortController();
  let abortedMs = 0;
  const observer = new RecordingObserver((phase) => {
    if (phase !== 'measure') return;
    setTimeout(() => {
      abortedMs = performance.now();
      interruption.abort();
    }, 500);
  });
  const result = await runTier(
    server.target,
    { ...CLOSED, measureMs: 60_000 },
    { observer, signal: interruption.signal },
  );
  expect(performance.now() - abortedMs).toBeLessThan(2_500);
  expect(result.state).toBe('interrupted');
  expect(result.seconds).toHaveLength(1);
  expect(result.ledger).toMatchObject({ lost: 0, undetermined: 0 });
  expect(result.ledger.unique).toBeGreaterThan(1_000);
});

import { existsSync } from 'node:fs';
import { describe, expect, it, type TestContext, vi } from 'vitest';
import { LoadCoordinator } from '../../../dist/load-tests/generator/coordinator.js';
import { decodeHistogram } from '../../../dist/load-tests/generator/latency/latency-histogram.js';
import { accountedFor, churnPlan, RecordingChurnObserver, totalOf } from '../../testing/churn-plans.ts';
import { CoordinatorPool } from '../../testing/coordinator-pool.ts';
import { RecordingObserver, testPlan } from '../../testing/load-plans.ts';
import { type RealServer, startRealServer } from '../../testing/real-server.ts';
import { CHURN_PHASES, type ChurnPlan } from './churn-plan.ts';
import type { ChurnResult, StormResult } from './churn-result.ts';

/** Silent clients are found within two of these. */
const HEARTBEAT_SECS = '1';
/** Where nobody falls silent: a machine that holds a pong back for seconds ends no client. */
const SLOW_HEARTBEAT_SECS = '30';
/** The wheel's tick, and what a busy machine adds to the two heartbeats that a detection may take. */
const DETECTION_MARGIN_MS = 500;

const pool = new CoordinatorPool();

/** What one test starts; it ends with the test, the last first. */
class Rig {
  readonly #test: TestContext;

  constructor(test: TestContext) {
    this.#test = test;
  }

  async startServer(faults = '', heartbeatSecs = HEARTBEAT_SECS): Promise<RealServer> {
    const server = await startRealServer({ HEARTBEAT_SECS: heartbeatSecs, TOUCHLINE_FAULTS: faults });
    this.#test.onTestFinished(() => server.stop());
    return server;
  }

  async startCoordinator(signal?: AbortSignal): Promise<LoadCoordinator> {
    const coordinator = await LoadCoordinator.start({
      workers: 2,
      ...(signal === undefined ? {} : { signal }),
    });
    this.#test.onTestFinished(() => coordinator.stop());
    return coordinator;
  }

  async churn(
    server: RealServer,
    changes: Partial<ChurnPlan>,
    observer = new RecordingChurnObserver(),
  ): Promise<ChurnResult> {
    const plan = churnPlan(server.target, changes);
    const result = await pool.use(2, (coordinator) => coordinator.churn(plan, observer));
    expectConserved(result);
    return result;
  }
}

/** Connections end soon after their clients; `expect.poll` does not know its test among several at a time. */
async function expectEmpty(server: RealServer): Promise<void> {
  await vi.waitFor(async () => expect(await server.count('touchline_connections')).toBe(0), {
    timeout: 2_000,
  });
}

/** Whatever happens: each client is counted once, and the books balance. */
function expectConserved(result: ChurnResult): void {
  expect(accountedFor(result)).toBe(result.connect.attempted);
  for (const ledger of [result.ledger, ...(result.storm === null ? [] : [result.storm.ledger])]) {
    expect(ledger.unique + ledger.lost).toBe(ledger.expected);
    expect(ledger.unique + ledger.duplicated + ledger.foreign).toBe(ledger.received);
  }
}

const NO_FAULT = { lost: 0, duplicated: 0, outOfOrder: 0, wrongRoom: 0, foreign: 0, corrupt: 0 };

function stormOf(result: ChurnResult): StormResult {
  if (result.storm === null) throw new Error('expected a storm');
  return result.storm;
}

/** Connects until the sum over the seconds, and how many are open after the last. */
function sumSeconds({ seconds }: ChurnResult) {
  const sum = { attempted: 0, accepted: 0, failed: 0, open: seconds.at(-1)?.open };
  for (const second of seconds) {
    sum.attempted += second.attempted;
    sum.accepted += second.accepted;
    sum.failed += second.failed;
  }
  return sum;
}

describe('clients that come and go', () => {
  it.for(['lean', 'ws'] as const)(
    'as %s clients end as planned, and the silent ones are found',
    async (client, test) => {
      const rig = new Rig(test);
      const server = await rig.startServer();
      const observer = new RecordingChurnObserver();
      const result = await rig.churn(server, { client }, observer);
      expect(observer.phases).toEqual(['churn', 'silence', 'settled']);
      expect(result).toMatchObject({ state: 'completed', failures: [], achievedMs: 2_000, storm: null });
      expect(result.connect).toMatchObject({ attempted: 200, connected: 200, failures: [] });
      expect(result.ends).toEqual({ clean: 150, reset: 25, halfOpen: 25, unasked: [] });
      expect(result.halfOpen).toMatchObject({
        silent: 25,
        detected: 25,
        reasons: [{ reason: 'close_4004', count: 25 }],
      });
      const detection = decodeHistogram(result.halfOpen.detection);
      expect(detection.count).toBe(25);
      expect(detection.maxMs).toBeLessThan(2_000 + DETECTION_MARGIN_MS);
      expect(detection.quantileMs(0)).toBeGreaterThan(900);
      expect(result.publish).toMatchObject({ intended: 40, accepted: 40, failures: [] });
      expect(result.ledger).toMatchObject(NO_FAULT);
      // Each of 200 clients stays 0.1 to 0.8 s of 20 messages a second.
      expect(result.ledger.unique).toBeGreaterThan(800);
      expect(sumSeconds(result)).toEqual({ attempted: 200, accepted: 200, failed: 0, open: 0 });
      expect(decodeHistogram(result.scheduleLag).count).toBe(200);
      expect(decodeHistogram(result.connect.latency).count).toBe(200);
      expect(result.workers.map(({ role, connections }) => [role, connections])).toEqual([
        ['subscribers', 100],
        ['subscribers', 100],
        ['publisher', 0],
      ]);
      await expectEmpty(server);
    },
  );

  it('are counted as refused when they are, by reason', async (test) => {
    const rig = new Rig(test);
    const server = await rig.startServer('refuse-connections=10');
    const result = await rig.churn(server, { churnMs: 1_000, abruptRatio: 0 });
    expect(result.connect).toMatchObject({ attempted: 100, connected: 90 });
    expect(result.connect.failures).toEqual([{ reason: 'http_503', count: 10 }]);
    expect(result.ends.clean).toBe(90);
    expect(sumSeconds(result)).toEqual({ attempted: 100, accepted: 90, failed: 10, open: 0 });
  });

  it('lose exactly what the server says it dropped', async (test) => {
    const rig = new Rig(test);
    const server = await rig.startServer('drop-deliveries=5');
    const result = await rig.churn(server, { abruptRatio: 0, stormClients: 0 });
    expect(result.ends.clean).toBe(200);
    expect(result.ledger.lost).toBeGreaterThan(20);
    expect(result.ledger.lost).toBe(await server.count('touchline_deliveries_dropped_total{reason="fault"}'));
  });

  it('are given up when they fall silent and nobody notices in time', async (test) => {
    const rig = new Rig(test);
    const server = await rig.startServer();
    const result = await rig.churn(server, { churnMs: 500, abruptRatio: 1, silentTimeoutMs: 300 });
    expect(result.ends).toMatchObject({ clean: 0, reset: 25, halfOpen: 25 });
    expect(result.halfOpen).toMatchObject({ silent: 25, detected: 0, reasons: [] });
  });
});

describe('a storm', () => {
  /** Few come and go before it. */
  const brief = { connectsPerSecond: 10, churnMs: 500, abruptRatio: 0, stormClients: 200 } as const;

  it.for(['lean', 'ws'] as const)('of %s clients is given back all that it missed', async (client, test) => {
    const rig = new Rig(test);
    const server = await rig.startServer('', SLOW_HEARTBEAT_SECS);
    const observer = new RecordingChurnObserver();
    const result = await rig.churn(server, { ...brief, client }, observer);
    expect(observer.phases).toEqual(CHURN_PHASES);
    expect(result.state).toBe('completed');
    const storm = stormOf(result);
    expect(storm).toMatchObject({ clients: 200, recovered: 200, gatherFailures: [], failures: [] });
    expect(storm.results).toEqual([{ reason: 'recovered', count: 200 }]);
    expect(storm.disconnects).toEqual([]);
    // 20 messages a second through the second away.
    expect(storm.missed).toBeGreaterThanOrEqual(200 * 19);
    expect(storm.givenBack).toBe(storm.missed);
    expect(storm.givenBack).toBe(await server.count('touchline_resumed_messages_total'));
    expect(await server.count('touchline_resumes_total{result="recovered"}')).toBe(200);
    expect(storm.ledger).toMatchObject({ ...NO_FAULT, undetermined: 0 });
    expect(storm.ledger.expected).toBe(200 * storm.publish.accepted);
    expect(storm.awayMs).toBeGreaterThanOrEqual(1_000);
    expect(storm.awayMs).toBeLessThan(1_500);
    expect(decodeHistogram(storm.handshake).count).toBe(200);
    const resume = decodeHistogram(storm.resume);
    expect(resume.count).toBe(200);
    expect(storm.recoveryMs).toBeGreaterThan(0);
    expect(storm.recoveryMs * 1.001).toBeGreaterThanOrEqual(resume.maxMs ?? Number.NaN);
    expect(storm.openingMs).toBeLessThan(storm.recoveryMs);
    await expectEmpty(server);
  });

  it('that stays away longer than the history reaches has lost what it missed', async (test) => {
    const rig = new Rig(test);
    const server = await rig.startServer('', SLOW_HEARTBEAT_SECS);
    const result = await rig.churn(server, { ...brief, broadcastsPerSecond: 100, stormAwayMs: 1_500 });
    const storm = stormOf(result);
    expect(storm.results).toEqual([{ reason: 'gap_too_old', count: 200 }]);
    expect(storm).toMatchObject({ recovered: 200, givenBack: 0 });
    expect(storm.missed).toBeGreaterThan(200 * 100);
    expect(storm.ledger).toMatchObject({ lost: storm.missed, duplicated: 0, undetermined: 0 });
  });

  it('is refused in part: who does not come back is counted, and owed nothing more', async (test) => {
    const rig = new Rig(test);
    const server = await rig.startServer('refuse-connections=10', SLOW_HEARTBEAT_SECS);
    const result = await rig.churn(server, { ...brief, connectsPerSecond: 100, churnMs: 1_000 });
    const storm = stormOf(result);
    expect(storm.gatherFailures).toEqual([{ reason: 'http_503', count: 20 }]);
    expect(storm.clients).toBe(180);
    expect(storm.failures).toEqual([{ reason: 'http_503', count: 18 }]);
    expect(storm.recovered).toBe(162);
    expect(storm.givenBack).toBe(storm.missed);
    expect(storm.ledger).toMatchObject(NO_FAULT);
  });

  it('gets back what was dropped just before it, and has lost what was dropped otherwise', async (test) => {
    const rig = new Rig(test);
    const server = await rig.startServer('drop-deliveries=3.7', SLOW_HEARTBEAT_SECS);
    const result = await rig.churn(server, { ...brief, connectsPerSecond: 1 });
    const dropped = await server.count('touchline_deliveries_dropped_total{reason="fault"}');
    const { ledger, missed, givenBack } = stormOf(result);
    expect(givenBack).toBe(missed);
    expect(ledger.lost).toBeGreaterThan(dropped / 2);
    // At least the 3.7 % of the last broadcast before the cut came back.
    expect(ledger.lost).toBeLessThanOrEqual(dropped - 7);
  });
});

describe('a churn that ends before its time', () => {
  it.for([
    ['churn', 700],
    ['silence', 100],
    ['gather', 0],
    ['storm', 400],
    ['drain', 0],
  ] as const)('is interrupted within two seconds, in %s', async ([phase, afterMs], test) => {
    const rig = new Rig(test);
    const server = await rig.startServer();
    const interruption = new AbortController();
    const coordinator = await rig.startCoordinator(interruption.signal);
    let abortedMs = 0;
    const observer = new RecordingChurnObserver((entered) => {
      if (entered !== phase) return;
      setTimeout(() => {
        abortedMs = performance.now();
        interruption.abort();
      }, afterMs);
    });
    const changes = { abruptRatio: 0.5, churnMs: 1_000, stormClients: 50, stormAwayMs: 30_000 };
    const hasStorm = phase === 'drain';
    const plan = churnPlan(server.target, hasStorm ? { ...changes, stormAwayMs: 200 } : changes);
    const result = await coordinator.churn(plan, observer);
    expect(performance.now() - abortedMs).toBeLessThan(2_000);
    expect(result.state).toBe('interrupted');
    expectConserved(result);
    expect(result.storm === null).toBe(!hasStorm);
    expect(result.ledger).toMatchObject(NO_FAULT);
    if (phase === 'churn') {
      expect(result.achievedMs).toBeGreaterThan(650);
      expect(result.achievedMs).toBeLessThan(999);
      expect(Math.abs(result.connect.attempted - result.achievedMs / 10)).toBeLessThan(15);
    } else {
      expect(result).toMatchObject({ achievedMs: 1_000, connect: { attempted: 100 } });
    }
    await expectEmpty(server);
  });

  it('is interrupted before it began', async (test) => {
    const rig = new Rig(test);
    const server = await rig.startServer();
    const coordinator = await rig.startCoordinator(AbortSignal.abort());
    const result = await coordinator.churn(churnPlan(server.target), new RecordingChurnObserver());
    expect(result).toMatchObject({
      state: 'interrupted',
      startedAt: 0,
      achievedMs: 0,
      connect: { attempted: 0 },
    });
  });

  it('has lost its target when the server dies among the clients', async (test) => {
    const rig = new Rig(test);
    const server = await startRealServer({ HEARTBEAT_SECS });
    const observer = new RecordingChurnObserver((phase) => {
      if (phase === 'churn') setTimeout(() => void server.stop(), 600);
    });
    const result = await rig.churn(server, { churnMs: 60_000 }, observer);
    expect(result.state).toBe('lost-target');
    expect(result.achievedMs).toBeLessThan(4_000);
    expect(totalOf(result.ends.unasked)).toBeGreaterThan(10);
    expect(result.connect.failures[0]?.reason).toBe('ECONNREFUSED');
  });

  it('has lost its target when the server is gone as the storm comes back', async (test) => {
    const rig = new Rig(test);
    const server = await startRealServer({ HEARTBEAT_SECS });
    const observer = new RecordingChurnObserver((phase) => {
      if (phase === 'storm') setTimeout(() => void server.stop(), 300);
    });
    const result = await rig.churn(server, { churnMs: 500, abruptRatio: 0, stormClients: 50 }, observer);
    expect(result.state).toBe('lost-target');
    expect(stormOf(result)).toMatchObject({
      clients: 50,
      recovered: 0,
      failures: [{ reason: 'ECONNREFUSED', count: 50 }],
      missed: 0,
      recoveryMs: 0,
    });
  });

  it.for(['storm', 'drain'] as const)(
    'has lost its target when the server dies under those that came back, in %s',
    async (phase, test) => {
      const rig = new Rig(test);
      const server = await startRealServer({ HEARTBEAT_SECS });
      const dieWhenAllAreBack = async () => {
        // They hear on for a second; each question is a round trip.
        while ((await server.count('touchline_resumes_total{result="recovered"}')) < 50);
        setTimeout(() => void server.stop(), 100);
      };
      const observer = new RecordingChurnObserver(async (entered) => {
        if (entered !== phase) return;
        if (phase === 'drain') await server.stop();
        else void dieWhenAllAreBack();
      });
      const changes = { churnMs: 500, abruptRatio: 0, stormClients: 50, stormAwayMs: 100 };
      const result = await rig.churn(server, changes, observer);
      expect(result.state).toBe('lost-target');
      const { recovered, disconnects, ledger } = stormOf(result);
      expect(recovered).toBe(50);
      expect(totalOf(disconnects)).toBe(50);
      expect(ledger.lost).toBe(0);
    },
  );

  it('has lost its target when nobody listens at all', async (test) => {
    const rig = new Rig(test);
    const coordinator = await rig.startCoordinator();
    const target = { wsUrl: 'ws://127.0.0.1:1/ws', httpUrl: 'http://127.0.0.1:1' };
    const result = await coordinator.churn(
      churnPlan(target, { churnMs: 60_000 }),
      new RecordingChurnObserver(),
    );
    expect(result).toMatchObject({ state: 'lost-target', connect: { connected: 0 }, acceptedPerSecond: 0 });
    expectConserved(result);
  });

  it('fails when a worker is killed, and leaves none behind', async (test) => {
    const rig = new Rig(test);
    const server = await rig.startServer();
    const coordinator = await rig.startCoordinator();
    const brief = churnPlan(server.target, { churnMs: 300, abruptRatio: 0 });
    const probe = await coordinator.churn(brief, new RecordingChurnObserver());
    const pids = probe.workers.map(({ pid }) => pid);
    const observer = new RecordingChurnObserver((phase) => {
      if (phase === 'churn') process.kill(pids[1] ?? 0, 'SIGKILL');
    });
    const run = coordinator.churn(churnPlan(server.target, { churnMs: 30_000 }), observer);
    await expect(run).rejects.toMatchObject({ code: 'TL_WORKER_FAILED' });
    await coordinator.stop();
    expect(pids.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
  });

  it('fails when its observer does, wherever that is', async (test) => {
    const rig = new Rig(test);
    const server = await rig.startServer();
    const coordinator = await rig.startCoordinator();
    for (const phase of ['churn', 'settled', 'storm'] as const) {
      const observer = new RecordingChurnObserver((entered) => {
        if (entered === phase) throw new Error(`failed in ${phase}`);
      });
      const changes = { churnMs: 300, abruptRatio: 0, stormClients: 10, stormAwayMs: 100 };
      const run = coordinator.churn(churnPlan(server.target, changes), observer);
      await expect(run).rejects.toThrow(`failed in ${phase}`);
    }
  });
});

describe('a coordinator', () => {
  it('runs churns and tiers in turn on the same workers', async (test) => {
    const rig = new Rig(test);
    const server = await rig.startServer();
    const coordinator = await rig.startCoordinator();
    const churns = churnPlan(server.target, { churnMs: 300, abruptRatio: 0 });
    const tier = testPlan(server.target, { measureMs: 300 });
    for (let turn = 0; turn < 2; turn += 1) {
      const churned = await coordinator.churn(churns, new RecordingChurnObserver());
      expect(churned.ends.clean).toBe(30);
      const result = await coordinator.run(tier, new RecordingObserver());
      expect(result.ledger).toMatchObject({ expected: 25 * 20, unique: 25 * 20, foreign: 0 });
    }
  });
});

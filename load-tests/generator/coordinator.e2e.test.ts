import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, type TestContext, vi } from 'vitest';
import { LoadCoordinator } from '../../dist/load-tests/generator/coordinator.js';
import type { FakeFaults } from '../testing/fake-matches/fake-match-faults.ts';
import { FakeMatchServer } from '../testing/fake-matches/fake-match-server.ts';
import { RecordingObserver, testPlan } from '../testing/load-plans.ts';
import type { CoordinatorOptions } from './coordinator.ts';
import type { LoadResult } from './load-result.ts';

/** They end with their test, the last first. */
async function startServer(
  test: TestContext,
  faults: FakeFaults = {},
  host?: '127.0.0.1' | '::1',
): Promise<FakeMatchServer> {
  const server = await FakeMatchServer.start(faults, undefined, host);
  test.onTestFinished(() => server.stop());
  return server;
}

async function startCoordinator(test: TestContext, options: CoordinatorOptions): Promise<LoadCoordinator> {
  const coordinator = await LoadCoordinator.start(options);
  test.onTestFinished(() => coordinator.stop());
  return coordinator;
}

/** Child processes of this one, by /proc. */
function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}

describe('a tier that ends before its time', () => {
  it('is lost-target soon after the server died, with the books balanced', async (test) => {
    const server = await FakeMatchServer.start();
    const coordinator = await startCoordinator(test, { workers: 2 });
    const observer = new RecordingObserver((phase) => {
      if (phase === 'measure') setTimeout(() => void server.stop(), 500);
    });
    const startedMs = performance.now();
    const result = await coordinator.run(testPlan(server.target, { measureMs: 30_000 }), observer);
    expect(performance.now() - startedMs).toBeLessThan(4_000);
    expect(result.state).toBe('lost-target');
    expect(result.disconnects.reduce((sum, { count }) => sum + count, 0)).toBe(20);
    expect(result.measureAchievedMs).toBeGreaterThan(300);
    expect(result.measureAchievedMs).toBeLessThan(2_500);
    expect(result.ledger.unique).toBeGreaterThan(20 * 20);
    expect(result.ledger.unique + result.ledger.lost).toBe(result.ledger.expected);
    expect(result.ledger.lost).toBe(0);
  });

  it('is lost-target when nobody listens at all', async (test) => {
    const coordinator = await startCoordinator(test, { workers: 1 });
    const target = { wsUrl: 'ws://127.0.0.1:1/ws', httpUrl: 'http://127.0.0.1:1' };
    const result = await coordinator.run(testPlan(target), new RecordingObserver());
    expect(result.state).toBe('lost-target');
    expect(result.connect.failures).toEqual([{ reason: 'ECONNREFUSED', count: 20 }]);
    expect(result.measureStartedAt).toBe(0);
  });

  it('tells while it runs what has come so far, and how its processes are', async (test) => {
    const server = await startServer(test);
    const coordinator = await startCoordinator(test, { workers: 2 });
    const observer = new RecordingObserver();
    const plan = testPlan(server.target, { measureMs: 2_000 });
    // What a worker said of the tier before must not stand in the next.
    for (const tier of [1, 2]) {
      observer.progressed.splice(0);
      const { ledger } = await coordinator.run({ ...plan, matchId: plan.matchId + tier }, observer);
      const received = observer.progressed.map((progress) => progress.received);
      expect(received).toEqual([...received].sort((one, other) => one - other));
      expect(received.at(-1)).toBeGreaterThan(0);
      expect(received.at(-1)).toBeLessThanOrEqual(ledger.received);
      const timed = observer.progressed.map(({ latency }) => latency.count);
      expect(Math.max(...timed)).toBeGreaterThan(0);
    }
    const last = observer.progressed.at(-1)?.workers ?? [];
    expect(last.map(({ worker, role }) => [worker, role])).toEqual([
      [0, 'subscribers'],
      [1, 'subscribers'],
      [2, 'publisher'],
    ]);
    for (const { cpuRatio, loopDelayP99Ms } of last) {
      expect(cpuRatio).toBeGreaterThanOrEqual(0);
      expect(cpuRatio).toBeLessThan(4);
      expect(loopDelayP99Ms).toBeGreaterThanOrEqual(0);
    }
  });

  it('is interrupted by the signal within two seconds, with what was measured', async (test) => {
    const server = await startServer(test);
    const interruption = new AbortController();
    const coordinator = await startCoordinator(test, { workers: 1, signal: interruption.signal });
    let abortedMs = 0;
    const observer = new RecordingObserver((phase) => {
      if (phase !== 'measure') return;
      setTimeout(() => {
        abortedMs = performance.now();
        interruption.abort();
      }, 1_200);
    });
    const result = await coordinator.run(testPlan(server.target, { measureMs: 60_000 }), observer);
    expect(performance.now() - abortedMs).toBeLessThan(2_000);
    expect(result.state).toBe('interrupted');
    expect(result.measureRequestedMs).toBe(60_000);
    expect(result.measureAchievedMs).toBeGreaterThan(1_000);
    expect(result.measureAchievedMs).toBeLessThan(1_600);
    expect(result.publish.achievedPerSecond).toBeGreaterThan(40);
    expect(result.seconds).toHaveLength(2);
    expect(result.ledger).toMatchObject({ lost: 0, undetermined: 0 });
    await vi.waitFor(() => expect(server.connections).toBe(0));
  });

  it('is interrupted while it leaves, too', async (test) => {
    const server = await startServer(test, { isDeafToLeaving: true });
    const interruption = new AbortController();
    const coordinator = await startCoordinator(test, { workers: 1, signal: interruption.signal });
    let abortedMs = 0;
    const observer = new RecordingObserver((phase) => {
      if (phase !== 'drain') return;
      setTimeout(() => {
        abortedMs = performance.now();
        interruption.abort();
      }, 200);
    });
    const plan = testPlan(server.target, { measureMs: 300, drainTimeoutMs: 30_000 });
    const result = await coordinator.run(plan, observer);
    expect(performance.now() - abortedMs).toBeLessThan(2_000);
    expect(result.state).toBe('interrupted');
    expect(result.ledger).toMatchObject({ expected: 25 * 20, lost: 0 });
  });

  it('is interrupted before it began', async (test) => {
    const server = await startServer(test);
    const coordinator = await startCoordinator(test, { workers: 1, signal: AbortSignal.abort() });
    const result = await coordinator.run(testPlan(server.target), new RecordingObserver());
    expect(result).toMatchObject({ state: 'interrupted', connect: { attempted: 0 }, measureAchievedMs: 0 });
  });

  it('is interrupted while it connects, too', async (test) => {
    const server = await startServer(test);
    const interruption = new AbortController();
    const coordinator = await startCoordinator(test, { workers: 1, signal: interruption.signal });
    const observer = new RecordingObserver((phase) => {
      if (phase === 'connect') interruption.abort();
    });
    const result = await coordinator.run(testPlan(server.target), observer);
    expect(result.state).toBe('interrupted');
    expect(result.connect.attempted).toBe(0);
  });
});

describe.concurrent('workers', () => {
  it('fail the run when one is killed, and none is left', async (test) => {
    const server = await startServer(test);
    const coordinator = await startCoordinator(test, { workers: 2 });
    const probe = await coordinator.run(testPlan(server.target, { measureMs: 200 }), new RecordingObserver());
    const pids = probe.workers.map(({ pid }) => pid);
    const observer = new RecordingObserver((phase) => {
      if (phase === 'measure') process.kill(pids[1] ?? 0, 'SIGKILL');
    });
    const run = coordinator.run(testPlan(server.target, { measureMs: 30_000 }), observer);
    await expect(run).rejects.toMatchObject({
      code: 'TL_WORKER_FAILED',
      message: expect.stringContaining('SIGKILL'),
    });
    await coordinator.stop();
    expect(pids.filter(isAlive)).toEqual([]);
    await expect(coordinator.run(testPlan(server.target), new RecordingObserver())).rejects.toMatchObject({
      code: 'TL_WORKER_FAILED',
    });
  });

  it('fail the run when one stops answering', async (test) => {
    const server = await startServer(test);
    const coordinator = await startCoordinator(test, { workers: 1, maxSilentSeconds: 2 });
    const probe = await coordinator.run(testPlan(server.target, { measureMs: 200 }), new RecordingObserver());
    const frozen = probe.workers[0]?.pid ?? 0;
    const observer = new RecordingObserver((phase) => {
      if (phase === 'measure') process.kill(frozen, 'SIGSTOP');
    });
    const run = coordinator.run(testPlan(server.target, { measureMs: 60_000 }), observer);
    await expect(run).rejects.toMatchObject({ code: 'TL_WORKER_FAILED' });
    await coordinator.stop();
    expect(isAlive(frozen)).toBe(false);
  });

  it('are gone after stop', async (test) => {
    const server = await startServer(test);
    const coordinator = await startCoordinator(test, { workers: 2 });
    const result = await coordinator.run(
      testPlan(server.target, { measureMs: 200 }),
      new RecordingObserver(),
    );
    await coordinator.stop();
    expect(result.workers.filter(({ pid }) => isAlive(pid))).toEqual([]);
  });
});

describe.concurrent('a parent that is killed', () => {
  it('takes its workers with it', async (test) => {
    const server = await startServer(test);
    const parent = fork(new URL('../testing/doomed-parent.mjs', import.meta.url), {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    parent.send(testPlan(server.target, { measureMs: 60_000 }));
    const [pids] = (await once(parent, 'message')) as [readonly number[]];
    expect(pids.filter(isAlive)).toHaveLength(3);
    parent.kill('SIGKILL');
    await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), { timeout: 5_000 });
  });
});

describe.concurrent('a machine that runs out', () => {
  it('of file descriptors: the connections it could not open are counted, the others measured', async (test) => {
    const server = await startServer(test);
    const script = fileURLToPath(new URL('../testing/limited-parent.mjs', import.meta.url));
    const parent = spawn('sh', ['-c', 'ulimit -n 100 && exec "$0" "$1"', process.execPath, script], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const exited = once(parent, 'exit');
    parent.send(testPlan(server.target, { connections: 150, measureMs: 500 }));
    const [result] = (await once(parent, 'message')) as [LoadResult];
    await exited;
    const { attempted, connected, failures } = result.connect;
    expect(attempted).toBe(150);
    expect(connected).toBeGreaterThan(50);
    expect(failures).toEqual([{ reason: 'EMFILE', count: 150 - connected }]);
    expect(result.ledger).toMatchObject({ expected: connected * 35, unique: connected * 35 });
    expect(result.workers[0]?.openFds).toBeGreaterThan(95);
    expect(result.workers[0]?.rssBytes).toBeGreaterThan(10e6);
  });
});

describe.concurrent('a target called localhost', () => {
  it.for([
    ['lean', '::1'],
    ['ws', '::1'],
    ['lean', '127.0.0.1'],
    ['ws', '127.0.0.1'],
  ] as const)('is found by %s clients at %s', async ([client, host], test) => {
    const server = await startServer(test, {}, host);
    const coordinator = await startCoordinator(test, { workers: 1 });
    const { port } = new URL(server.target.httpUrl);
    const target = { wsUrl: `ws://localhost:${port}/ws`, httpUrl: `http://localhost:${port}` };
    const result = await coordinator.run(
      testPlan(target, { client, measureMs: 300 }),
      new RecordingObserver(),
    );
    expect(result.connect).toMatchObject({ connected: 20, failures: [] });
    expect(result.publish).toMatchObject({ accepted: 25, failures: [] });
    expect(result.ledger).toMatchObject({ expected: 500, lost: 0 });
  });
});

describe.concurrent('a plan that cannot be carried out', () => {
  it.for([
    [{ runId: 'Not A Run' }, 'runId'],
    [{ target: { wsUrl: 'wss://127.0.0.1/ws', httpUrl: 'https://127.0.0.1' } }, 'lean'],
    [{ broadcastsPerSecond: 0 }, 'rate'],
    [{ connections: 0 }, 'clients'],
  ] as const)('is refused: %j', async ([changes, named], test) => {
    const coordinator = await startCoordinator(test, { workers: 1 });
    const target = { wsUrl: 'ws://127.0.0.1:1/ws', httpUrl: 'http://127.0.0.1:1' };
    await expect(coordinator.run(testPlan(target, changes), new RecordingObserver())).rejects.toMatchObject({
      code: 'TL_PLAN_INVALID',
      message: expect.stringContaining(named),
    });
  });

  it('includes no workers at all', async () => {
    await expect(LoadCoordinator.start({ workers: 0 })).rejects.toMatchObject({ code: 'TL_PLAN_INVALID' });
  });
});

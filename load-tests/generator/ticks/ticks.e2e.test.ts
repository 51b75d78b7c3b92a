import { existsSync } from 'node:fs';
import { describe, expect, it, type TestContext, vi } from 'vitest';
import { LoadCoordinator } from '../../../dist/load-tests/generator/coordinator.js';
import { decodeHistogram } from '../../../dist/load-tests/generator/latency/latency-histogram.js';
import { CoordinatorPool } from '../../testing/coordinator-pool.ts';
import type { FakeTickFaults } from '../../testing/fake-ticks/fake-tick-faults.ts';
import { type FakeTickOptions, FakeTickServer } from '../../testing/fake-ticks/fake-tick-server.ts';
import { RecordingTickObserver, tickPlan } from '../../testing/tick-plans.ts';
import type { TickPhase, TickPlan } from './tick-plan.ts';
import type { TickResult } from './tick-result.ts';

const pool = new CoordinatorPool();

/** What one test starts; it ends with the test, the last first. */
class Rig {
  readonly #test: TestContext;

  constructor(test: TestContext) {
    this.#test = test;
  }

  async startServer(faults: FakeTickFaults = {}, options: FakeTickOptions = {}): Promise<FakeTickServer> {
    const server = await FakeTickServer.start(faults, options);
    this.#test.onTestFinished(() => server.stop());
    return server;
  }

  async startCoordinator(workers = 2, signal?: AbortSignal): Promise<LoadCoordinator> {
    const coordinator = await LoadCoordinator.start({ workers, ...(signal === undefined ? {} : { signal }) });
    this.#test.onTestFinished(() => coordinator.stop());
    return coordinator;
  }

  async ticks(
    server: FakeTickServer,
    changes: Partial<TickPlan>,
    observer = new RecordingTickObserver(),
  ): Promise<TickResult> {
    const plan = tickPlan(server.target, changes);
    const result = await pool.use(2, (coordinator) => coordinator.ticks(plan, observer));
    expectConserved(result);
    return result;
  }
}

/** Whatever happens: the numbers of a feed are accounted for, each once. */
function expectConserved({ ledger }: TickResult): void {
  if (ledger.numbered === null || ledger.gaps === null || ledger.duplicated === null) return;
  expect(ledger.received - ledger.duplicated - ledger.corrupt + ledger.gaps).toBe(ledger.numbered);
}

/** Holds a phase until something has happened, however busy the machine is. */
function holding(phase: TickPhase, hasHappened: () => boolean): RecordingTickObserver {
  return new RecordingTickObserver(async (entered) => {
    if (entered === phase) await vi.waitFor(() => expect(hasHappened()).toBe(true), { timeout: 30_000 });
  });
}

const READERS = [
  ['lean', 'json'],
  ['lean', 'binary'],
  ['ws', 'json'],
  ['ws', 'binary'],
] as const;

describe.each(READERS)('a %s reader of a %s feed', (reader, format) => {
  it('reports exactly what the server did', async (test) => {
    const rig = new Rig(test);
    const server = await rig.startServer({
      dropEvery: 53,
      duplicateEvery: 47,
      swapEvery: 43,
      shareEvery: 41,
      corruptEvery: 37,
      foreignEvery: 31,
      conflate: { every: 211, ticks: 3 },
    });
    const { counts } = server;
    const isNumbered = format === 'json';
    const { ledger, measured, seconds, disconnects, connect, workers } = await rig.ticks(
      server,
      { reader, format },
      holding('hold', () => counts.dropped > 200),
    );
    expect(ledger).toMatchObject({
      received: counts.given,
      gaps: isNumbered ? counts.missing : null,
      duplicated: isNumbered ? counts.duplicated : null,
      outOfOrder: counts.swapped,
      sharedTimestamps: counts.shared + counts.duplicated,
      corrupt: counts.corrupt,
      skipped: counts.skipped,
      conflations: counts.conflations,
      foreignText: counts.foreign,
      undetermined: 0,
    });
    expect(connect).toMatchObject({ attempted: 4, connected: 4, failures: [] });
    expect(disconnects).toEqual([]);
    expect(seconds.map((second) => second.received)).toEqual([measured.received]);
    expect(measured.received).toBeLessThan(ledger.received);
    expect(measured.perSecond).toBe(measured.received);
    expect(workers.map(({ connections }) => connections)).toEqual([2, 2]);
  });

  it('sees loss at the last word on what was skipped, with numbers or without', async (test) => {
    const rig = new Rig(test);
    const server = await rig.startServer({ dropEvery: 11, conflate: { every: 101, ticks: 7 } });
    const { ledger } = await rig.ticks(
      server,
      { reader, format, measureMs: 300 },
      holding('hold', () => server.counts.short > 100),
    );
    expect(ledger.shortAtConflation).toBe(server.counts.short);
    expect(ledger.skipped).toBe(server.counts.skipped);
  });

  it('times ticks from their own time', async (test) => {
    const rig = new Rig(test);
    const server = await rig.startServer({ delayMs: 50 });
    const { latency, measured, seconds } = await rig.ticks(server, {
      reader,
      format,
      timeEvery: 1,
    });
    const all = decodeHistogram(latency.response);
    expect(latency).toMatchObject({ negative: 0, sampledEvery: 1, clockErrorUs: 1 });
    expect(all.count).toBe(measured.received);
    // Node rounds a timer down to a whole millisecond; the lean reader's clock is read before the tick is.
    expect(all.quantileMs(0)).toBeGreaterThan(49);
    expect(seconds[0]?.p50Ms).toBeGreaterThan(49);
    const halves = [latency.firstHalf, latency.secondHalf].map((half) => decodeHistogram(half).count);
    expect(halves.reduce((sum, count) => sum + count, 0)).toBe(all.count);
  });

  it('tells its server who it is, how it fares and what it got', async (test) => {
    const rig = new Rig(test);
    const server = await rig.startServer();
    const { words } = server;
    const { identified, stats, acknowledged, addresses } = words;
    const { ledger } = await rig.ticks(
      server,
      { reader, format, readers: 3, measureMs: 300 },
      holding('hold', () => stats.length >= 6 && words.acks > 15),
    );
    expect([...identified].sort()).toEqual(['test', 'test-2', 'test-3']);
    expect(new Set(stats.map((each) => each['clientId']))).toEqual(new Set(identified));
    for (const each of stats) {
      expect(Object.keys(each).sort()).toEqual(
        ['avgLatencyMs', 'clientId', 'messagesPerSec', 'p99LatencyMs', 'totalMessages', 'type'].sort(),
      );
    }
    expect(stats.at(-1)?.['totalMessages']).toBeGreaterThan(0);
    expect([...acknowledged.values()].reduce((sum, count) => sum + count, 0)).toBe(ledger.acknowledged);
    expect(ledger.acknowledged).toBeLessThanOrEqual(ledger.received);
    expect(ledger.acknowledged).toBeGreaterThan(0);
    expect([...addresses].every((address) => address !== '127.0.0.1')).toBe(true);
  });

  it('leaves those that stop reading out of its ledger', async (test) => {
    const rig = new Rig(test);
    const server = await rig.startServer();
    const { acknowledged } = server.words;
    const { ledger, measured, slowReaders } = await rig.ticks(
      server,
      { reader, format, readers: 5, slowReaders: 2, measureMs: 500 },
      holding('warm-up', () => [...acknowledged.values()].filter((count) => count > 100).length === 5),
    );
    expect(slowReaders).toMatchObject({ count: 2, ended: [] });
    expect(slowReaders.receivedBeforePause).toBeGreaterThan(200);
    expect(slowReaders.gapsBeforePause).toBe(format === 'json' ? 0 : null);
    expect(ledger).toMatchObject({ outOfOrder: 0, corrupt: 0, undetermined: 0 });
    expect(measured.received).toBeLessThanOrEqual(ledger.received);
    expect(ledger.received + slowReaders.receivedBeforePause).toBeLessThan(server.counts.given);
  });

  it('lets them stop before the measured window', async (test) => {
    const rig = new Rig(test);
    const server = await rig.startServer();
    const given = { reader, format, readers: 2, slowReaders: 1, warmUpMs: 1_000, measureMs: 300 };
    const late = await rig.ticks(server, given);
    const early = await rig.ticks(server, { ...given, slowBeforeMs: 800 });
    expect(early.slowReaders).toMatchObject({ count: 1, ended: [] });
    expect(early.slowReaders.receivedBeforePause).toBeLessThan(late.slowReaders.receivedBeforePause / 2);
  });

  it('notices when a closing handshake gets no answer, or a connection is cut', async (test) => {
    const rig = new Rig(test);
    const deaf = await rig.startServer({ isDeafToClosing: true });
    const unanswered = await rig.ticks(deaf, { reader, format, measureMs: 200, drainTimeoutMs: 200 });
    expect(unanswered).toMatchObject({ state: 'completed', ledger: { undetermined: 4 }, disconnects: [] });
    const rude = await rig.startServer({ cutAt: 1_000 });
    const cut = await rig.ticks(rude, { reader, format, measureMs: 30_000 });
    expect(cut).toMatchObject({
      state: 'lost-target',
      ledger: { undetermined: 4, gaps: format === 'json' ? 0 : null },
    });
    expect(cut.ledger.received).toBeLessThanOrEqual(4_000);
    expect(cut.disconnects.reduce((sum, { count }) => sum + count, 0)).toBe(4);
  });
});

describe('a tick load', () => {
  it('goes through its phases and shows how it stands', async (test) => {
    const rig = new Rig(test);
    const server = await rig.startServer();
    const observer = new RecordingTickObserver();
    const result = await rig.ticks(server, {}, observer);
    expect(observer.phases).toEqual(['connect', 'warm-up', 'measure', 'hold', 'close']);
    expect(result).toMatchObject({
      state: 'completed',
      reader: 'lean',
      format: 'json',
      readers: 4,
      measureRequestedMs: 1_000,
      measureAchievedMs: 1_000,
    });
    expect(result.ledger).toMatchObject({ received: server.counts.given, gaps: 0, corrupt: 0 });
    const last = observer.progressed.at(-1);
    expect(last).toMatchObject({ connected: 4, connectionsWanted: 4, lost: 0 });
    expect(last?.deliveriesPerSecond).toBeGreaterThan(0);
    expect(result.workers.every(({ cpuRatio, rssBytes }) => cpuRatio > 0 && rssBytes > 10e6)).toBe(true);
  });

  it('is interrupted by the signal soon, with what was measured', async (test) => {
    const rig = new Rig(test);
    const server = await rig.startServer();
    const interruption = new AbortController();
    const coordinator = await rig.startCoordinator(2, interruption.signal);
    let abortedMs = 0;
    const observer = new RecordingTickObserver((phase) => {
      if (phase !== 'measure') return;
      setTimeout(() => {
        abortedMs = performance.now();
        interruption.abort();
      }, 700);
    });
    const result = await coordinator.ticks(tickPlan(server.target, { measureMs: 60_000 }), observer);
    expect(performance.now() - abortedMs).toBeLessThan(5_000);
    expect(result).toMatchObject({ state: 'interrupted', measureRequestedMs: 60_000 });
    expect(result.measureAchievedMs).toBeGreaterThan(600);
    expect(result.measureAchievedMs).toBeLessThan(10_000);
    expect(result.ledger).toMatchObject({ received: server.counts.given, gaps: 0, undetermined: 0 });
    expect(result.measured.received).toBeGreaterThan(1_000);
    await vi.waitFor(() => expect(server.connections).toBe(0));
  });

  it('is interrupted before it began, too', async (test) => {
    const rig = new Rig(test);
    const server = await rig.startServer();
    const coordinator = await rig.startCoordinator(1, AbortSignal.abort());
    const result = await coordinator.ticks(tickPlan(server.target), new RecordingTickObserver());
    expect(result).toMatchObject({ state: 'interrupted', connect: { attempted: 0 }, measureAchievedMs: 0 });
    expect(result.ledger).toMatchObject({ received: 0, gaps: null, undetermined: 0 });
  });

  it('has lost its target when the server dies', async (test) => {
    const rig = new Rig(test);
    const server = await FakeTickServer.start();
    const observer = new RecordingTickObserver((phase) => {
      if (phase === 'measure') setTimeout(() => void server.stop(), 300);
    });
    const result = await rig.ticks(server, { measureMs: 30_000 }, observer);
    expect(result).toMatchObject({ state: 'lost-target', ledger: { undetermined: 4, gaps: 0 } });
    expect(result.measureAchievedMs).toBeLessThan(20_000);
    expect(result.disconnects.reduce((sum, { count }) => sum + count, 0)).toBe(4);
  });

  it('has lost its target when nobody listens, says hello, or gives what was asked for', async (test) => {
    const rig = new Rig(test);
    const coordinator = await rig.startCoordinator(1);
    const run = async (wsUrl: string): Promise<TickResult> =>
      await coordinator.ticks(
        tickPlan({ wsUrl }, { readers: 2, connectTimeoutMs: 300 }),
        new RecordingTickObserver(),
      );
    const mute = await rig.startServer({ isMute: true });
    const stubborn = await rig.startServer({ helloFormat: 'binary' });
    for (const [wsUrl, reason] of [
      ['ws://127.0.0.1:1/ws', 'ECONNREFUSED'],
      [mute.target.wsUrl, 'timeout'],
      [stubborn.target.wsUrl, 'hello_format'],
    ] as const) {
      const result = await run(wsUrl);
      expect(result).toMatchObject({ state: 'lost-target', connect: { connected: 0, attempted: 2 } });
      expect(result.connect.failures).toEqual([{ reason, count: 2 }]);
    }
  });

  it('fails when a worker is killed, and leaves none behind', async (test) => {
    const rig = new Rig(test);
    const server = await rig.startServer();
    const coordinator = await rig.startCoordinator();
    const brief = await coordinator.ticks(
      tickPlan(server.target, { measureMs: 100 }),
      new RecordingTickObserver(),
    );
    const pids = brief.workers.map(({ pid }) => pid);
    const observer = new RecordingTickObserver((phase) => {
      if (phase === 'measure') process.kill(pids[1] ?? 0, 'SIGKILL');
    });
    const run = coordinator.ticks(tickPlan(server.target, { measureMs: 30_000 }), observer);
    await expect(run).rejects.toMatchObject({ code: 'TL_WORKER_FAILED' });
    await coordinator.stop();
    expect(pids.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
  });

  it('fails when its observer does', async (test) => {
    const rig = new Rig(test);
    const server = await rig.startServer();
    const coordinator = await rig.startCoordinator(1);
    for (const phase of ['measure', 'hold', 'close'] as const) {
      const observer = new RecordingTickObserver((entered) => {
        if (entered === phase) throw new Error(`failed in ${phase}`);
      });
      const run = coordinator.ticks(tickPlan(server.target, { measureMs: 200 }), observer);
      await expect(run).rejects.toThrow(`failed in ${phase}`);
    }
  });

  it('is refused when it cannot be carried out', async (test) => {
    const rig = new Rig(test);
    const coordinator = await rig.startCoordinator(1);
    const plan = tickPlan({ wsUrl: 'ws://127.0.0.1:1/ws' }, { readers: 0 });
    await expect(coordinator.ticks(plan, new RecordingTickObserver())).rejects.toMatchObject({
      code: 'TL_PLAN_INVALID',
    });
  });
});

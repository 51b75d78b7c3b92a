/** Whether the latency the generator reports is what someone else sees who watches the same server. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { LoadCoordinator } from '../../dist/load-tests/generator/coordinator.js';
import { decodeHistogram } from '../../dist/load-tests/generator/latency/latency-histogram.js';
import type { ServerListening } from '../../server/protocol/process-messages.ts';
import { RecordingObserver, testPlan } from '../testing/load-plans.ts';

const SERVER = fileURLToPath(new URL('../../dist/server/main.js', import.meta.url));
const OBSERVER = fileURLToPath(new URL('../testing/independent-observer.mjs', import.meta.url));
const MATCH = 7;
const PER_SECOND = 10;
const WARM_UP_MS = 1_000;

const open: { stop(): Promise<unknown> }[] = [];

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.stop();
});

function keep(child: ChildProcess): ChildProcess {
  open.push({
    stop: async () => {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
  });
  return child;
}

async function startServer(faults = ''): Promise<ServerListening> {
  const server = keep(
    fork(SERVER, [], {
      env: { PATH: process.env['PATH'], PORT: '0', ADMIN_PORT: '0', TOUCHLINE_FAULTS: faults },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [],
    }),
  );
  const [urls] = await once(server, 'message');
  return urls as ServerListening;
}

/** A member of the room who sees every broadcast; resolves once the server has acknowledged it. */
async function watch(wsUrl: string): Promise<ChildProcess> {
  const observer = keep(
    fork(OBSERVER, [wsUrl, String(MATCH)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] }),
  );
  await once(observer, 'message');
  return observer;
}

/** Its latencies of the measured window, ascending. */
async function seenBy(observer: ChildProcess): Promise<readonly number[]> {
  const answer = once(observer, 'message');
  observer.send('report');
  const [seen] = (await answer) as [readonly (readonly [seq: number, ms: number])[]];
  const warmUp = (WARM_UP_MS / 1_000) * PER_SECOND;
  return seen
    .filter(([seq]) => seq >= warmUp)
    .map(([, ms]) => ms)
    .sort((a, b) => a - b);
}

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.max(Math.ceil(q * sorted.length) - 1, 0)] ?? Number.NaN;

/** Programs that share two cores read the same broadcast some ms apart. */
const NOISE_MS = 5;
const tolerance = (ms: number): number => Math.max(ms * 0.05, NOISE_MS);

describe('an independent observer sees the same latency', () => {
  it.each([
    { connections: 1, faults: '', floorMs: 0, quantiles: [0.5, 0.9] },
    { connections: 50, faults: 'stall=600', floorMs: 0, quantiles: [0.5, 0.9, 0.99] },
    { connections: 500, faults: '', floorMs: 0, quantiles: [0.5, 0.9] },
    { connections: 500, faults: 'delay-deliveries=120', floorMs: 120, quantiles: [0.5, 0.9] },
  ])('at $connections clients $faults', async ({ connections, faults, floorMs, quantiles }) => {
    const server = await startServer(faults);
    const coordinator = await LoadCoordinator.start({ workers: 1 });
    open.push(coordinator);
    // A fan-out reaches its members one after the other: one observer joins first, another last.
    const first = await watch(server.wsUrl);
    const watchers: ChildProcess[] = [];
    const observer = new RecordingObserver(async (phase) => {
      if (phase === 'warm-up') watchers.push(await watch(server.wsUrl));
    });
    const plan = testPlan(server, {
      matchId: MATCH,
      connections,
      broadcastsPerSecond: PER_SECOND,
      warmUpMs: WARM_UP_MS,
      measureMs: 4_000,
    });
    const result = await coordinator.run(plan, observer);
    const response = decodeHistogram(result.latency.response);
    const earliest = await seenBy(first);
    const latest = await seenBy(watchers[0] ?? first);
    expect(earliest).toHaveLength(40);
    expect(latest).toHaveLength(40);
    for (const q of quantiles) {
      const reported = response.quantileMs(q) ?? Number.NaN;
      const low = Math.min(quantile(earliest, q), quantile(latest, q));
      const high = Math.max(quantile(earliest, q), quantile(latest, q));
      expect(reported, `p${q * 100}`).toBeGreaterThan(low - tolerance(low));
      expect(reported, `p${q * 100}`).toBeLessThan(high + tolerance(high));
    }
    expect(response.quantileMs(0) ?? 0).toBeGreaterThanOrEqual(floorMs);
    expect(result.ledger).toMatchObject({ lost: 0, undetermined: 0 });
  });
});

describe('a server that is frozen for a second', () => {
  it('changes no intended time, shows the whole second, and is no fault of the generator', async () => {
    const server = await startServer();
    const coordinator = await LoadCoordinator.start({ workers: 1 });
    open.push(coordinator);
    const observer = new RecordingObserver((phase) => {
      if (phase !== 'measure') return;
      setTimeout(() => process.kill(server.pid, 'SIGSTOP'), 1_000);
      setTimeout(() => process.kill(server.pid, 'SIGCONT'), 2_000);
    });
    const plan = testPlan(server, { matchId: MATCH, broadcastsPerSecond: 50, measureMs: 4_000 });
    const result = await coordinator.run(plan, observer);
    expect(result.publish).toMatchObject({ intended: 210, sent: 210, accepted: 210, failures: [] });
    expect(result.publish.achievedPerSecond).toBe(50);
    expect(result.ledger).toMatchObject({ expected: 210 * 20, lost: 0, outOfOrder: 0 });
    const response = decodeHistogram(result.latency.response);
    // A quarter of all sends was due while it stood still; on average they waited for half of the second.
    expect(response.count).toBe(200 * 20);
    expect(response.quantileMs(1) ?? 0).toBeGreaterThan(900);
    expect(response.quantileMs(0.875) ?? 0).toBeGreaterThan(400);
    expect(response.quantileMs(0.875) ?? 0).toBeLessThan(650);
    expect(response.quantileMs(0.7) ?? 0).toBeLessThan(150);
    // The schedule went on: sending late would be the generator's fault.
    expect(decodeHistogram(result.publish.scheduleLag).quantileMs(0.95)).toBeLessThan(50);
  });
});

/**
 * The whole tool against servers whose answer is known (MEASUREMENT.md, rule 10): through the command line, the
 * generator, run.json and the judges. Losses, duplicates, swaps and strays are in broadcast.e2e.test.ts.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { decodeHistogram } from '../dist/load-tests/generator/latency/latency-histogram.js';
import type { ServerListening } from '../server/protocol/process-messages.ts';
import { outputFolder } from '../server/testing/output-folder.ts';
import type { BroadcastRecord } from './record/broadcast-record.ts';
import {
  BROADCAST,
  type Ended,
  printedVerdict,
  recordIn,
  runOnHealthyRig,
  runProfiler,
  wasMachineFull,
} from './testing/profiler-process.ts';

const OBSERVER = fileURLToPath(new URL('../load-tests/testing/independent-observer.mjs', import.meta.url));
const SEARCH_ONLY = ['--closed', '0', '--slow-readers', '0', '--seed', '7', '--json'];

const out = outputFolder();
const running: ChildProcess[] = [];
afterEach(async () => {
  for (const child of running.splice(0)) {
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }
});

interface Measured extends Ended {
  readonly record: BroadcastRecord;
}

/** One rate, 50 clients; the last step is the one that counts. */
async function measure(argv: readonly string[], mostAttempts = 2): Promise<Measured> {
  const load = ['--connections', '50', '--rates', '50', '--warm-up', '500ms', ...SEARCH_ONLY];
  const ended = await runOnHealthyRig(BROADCAST, [...load, ...argv, '--out', out.path], mostAttempts);
  return { ...ended, record: recordIn(out.path, 'broadcast') };
}

function lastStep({ steps }: BroadcastRecord) {
  const step = steps.at(-1);
  if (step === undefined) throw new Error('expected a step; there is none');
  return step.tier.load;
}

/** A breach as large as these is the server's, whatever the rig adds, unless no core was left to measure it with. */
function expectFailure({ exit, record, stdout, stderr }: Measured): void {
  const isFull = record.steps.some(({ tier }) => wasMachineFull(tier));
  expect(isFull ? [1, 4] : [1], stdout + stderr).toContain(exit);
}

/** What the rig itself may add: its calibrated floor at a fan-out like this one, 2 ms at least. */
function floorMs({ calibration }: BroadcastRecord): number {
  return Math.max(2, calibration?.bursts.find(({ fanOut }) => fanOut >= 50)?.p50Ms ?? 0);
}

describe('the tool reports what a server does', () => {
  it('delay-deliveries=50ms moves the p50 by exactly 50 ms', async () => {
    const clean = await measure(['--duration', '2s'], 1);
    const late = await measure(['--duration', '2s', '--fault', 'delay-deliveries=50ms']);
    expect([0, 4], clean.stdout + clean.stderr).toContain(clean.exit);
    expectFailure(late);
    const p50 = (run: Measured) =>
      decodeHistogram(lastStep(run.record).latency.response).quantileMs(0.5) ?? 0;
    const moved = p50(late) - p50(clean);
    expect(Math.abs(moved - 50)).toBeLessThan(floorMs(late.record));
    const reported = printedVerdict(late.stdout).checks.find(({ name }) => name === 'p50');
    expect(reported?.observed).toBe(p50(late));
    expect(reported?.verdict).not.toBe('pass');
  });

  it('stall=1s shows a second at most, and a third of all deliveries waiting', async () => {
    // Two whole cycles of three seconds.
    const stalled = await measure(['--duration', '6s', '--fault', 'stall=1s']);
    expectFailure(stalled);
    const { record, stdout } = stalled;
    const response = decodeHistogram(lastStep(record).latency.response);
    expect(response.maxMs ?? 0).toBeGreaterThan(950);
    expect(response.maxMs ?? 0).toBeLessThan(1_100);
    // Those that were due while it stood still wait for what is left of the second, evenly: 0.95 of them beyond 50 ms.
    const beyond = (ms: number) => 1 - response.countUpToMs(ms) / response.count;
    expect(beyond(50)).toBeCloseTo(0.95 / 3, 1);
    expect(beyond(500)).toBeCloseTo(0.5 / 3, 1);
    expect(printedVerdict(stdout).checks.find(({ name }) => name === 'p99')?.verdict).not.toBe('pass');
  });
});

const MATCH = 77;

async function startServer(faults: string): Promise<ServerListening> {
  const server = fork('dist/server/main.js', [], {
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', ADMIN_PORT: '0', TOUCHLINE_FAULTS: faults },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });
  running.push(server);
  const [listening] = await once(server, 'message');
  return listening as ServerListening;
}

async function watch(wsUrl: string): Promise<ChildProcess> {
  const observer = fork(OBSERVER, [wsUrl, String(MATCH)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });
  running.push(observer);
  await once(observer, 'message');
  return observer;
}

/** Its latencies of the last step's measured window, ascending. */
async function seenBy(observer: ChildProcess, warmUp: number): Promise<readonly number[]> {
  const answer = once(observer, 'message');
  observer.send('report');
  const [seen] = (await answer) as [readonly (readonly [seq: number, ms: number])[]];
  // Each step numbers its messages from 0.
  const last = seen.slice(seen.findLastIndex(([seq]) => seq === 0));
  return last
    .filter(([seq]) => seq >= warmUp)
    .map(([, ms]) => ms)
    .sort((a, b) => a - b);
}

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.max(Math.ceil(q * sorted.length) - 1, 0)] ?? Number.NaN;

describe('an independent observer', () => {
  it.each([
    ['', 0],
    ['delay-deliveries=120', 120],
  ])('of a server with "%s" sees the latency that the run reports', async (faults, delayMs) => {
    const { wsUrl } = await startServer(faults);
    const observer = await watch(wsUrl);
    const load = [
      '--connections',
      '50',
      '--rates',
      '50',
      '--duration',
      '2s',
      '--warm-up',
      '500ms',
      ...SEARCH_ONLY,
    ];
    const address = [
      '--url',
      wsUrl,
      '--match',
      String(MATCH),
      '--threshold',
      'p50=1s',
      '--threshold',
      'p95=1s',
    ];
    const argv = [...load, ...address, '--threshold', 'p99=1s', '--out', out.path];
    const { stdout, stderr } = await runProfiler(BROADCAST, argv);
    const record = recordIn(out.path, 'broadcast');
    const step = lastStep(record);
    expect(step.ledger, stdout + stderr).toMatchObject({ lost: 0, undetermined: 0 });
    // The confirmation: 4 s after a warm-up of half a second, at 50/s.
    const seen = await seenBy(observer, 25);
    expect(seen).toHaveLength(step.publish.accepted - 25);
    const response = decodeHistogram(step.latency.response);
    for (const q of [0.5, 0.9]) {
      const reported = response.quantileMs(q) ?? Number.NaN;
      const observed = quantile(seen, q);
      expect(
        Math.abs(reported - observed),
        `p${q * 100}: ${reported} reported, ${observed} observed`,
      ).toBeLessThan(Math.max(0.05 * observed, floorMs(record)));
      expect(reported).toBeGreaterThanOrEqual(delayMs);
    }
  });
});

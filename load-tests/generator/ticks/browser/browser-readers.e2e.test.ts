import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LoadCoordinator } from '../../../../dist/load-tests/generator/coordinator.js';
import { decodeHistogram } from '../../../../dist/load-tests/generator/latency/latency-histogram.js';
import { TickPage } from '../../../../dist/load-tests/generator/ticks/browser/tick-page-server.js';
import type { FakeTickFaults } from '../../../testing/fake-ticks/fake-tick-faults.ts';
import { FakeTickServer } from '../../../testing/fake-ticks/fake-tick-server.ts';
import { RecordingTickObserver, tickPlan } from '../../../testing/tick-plans.ts';
import type { TickPlan } from '../tick-plan.ts';
import type { TickResult } from '../tick-result.ts';

const RATE = 2_000;
const open: { stop(): Promise<void> }[] = [];
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'touchline-browser-'));
});
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.stop();
  await rm(folder, { recursive: true, force: true });
});

async function read(
  faults: FakeTickFaults,
  changes: Partial<TickPlan>,
  observer = new RecordingTickObserver(),
): Promise<{ readonly result: TickResult; readonly server: FakeTickServer }> {
  const page = await TickPage.start();
  open.push(page);
  const server = await FakeTickServer.start(faults, { rate: RATE, allowedOrigins: [page.origin] });
  open.push(server);
  const coordinator = await LoadCoordinator.start({ workers: 1 });
  open.push(coordinator);
  const plan = tickPlan(server.target, {
    reader: 'browser-naive',
    readers: 1,
    clientId: 'browser-js',
    timeEvery: 1,
    warmUpMs: 300,
    measureMs: 2_500,
    ...changes,
    browser: {
      pageOrigin: page.origin,
      screenshotFile: join(folder, 'page.png'),
      executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    },
  });
  return { result: await coordinator.ticks(plan, observer), server };
}

describe.each([
  ['browser-naive', 'json'],
  ['browser-sampled', 'json'],
  ['browser-naive', 'binary'],
  ['browser-sampled', 'binary'],
] as const)('a %s reader of a %s feed', (reader, format) => {
  it('counts every message, shows them, and tells its server', async () => {
    const { result, server } = await read(
      { dropEvery: 50, conflate: { every: 301, ticks: 2 } },
      { reader, format },
    );
    const { ledger, measured, browser, connect, seconds } = result;
    expect(result).toMatchObject({ state: 'completed', reader, format, disconnects: [] });
    expect(connect).toMatchObject({ attempted: 1, connected: 1 });
    expect(ledger).toMatchObject({ duplicated: format === 'json' ? 0 : null, corrupt: 0, outOfOrder: 0 });
    // The browser shows its page nothing that comes after close().
    expect(ledger.undetermined).toBe(1);
    expect(ledger.received).toBeLessThanOrEqual(server.counts.given);
    expect(ledger.received).toBeGreaterThan(RATE);
    expect(ledger.conflations).toBeGreaterThan(5);
    expect(ledger.skipped).toBe(2 * ledger.conflations);
    expect(ledger.shortAtConflation).toBeGreaterThan(RATE / 50);
    if (ledger.numbered !== null) {
      const dropped = Math.floor(ledger.numbered / 50);
      // Where a tick is due to both, it is skipped.
      expect(Math.abs((ledger.gaps ?? 0) - dropped - ledger.skipped)).toBeLessThanOrEqual(2);
      expect(ledger.received + (ledger.gaps ?? 0)).toBe(ledger.numbered);
    }
    expect(seconds.reduce((sum, second) => sum + second.received, 0)).toBe(measured.received);
    expect(browser?.rowsWritten).toBeGreaterThan(10);
    if (reader === 'browser-naive') expect(browser?.rowsWritten).toBeGreaterThan(measured.received * 0.8);
    expect(browser?.frames).toBeGreaterThan(1);
    expect(browser?.cpuRatio).toBeGreaterThan(0);
    expect(browser?.version).toMatch(/^\d+\./);
    const { identified, stats, acks } = server.words;
    expect(identified).toEqual(['browser-js']);
    expect(stats.at(-1)).toMatchObject({ clientId: 'browser-js', messagesPerSec: expect.any(Number) });
    expect(acks).toBeGreaterThan(2);
    const picture = await readFile(browser?.screenshotFile ?? '');
    expect(picture.subarray(1, 4).toString()).toBe('PNG');
  });
});

describe('a browser reader', () => {
  it('times ticks by the clock of the machine, and says how exactly', async () => {
    const { result } = await read({ delayMs: 50 }, {});
    const { latency } = result;
    const response = decodeHistogram(latency.response);
    expect(response.count).toBeGreaterThan(RATE);
    expect(latency.negative).toBe(0);
    const errorMs = (latency.clockErrorUs ?? Number.NaN) / 1_000;
    expect(errorMs).toBeGreaterThan(0);
    // A timer of Node's may be a millisecond early.
    expect(response.quantileMs(0)).toBeGreaterThan(49 - errorMs);
  });

  it('has lost its target when the server cuts it off', async () => {
    const { result } = await read({ cutAt: 3_000 }, { measureMs: 60_000 });
    expect(result.state).toBe('lost-target');
    expect(result.disconnects).toEqual([{ reason: 'close_1006', count: 1 }]);
    expect(result.ledger.received).toBeGreaterThan(0);
  });

  it('is told which Chromium is missing', async () => {
    const coordinator = await LoadCoordinator.start({ workers: 1 });
    open.push(coordinator);
    const browser = { pageOrigin: 'http://127.0.0.1:9', executablePath: '/nowhere/chromium' };
    const plan = tickPlan(
      { wsUrl: 'ws://127.0.0.1:9/ws' },
      { reader: 'browser-sampled', readers: 1, browser },
    );
    await expect(coordinator.ticks(plan, new RecordingTickObserver())).rejects.toMatchObject({
      code: 'TL_BROWSER_UNAVAILABLE',
      message: expect.stringContaining('/nowhere/chromium'),
    });
  });
});

describe('the page', () => {
  it('is served with its scripts, and nothing else is', async () => {
    const page = await TickPage.start();
    open.push(page);
    const get = async (path: string): Promise<Response> => await fetch(page.origin + path);
    const html = await (await get('/')).text();
    const script = /src="([^"]+)"/.exec(html)?.[1] ?? '';
    expect((await get(script)).headers.get('content-type')).toMatch(/^text\/javascript/);
    expect((await get('/reading/parsed-ticks.js')).status).toBe(200);
    for (const path of [
      '/tick-run.js',
      '/reading/../tick-run.js',
      '/reading/%2e%2e/tick-run.js',
      '/package.json',
    ]) {
      expect((await get(path)).status).toBe(404);
    }
  });
});

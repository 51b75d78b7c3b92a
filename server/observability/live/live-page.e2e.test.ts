/** The page of the compiled server in a real browser: what it draws, what it says, and that it asks nobody else. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../../../load-tests/generator/ticks/browser/chromium.ts';
import { ProfilerMetrics } from '../../../profiling/testing/profiler-metrics.ts';
import { ServerProcess } from '../../testing/server-process.ts';
import { TestClient } from '../../testing/test-client.ts';

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));

let browser: Browser;
let targets: string;
let server: ServerProcess;
beforeAll(async () => {
  browser = await launchChromium(process.env['CHROMIUM_PATH']);
  targets = await mkdtemp(join(tmpdir(), 'touchline-live-page-'));
  server = await ServerProcess.start({ LIVE_TARGETS: targets });
});
afterAll(async () => {
  await browser?.close();
  server?.kill();
  await rm(targets, { recursive: true, force: true });
});

interface Opened {
  readonly page: Page;
  /** Whatever the browser complained about, CSP violations among them. */
  readonly complaints: readonly string[];
  readonly requests: readonly string[];
}

async function open(
  address: string,
  { width = 1_440, colorScheme = 'light' as 'light' | 'dark' } = {},
): Promise<Opened> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(`${address}/live`);
  await page.waitForSelector('#status[data-state="live"]');
  return { page, complaints, requests };
}

/** Waits until a panel tells this of a line. */
async function untilPanelSays(page: Page, panel: string, pattern: RegExp): Promise<void> {
  const place = page.locator(`#panel-${panel} .values`).filter({ hasText: pattern });
  await place.waitFor({ timeout: 20_000 });
}

/** How many pixels of a panel's canvas are neither empty nor grey: lines, in short. */
function colouredPixels(page: Page, panel: string): Promise<number> {
  return page.evaluate((id) => {
    const canvas = document.querySelector<HTMLCanvasElement>(`#panel-${id} canvas`);
    const context = canvas?.getContext('2d');
    if (!canvas || !context) return 0;
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let at = 0; at < data.length; at += 4) {
      const [red = 0, green = 0, blue = 0, alpha = 0] = data.subarray(at, at + 4);
      if (alpha > 200 && Math.max(red, green, blue) - Math.min(red, green, blue) > 90) count += 1;
    }
    return count;
  }, panel);
}

const isWithinWidth = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);

it('draws what the server counts, complains about nothing and asks nobody but the server', async () => {
  const { page, complaints, requests } = await open(server.urls.adminUrl);
  const clients = await Promise.all([1, 2, 3].map(() => TestClient.connect(server.urls.wsUrl)));
  for (const client of clients) await client.ask({ type: 'subscribe', matchId: 1 });
  await untilPanelSays(page, 'connections', /open \(server\) 3/);
  for (let item = 0; item < 20; item += 1) await server.publish(1, `item ${item}`);
  await untilPanelSays(page, 'broadcast', /p99 [\d.]+ ms/);
  await untilPanelSays(page, 'loop-delay', /p99 [\d.]+ (ms|s)/);
  await untilPanelSays(page, 'memory', /rss [\d.]+ MB.*heap used [\d.]+ MB.*rss ÷ connections [\d.]+ MB/);
  expect(await page.locator('#tiles').innerText()).toMatch(/connections\s+3/);
  for (const panel of ['connections', 'memory', 'cpu']) {
    await expect.poll(() => colouredPixels(page, panel), { timeout: 20_000 }).toBeGreaterThan(20);
  }
  for (const client of clients) client.close();
  await untilPanelSays(page, 'connections', /open \(server\) 0/);
  expect(complaints).toEqual([]);
  const origins = new Set(
    requests.filter((url) => !url.startsWith('data:')).map((url) => new URL(url).origin),
  );
  expect([...origins]).toEqual([server.urls.adminUrl]);
  await page.close();
});

describe.each([
  ['a desk', 1_440],
  ['a phone', 390],
])('on %s', (_, width) => {
  it.each(['light', 'dark'] as const)(
    'fits, with its figures on the first screen (%s)',
    async (colorScheme) => {
      const { page, complaints } = await open(server.urls.adminUrl, { width, colorScheme });
      await untilPanelSays(page, 'loop-delay', /p99/);
      expect(await isWithinWidth(page)).toBe(true);
      const tiles = await page.locator('#tiles').boundingBox();
      expect((tiles?.y ?? 900) + (tiles?.height ?? 900)).toBeLessThan(900);
      const charts = await page.locator('.chart:visible').all();
      expect(charts.length).toBeGreaterThanOrEqual(9);
      for (const chart of charts) {
        const box = await chart.boundingBox();
        expect(box?.width).toBeGreaterThan(width === 390 ? 280 : 250);
        expect(await chart.getAttribute('aria-label')).toMatch(/^Chart of .* values stand above as text$/);
      }
      const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      expect(background).toBe(colorScheme === 'dark' ? 'rgb(14, 17, 22)' : 'rgb(244, 245, 247)');
      expect(complaints).toEqual([]);
      await page.close();
    },
  );
});

it('shows the earlier values of a chart by the arrow keys', async () => {
  const { page } = await open(server.urls.adminUrl);
  await expect.poll(() => colouredPixels(page, 'memory'), { timeout: 20_000 }).toBeGreaterThan(20);
  await page.locator('#panel-memory .chart').focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await page
    .locator('#panel-memory figcaption')
    .filter({ hasText: /at \d\d:\d\d:\d\d/ })
    .waitFor();
  await page.keyboard.press('Escape');
  await page.locator('#panel-memory figcaption').filter({ hasText: 'bytes' }).waitFor();
  await page.close();
});

it("follows a run: its server, its phase, and the load side's figures", async () => {
  const profiler = await ProfilerMetrics.start();
  const driven = await ServerProcess.start();
  const { host } = new URL(driven.urls.adminUrl);
  const client = await TestClient.connect(driven.urls.wsUrl);
  const { page, complaints } = await open(server.urls.adminUrl);
  const labels = { run: '<b>run-1</b>', scenario: 'concurrency', server: host, version: '0' };
  profiler.set('touchline_profile_run_info', 1, labels);
  profiler.set('touchline_profile_phase', 1, { phase: 'measure' });
  profiler.set('touchline_profile_remaining_seconds', 65);
  profiler.set('touchline_profile_connections_wanted', 5);
  profiler.set('touchline_profile_connections', 1);
  profiler.add('touchline_profile_deliveries_amiss_total', 2, { kind: 'lost' });
  const file = join(targets, 'run.json');
  await writeFile(
    file,
    JSON.stringify([
      { targets: [host], labels: { job: 'touchline-server' } },
      { targets: [profiler.address], labels: { job: 'touchline-profiler' } },
    ]),
  );
  await untilPanelSays(page, 'connections', /open \(server\) 1.*connected \(clients\) 1.*wanted 5/);
  await untilPanelSays(page, 'amiss', /amiss 2/);
  // Observed once a reading is there to compare with.
  profiler.observe('touchline_profile_delivery_latency_seconds', 0.012);
  await page
    .locator('#panel-latency .values')
    .filter({ hasText: /p50 [\d.]+ ms/ })
    .waitFor();
  const facts = await page.locator('#run-facts').innerText();
  expect(facts.replaceAll(/\s+/g, ' ')).toBe(
    'Run <b>run-1</b> Scenario concurrency Phase measure Verdict not yet Left 1:05',
  );
  expect(await page.locator('#phases').getAttribute('aria-label')).toBe('Phases of the run: measure');
  await page
    .locator('#instance')
    .selectOption({ label: `this server (${new URL(server.urls.adminUrl).host})` });
  await untilPanelSays(page, 'connections', /open \(server\) 0/);
  await page.locator('#run').waitFor({ state: 'hidden' });

  client.close();
  await driven.stop();
  await page
    .locator('#problems')
    .filter({ hasText: `${host}: nobody listens there` })
    .waitFor();
  await rm(file);
  await page.locator('#problems').waitFor({ state: 'hidden' });
  await profiler.stop();
  expect(complaints).toEqual([]);
  await page.close();
});

it('follows a real run by itself, both its sides', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'touchline-live-run-'));
  const announced = join(folder, 'targets');
  const observing = await ServerProcess.start({ LIVE_TARGETS: announced });
  const { page } = await open(observing.urls.adminUrl);
  const words = ['--tiers', '60', '--duration', '4s', '--out', join(folder, 'run')];
  const run = spawn(process.execPath, ['profiling/websocket-concurrent-test.js', ...words], {
    cwd: PROJECT,
    stdio: 'ignore',
    env: { ...process.env, TOUCHLINE_TARGETS: announced },
  });
  const ended = once(run, 'exit');
  await expect.poll(() => connectionsOfRun(announced), { timeout: 60_000, interval: 50 }).toBeGreaterThan(0);
  await untilPanelSays(page, 'connections', /open \(server\) [1-9]/);
  await untilPanelSays(page, 'connections', /connected \(clients\) [1-9]/);
  await page
    .locator('#run-facts')
    .filter({ hasText: /concurrency/ })
    .waitFor();
  await page
    .locator('#phases')
    .filter({ hasText: /measure/ })
    .waitFor();
  await ended;
  await page.close();
  await observing.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Open connections of the server that a run announced; 0 while there is none. */
async function connectionsOfRun(folder: string): Promise<number> {
  const [name] = (await readdir(folder).catch(() => [])).filter((each) => each.endsWith('.json'));
  if (name === undefined) return 0;
  const groups = JSON.parse(await readFile(join(folder, name), 'utf8')) as {
    readonly targets: readonly string[];
    readonly labels: { readonly job: string };
  }[];
  const server = groups.find(({ labels }) => labels.job === 'touchline-run-server')?.targets[0];
  if (server === undefined) return 0;
  const text = await (await fetch(`http://${server}/metrics`)).text();
  return Number(/^touchline_connections (\d+)/m.exec(text)?.[1]);
}

it('says when the server is gone, and goes on when it is back', async () => {
  const first = await ServerProcess.start();
  const { host, port } = new URL(first.urls.adminUrl);
  const { page } = await open(first.urls.adminUrl);
  expect(await first.stop()).toBe(0);
  const status = page.locator('#status');
  await status.filter({ hasText: 'the server has stopped' }).waitFor();
  await status.filter({ hasText: 'disconnected: the server does not answer' }).waitFor();
  const second = await ServerProcess.start({ ADMIN_PORT: port });
  expect(new URL(second.urls.adminUrl).host).toBe(host);
  await page.waitForSelector('#status[data-state="live"]');
  await page.close();
  await second.stop();
});

it('sends to ten pages, and tells the eleventh why not', async () => {
  const cancel = new AbortController();
  const ask = () => fetch(`${server.urls.adminUrl}/live/events`, { signal: cancel.signal });
  const answers = [];
  for (let page = 0; page < 11; page += 1) answers.push(await ask());
  expect(answers.map(({ status }) => status)).toEqual([...Array(10).fill(200), 503]);
  expect(await answers[10]?.json()).toEqual({
    code: 'TL_TOO_MANY_PAGES',
    message: 'expected at most 10 open pages of /live; close one and reload',
  });
  const page = await browser.newPage();
  await page.goto(`${server.urls.adminUrl}/live`);
  await page.locator('#status').filter({ hasText: 'expected at most 10 open pages' }).waitFor();
  cancel.abort();
  await page.waitForSelector('#status[data-state="live"]');
  await page.close();
});

it('refuses a foreign Host, and has a policy that allows nothing from elsewhere', async () => {
  const { headers } = await fetch(`${server.urls.adminUrl}/live`);
  expect(headers.get('content-security-policy')).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
  for (const path of [
    '/live/page/../../../main.js',
    '/live/page/%2e%2e/live-routes.js',
    '/live/page/nothing.js',
  ]) {
    expect((await fetch(`${server.urls.adminUrl}${path}`)).status).toBe(404);
  }
});

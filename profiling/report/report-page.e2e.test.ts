import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../../load-tests/generator/ticks/browser/chromium.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import type * as JudgedConcurrency from './concurrency/judged-concurrency.ts';
import type * as WriteReports from './write-reports.ts';

/** What ships is what is tested: the compiled judge and writer. */
const compiled = (module: string) =>
  new URL(`../../dist/profiling/report/${module}.js`, import.meta.url).href;

let folder = '';
let address = '';
let browser: Browser;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'touchline-page-'));
  const { judgedConcurrency }: typeof JudgedConcurrency = await import(
    compiled('concurrency/judged-concurrency')
  );
  const { writeReports }: typeof WriteReports = await import(compiled('write-reports'));
  const files = await writeReports({
    ...judgedConcurrency(sampleRecord()),
    runFolder: join(folder, 'run'),
    latestFolder: join(folder, 'latest'),
  });
  address = pathToFileURL(files.htmlFile).href;
  browser = await launchChromium(process.env['CHROMIUM_PATH']);
});
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

interface Opened {
  readonly page: Page;
  readonly messages: readonly string[];
  readonly requests: readonly string[];
}

async function open(width: number, colorScheme: 'light' | 'dark' = 'light'): Promise<Opened> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  const messages: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => messages.push(message.text()));
  page.on('pageerror', (error) => messages.push(error.message));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(address);
  return { page, messages, requests };
}

describe.each([
  ['a desk', 1_280],
  ['a phone', 400],
])('report.html on %s', (_, width) => {
  it('draws its charts, complains about nothing and asks for nothing but itself', async () => {
    const { page, messages, requests } = await open(width);
    const charts = await page.evaluate(() =>
      [...document.querySelectorAll('figure svg')].map((svg) => {
        const { width, height } = svg.getBoundingClientRect();
        return {
          width,
          height,
          paths: svg.querySelectorAll('path').length,
          label: svg.getAttribute('aria-label'),
        };
      }),
    );
    const shown = charts.filter((chart) => chart.width > 0);
    expect(shown).toHaveLength(6);
    for (const chart of shown) {
      expect(chart.width).toBeGreaterThan(300);
      expect(chart.height).toBeGreaterThan(200);
      expect(chart.paths).toBeGreaterThan(5);
      expect(chart.label?.length).toBeGreaterThan(40);
    }
    expect(messages).toEqual([]);
    expect(requests.filter((url) => url !== address && !url.startsWith('data:'))).toEqual([]);
    await page.close();
  });

  it('shows the verdict on the first screen and never scrolls sideways', async () => {
    const { page } = await open(width);
    const box = await page.locator('.verdict .sentence').boundingBox();
    expect(box?.y).toBeLessThan(200);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    await page.close();
  });
});

it('turns dark with the reader, text and charts alike', async () => {
  const ink = async (scheme: 'light' | 'dark') => {
    const { page } = await open(1_280, scheme);
    const colours = await page.evaluate(() => {
      const legend = document.querySelector('figure svg text');
      return [
        getComputedStyle(document.body).backgroundColor,
        legend === null ? '' : getComputedStyle(legend).fill,
      ];
    });
    await page.close();
    return colours;
  };
  const [light, dark] = [await ink('light'), await ink('dark')];
  expect(light[0]).not.toBe(dark[0]);
  expect(light[1]).toMatch(/^rgb/);
  expect(light[1]).not.toBe(dark[1]);
});

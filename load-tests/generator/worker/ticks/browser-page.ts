/** The page of a browser reader as its worker holds it: each of its answers may take as long as its main thread is busy. */

import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../../ticks/browser/chromium.ts';
import { comparePageClock } from '../../ticks/browser/page-clock.ts';
import type { PageReport, PageStart, PageState, PageWindow } from '../../ticks/browser/page-contract.ts';

const VIEWPORT = { width: 1_024, height: 768 };
const SCREENSHOT_TIMEOUT_MS = 10_000;

export class BrowserPage {
  readonly version: string;
  readonly clockErrorUs: number;
  readonly clockResolutionUs: number;
  readonly #browser: Browser;
  readonly #page: Page;
  readonly #toMonotonicUs: number;

  private constructor(browser: Browser, page: Page, clock: PageClocks) {
    this.#browser = browser;
    this.#page = page;
    this.version = browser.version();
    this.clockResolutionUs = clock.resolutionUs;
    this.clockErrorUs = clock.errorUs + clock.resolutionUs;
    this.#toMonotonicUs = clock.toMonotonicUs;
  }

  /** Starts a browser with a fresh profile and opens the page in it. */
  static async open(pageOrigin: string, executablePath: string | undefined): Promise<BrowserPage> {
    const browser = await launchChromium(executablePath);
    try {
      const page = await browser.newPage({ viewport: VIEWPORT });
      await page.goto(pageOrigin, { waitUntil: 'load' });
      await page.waitForFunction('globalThis.touchline !== undefined');
      const resolutionUs = await page.evaluate<number>('touchline.clockResolutionUs()');
      const clock = await comparePageClock(async () => await page.evaluate<number>('touchline.now()'));
      return new BrowserPage(browser, page, { ...clock, resolutionUs });
    } catch (error) {
      await browser.close();
      throw error;
    }
  }

  /** Called when the browser is gone, or its page. */
  onGone(take: () => void): void {
    this.#browser.on('disconnected', take);
    this.#page.on('crash', take);
  }

  /** Null when the page had its hello, else why not. */
  async start(start: Omit<PageStart, 'toMonotonicUs'>): Promise<string | null> {
    const whole: PageStart = { ...start, toMonotonicUs: this.#toMonotonicUs };
    return await this.#page.evaluate<string | null>(`touchline.start(${JSON.stringify(whole)})`);
  }

  /** @param startUs and `endUs`: µs of the monotonic clock */
  async measure(startUs: number, endUs: number): Promise<void> {
    const toPageMs = (us: number): number => (us - this.#toMonotonicUs) / 1_000;
    const window: PageWindow = { startMs: toPageMs(startUs), endMs: toPageMs(endUs) };
    await this.#page.evaluate(`touchline.measure(${JSON.stringify(window)})`);
  }

  async state(): Promise<PageState> {
    return await this.#page.evaluate<PageState>('touchline.state()');
  }

  /** Begins to close the connection; resolves to what the page received. */
  async close(): Promise<PageReport> {
    return await this.#page.evaluate<PageReport>('touchline.close()');
  }

  /** Resolves when the connection is gone, or the time is over. */
  async closed(timeoutMs: number): Promise<void> {
    await this.#page.evaluate(`touchline.closed(${timeoutMs})`);
  }

  /** A PNG; false when the page is too busy to be drawn. */
  async screenshot(path: string): Promise<boolean> {
    try {
      await this.#page.screenshot({ path, timeout: SCREENSHOT_TIMEOUT_MS });
      return true;
    } catch {
      return false;
    }
  }

  /** Ends the browser; its profile goes with it. */
  async end(): Promise<void> {
    await this.#browser.close();
  }
}

interface PageClocks {
  readonly toMonotonicUs: number;
  readonly errorUs: number;
  readonly resolutionUs: number;
}

/** The one reader of a worker that is a page in a real browser. */

import type { LoadWindow } from '../../latency/latency-book.ts';
import { LatencyHistogram } from '../../latency/latency-histogram.ts';
import { monotonicUs } from '../../monotonic-clock.ts';
import type { PageReport } from '../../ticks/browser/page-contract.ts';
import { readTreeUsage, type TreeUsage } from '../../ticks/browser/process-tree.ts';
import type { TickReport } from '../../ticks/tick-messages.ts';
import { type FullTickPlan, tickUrl } from '../../ticks/tick-plan.ts';
import type { TickBrowser } from '../../ticks/tick-result.ts';
import type { ConnectReport } from '../../worker-messages.ts';
import { BrowserPage } from './browser-page.ts';
import { meterReportOf, NOTHING_METERED } from './browser-report.ts';
import type { TickReaders } from './tick-readers.ts';

/** How often the page is asked how it stands; not before it has answered. */
const POLL_INTERVAL_MS = 500;
/** A page whose main thread is busy with messages needs time to say what it counted: without it nothing was measured. */
const REPORT_TIMEOUT_MS = 30_000;

/** The browser's processes at a moment, µs of the monotonic clock. */
interface UsageReading {
  readonly atUs: number;
  readonly usage: TreeUsage | null;
}

export class BrowserTickReader implements TickReaders {
  readonly paused = 0;
  ticks = 0;
  readonly reads = 0;
  lost = 0;
  onDeserted: () => void = () => undefined;
  readonly #plan: FullTickPlan;
  #page: BrowserPage | null = null;
  #report: PageReport | null = null;
  #wasConnected = false;
  #ended: string | null = null;
  #isClosed = false;
  #pollTimer: NodeJS.Timeout | undefined;
  #isAsking = false;
  #usageTimer: NodeJS.Timeout | undefined;
  #usageBefore: UsageReading | null = null;
  #usageAfter: UsageReading | null = null;
  #screenshotFile: string | null = null;
  readonly #halted: Promise<'interrupted'>;
  #halt: () => void = () => undefined;

  constructor(plan: FullTickPlan) {
    this.#plan = plan;
    this.#halted = new Promise((resolve) => {
      this.#halt = () => resolve('interrupted');
    });
  }

  get connected(): number {
    return this.#wasConnected && !this.#isClosed && this.#ended === null ? 1 : 0;
  }

  async connect(): Promise<ConnectReport> {
    const { browser, clientId, format, reader, timeEvery, ackEveryMs, connectTimeoutMs } = this.#plan;
    const page = await BrowserPage.open(browser?.pageOrigin ?? '', browser?.executablePath);
    this.#page = page;
    page.onGone(() => this.#end('browser_gone'));
    const startedUs = monotonicUs();
    const failure = await Promise.race([
      this.#halted,
      page.start({
        wsUrl: tickUrl(this.#plan).href,
        format,
        mode: reader === 'browser-naive' ? 'naive' : 'sampled',
        clientId,
        timeEvery,
        ackEveryMs,
        connectTimeoutMs,
      }),
    ]);
    if (failure === null) {
      this.#wasConnected = true;
      this.#pollTimer = setInterval(() => this.#poll(page), POLL_INTERVAL_MS);
    }
    return connectReport(startedUs, failure);
  }

  load({ measureStartUs, measureEndUs }: LoadWindow): void {
    // A browser that is gone says so by itself.
    this.#page?.measure(measureStartUs, measureEndUs).catch(() => undefined);
    const waitMs = Math.max((measureStartUs - monotonicUs()) / 1_000, 0);
    this.#usageTimer = setTimeout(() => {
      this.#usageBefore = readUsage();
    }, waitMs);
  }

  async finish(): Promise<void> {
    this.#usageAfter ??= readUsage();
    const file = this.#plan.browser?.screenshotFile;
    if (file !== undefined && (await this.#page?.screenshot(file)) === true) this.#screenshotFile = file;
  }

  async close(timeoutMs: number): Promise<void> {
    clearInterval(this.#pollTimer);
    clearTimeout(this.#usageTimer);
    this.#usageAfter ??= readUsage();
    const page = this.#page;
    if (page === null) return;
    if (this.#wasConnected) {
      this.#report = await orNull(page.close(), REPORT_TIMEOUT_MS);
      await orNull(page.closed(timeoutMs), timeoutMs);
    }
    this.#isClosed = true;
    await page.end();
  }

  halt(): void {
    this.#usageAfter ??= readUsage();
    this.#halt();
  }

  latencySoFar(): null {
    return null;
  }

  report(): Omit<TickReport, 'window'> {
    const report = this.#report;
    return {
      books: report === null ? [] : [report.books],
      // What came after close() was not shown to the page.
      undetermined: report === null ? 0 : 1,
      acknowledged: report?.acknowledged ?? 0,
      meter: report === null ? NOTHING_METERED : meterReportOf(report),
      disconnects: this.#ended === null ? [] : [{ reason: this.#ended, count: 1 }],
      slowReaders: { count: 0, books: [], ended: [] },
      clockErrorUs: this.#page?.clockErrorUs ?? 0,
      browser: this.#browser(),
    };
  }

  #poll(page: BrowserPage): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    page
      .state()
      .then(({ received, lost, ended }) => {
        this.ticks = received;
        this.lost = lost;
        if (ended !== null) this.#end(ended);
      })
      .catch(() => undefined)
      .finally(() => {
        this.#isAsking = false;
      });
  }

  /** The connection ended though nobody closed it. What the page counted is still there to be asked for. */
  #end(reason: string): void {
    if (this.connected === 0) return;
    this.#ended = reason;
    this.onDeserted();
  }

  #browser(): TickBrowser | null {
    if (this.#page === null) return null;
    const [before, after] = [this.#usageBefore, this.#usageAfter];
    const isKnown = before?.usage != null && after?.usage != null;
    const seconds = ((after?.atUs ?? 0) - (before?.atUs ?? 0)) / 1e6;
    return {
      version: this.#page.version,
      cpuRatio: isKnown && seconds > 0 ? cpuSecondsBetween(before, after) / seconds : null,
      rssBytes: after?.usage?.rssBytes ?? null,
      frames: this.#report?.frames ?? 0,
      rowsWritten: this.#report?.rowsWritten ?? 0,
      longestFrameMs: this.#report?.longestFrameMs ?? 0,
      clockResolutionUs: this.#page.clockResolutionUs,
      screenshotFile: this.#screenshotFile,
    };
  }
}

function connectReport(startedUs: number, failure: string | null): ConnectReport {
  const finishedUs = monotonicUs();
  const latency = new LatencyHistogram();
  if (failure === null) latency.record(finishedUs - startedUs);
  return {
    attempted: 1,
    connected: failure === null ? 1 : 0,
    startedUs,
    finishedUs,
    latency: latency.encode(),
    failures: failure === null ? [] : [{ reason: failure, count: 1 }],
  };
}

/** The browser is this process's only child. */
function readUsage(): UsageReading {
  return { atUs: monotonicUs(), usage: readTreeUsage(process.pid) };
}

function cpuSecondsBetween(before: UsageReading | null, after: UsageReading | null): number {
  return Math.max((after?.usage?.cpuSeconds ?? 0) - (before?.usage?.cpuSeconds ?? 0), 0);
}

/** Null when it takes longer, or fails. */
async function orNull<T>(work: Promise<T>, timeoutMs: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), timeoutMs);
  });
  try {
    return await Promise.race([work, tooLate]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

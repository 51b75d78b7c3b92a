/** One load of HTTP requests, phase by phase, in the publisher process. */

import { PROGRESS_INTERVAL_MS } from '../crew.ts';
import type { LoadWindow } from '../latency/latency-book.ts';
import { LatencyHistogram } from '../latency/latency-histogram.ts';
import type { WorkerUsage } from '../load-result.ts';
import { machineCpuRatio, readMachineTicks } from '../machine-usage.ts';
import { monotonicUs } from '../monotonic-clock.ts';
import { type StopReason, StopSignal } from '../stop-signal.ts';
import type { WindowReport } from '../worker-messages.ts';
import type { WorkerProcess } from '../worker-process.ts';
import type { FromWorkerOf } from '../worker-traffic.ts';
import type { HttpLoadPlan, HttpObserver, HttpPhase, HttpProgress } from './http-plan.ts';
import type { HttpLoadResult } from './http-result.ts';

/**
 * autocannon looks once a second whether it is to end, counted from its start: a window that ends a little earlier
 * leaves room for the last answers, and does not wait for the next second.
 */
const END_LEAD_US = 40_000;

export interface HttpRunOptions {
  readonly plan: HttpLoadPlan;
  readonly observer: HttpObserver;
  readonly worker: WorkerProcess;
}

export class HttpRun {
  readonly #options: HttpRunOptions;
  readonly #stop = new StopSignal();
  #window: LoadWindow;
  #phase: HttpPhase = 'warm-up';
  #phaseFailure: unknown;
  #measureStartedAt = 0;
  #machineCpuRatio: number | null = null;
  #last = { answers: 0, atUs: monotonicUs() };

  constructor(options: HttpRunOptions) {
    this.#options = options;
    this.#window = windowOf(options.plan);
  }

  /** Ends the load soon, with what was measured. */
  stop(reason: StopReason): void {
    if (!this.#stop.stop(reason)) return;
    this.#options.worker.tell({ type: 'http-halt' });
  }

  /** Lets go of timers after a failure of the worker. */
  abandon(): void {
    this.#stop.stop('interrupted');
  }

  /** Carries the load out. */
  async execute(): Promise<HttpLoadResult> {
    const { worker, observer, plan } = this.#options;
    await worker.ask({ type: 'http-prepare' }, 'http-prepared');
    // Only now: what a worker said before this may be of the load before.
    worker.resetProgress();
    this.#window = windowOf(plan);
    const timer = setInterval(() => observer.progress(this.#progress()), PROGRESS_INTERVAL_MS);
    try {
      const fired = worker.ask({ type: 'http-fire', plan, window: this.#window }, 'http-fired');
      if (this.#stop.reason !== null) worker.tell({ type: 'http-halt' });
      // Given up by every connection, or nothing to fire at: it is over before its time.
      const over = fired.then(
        ({ report, autocannon }) => {
          if (report.givenUp === plan.connections || autocannon === null) this.stop('lost-target');
        },
        () => undefined,
      );
      await this.#follow();
      const answer = await fired;
      await over;
      if (this.#phaseFailure !== undefined) throw this.#phaseFailure;
      return this.#result(answer);
    } finally {
      clearInterval(timer);
    }
  }

  /** Watches the window from outside, while the worker follows the clock by itself. */
  async #follow(): Promise<void> {
    this.#enter('warm-up');
    await this.#stop.pause((this.#window.measureStartUs - monotonicUs()) / 1_000);
    if (this.#stop.reason !== null) return;
    this.#measureStartedAt = Date.now();
    const before = readMachineTicks();
    this.#enter('measure');
    await this.#stop.pause((this.#window.measureEndUs - monotonicUs()) / 1_000);
    this.#machineCpuRatio = machineCpuRatio(before, readMachineTicks());
    this.#enter('drain');
  }

  /** Not awaited: the window runs on time. What goes wrong in there fails the run at its end. */
  #enter(phase: HttpPhase): void {
    this.#phase = phase;
    Promise.resolve(this.#options.observer.phase(phase)).catch((error: unknown) => {
      this.#phaseFailure = error;
    });
  }

  #progress(): HttpProgress {
    const { progress } = this.#options.worker;
    const nowUs = monotonicUs();
    const answers = progress?.received ?? 0;
    const seconds = (nowUs - this.#last.atUs) / 1e6;
    const answersPerSecond = seconds > 0 ? Math.max(answers - this.#last.answers, 0) / seconds : 0;
    this.#last = { answers, atUs: nowUs };
    const latency = progress?.latency ?? null;
    return {
      phase: this.#phase,
      remainingMs: Math.max((this.#window.measureEndUs - nowUs) / 1_000, 0),
      answers,
      answersPerSecond,
      p99Ms: latency === null ? null : LatencyHistogram.unpack(latency, 2).quantileMs(0.99),
      failed: progress?.gaps ?? 0,
    };
  }

  #result({ report, window, autocannon }: FromWorkerOf<'http-fired'>): HttpLoadResult {
    const { plan } = this.#options;
    const isMeasured = this.#measureStartedAt > 0;
    const { endUs, answersInWindow, bytesInWindow, firstHalf, secondHalf, seconds, ...totals } = report;
    const state = this.#stop.reason ?? 'completed';
    const achievedMs = isMeasured ? (endUs - this.#window.measureStartUs) / 1_000 : 0;
    return {
      state,
      connections: plan.connections,
      measureStartedAt: this.#measureStartedAt,
      measureRequestedMs: plan.measureMs,
      measureAchievedMs: Math.max(achievedMs, 0),
      ...totals,
      statuses: [...totals.statuses],
      failures: [...totals.failures],
      window: {
        answers: answersInWindow,
        bytes: bytesInWindow,
        firstHalf,
        secondHalf,
        seconds: [...seconds],
      },
      autocannon,
      workers: this.#usage(window, plan.connections - report.givenUp),
      machineCpuRatio: this.#machineCpuRatio,
    };
  }

  #usage(window: WindowReport | null, connections: number): WorkerUsage[] {
    if (window === null) return [];
    const { index, pid } = this.#options.worker;
    const { elapsedMs, cpuSeconds: _, ...usage } = window.usage;
    const answersPerSecond = (window.deliveries * 1_000) / Math.max(elapsedMs, 1);
    return [
      { worker: index, role: 'publisher', pid, connections, deliveriesPerSecond: answersPerSecond, ...usage },
    ];
  }
}

/** From now on. */
function windowOf({ warmUpMs, measureMs }: HttpLoadPlan): LoadWindow {
  const startUs = monotonicUs();
  const measureStartUs = startUs + warmUpMs * 1_000;
  const leadUs = Math.min(END_LEAD_US, measureMs * 100);
  return { startUs, measureStartUs, measureEndUs: measureStartUs + measureMs * 1_000 - leadUs };
}

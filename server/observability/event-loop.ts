/** Event-loop delay and utilisation of this process, by a sampler of our own. */

import { performance } from 'node:perf_hooks';
import type { BucketHistogram } from '../hub/bucket-histogram.ts';
import { LoopDelayRecorder } from './loop-delay-recorder.ts';
import { METRIC_CATALOGUE } from './metric-catalogue.ts';
import { BUSY_PERIOD_MS, SamplingPace } from './sampling-pace.ts';

/** The time readiness looks back (PROTOCOLS.md, `/readyz`). */
const RECENT_MS = 10_000;

export interface EventLoopMonitor {
  /** Seconds, cumulative, time-weighted. */
  readonly delaySeconds: BucketHistogram;
  /** Event-loop delay of the last 10 s, 99th percentile. */
  readinessP99Ms(): number;
  /** Time the loop was busy since the process started. */
  activeSeconds(): number;
  /** Time the loop waited for events since the process started. */
  idleSeconds(): number;
  start(): void;
  stop(): void;
}

export interface EventLoopMonitorOptions {
  /** Monotonic ms. */
  readonly now?: () => number;
  /** How long the loop has been busy since the process started. */
  readonly activeMs?: () => number;
}

/**
 * Samples with a timer that does not keep the process alive. `perf_hooks.monitorEventLoopDelay` is not used:
 * it counts its own resolution as delay (an idle process reads 10 ms) and can only be reset for all readers.
 *
 * @see https://nodejs.org/docs/latest-v20.x/api/perf_hooks.html#perf_hooksmonitoreventloopdelayoptions
 */
export function createEventLoopMonitor(options: EventLoopMonitorOptions = {}): EventLoopMonitor {
  const now = options.now ?? (() => performance.now());
  const recorder = new LoopDelayRecorder({
    resolutionMs: BUSY_PERIOD_MS,
    bounds: METRIC_CATALOGUE.touchline_loop_delay_seconds.buckets,
    recentMs: RECENT_MS,
  });
  const activeMs = options.activeMs ?? (() => performance.eventLoopUtilization().active);
  let timer: NodeJS.Timeout | null = null;
  const sampleAfter = (pace: SamplingPace): NodeJS.Timeout => {
    const { periodMs } = pace;
    const sample = () => {
      const nowMs = now();
      pace.sampled(nowMs, recorder.tick(nowMs, periodMs));
      if (pace.periodMs === periodMs) timer?.refresh();
      else timer = sampleAfter(pace);
    };
    return setTimeout(sample, periodMs).unref();
  };
  return {
    delaySeconds: recorder.histogram,
    readinessP99Ms: () => recorder.recentP99Ms(),
    activeSeconds: () => activeMs() / 1000,
    idleSeconds: () => performance.eventLoopUtilization().idle / 1000,
    start() {
      if (timer !== null) return;
      const pace = new SamplingPace(now(), activeMs);
      recorder.tick(now(), pace.periodMs);
      timer = sampleAfter(pace);
    },
    stop() {
      if (timer === null) return;
      clearTimeout(timer);
      timer = null;
      recorder.pause();
    },
  };
}

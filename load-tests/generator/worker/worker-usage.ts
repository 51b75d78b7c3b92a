/** What a generator process itself uses over the measured window: whether its figures can be trusted. */

import { readdirSync } from 'node:fs';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { SpareDescriptor } from './spare-descriptor.ts';

/** The timer's own interval, which Node counts into every delay. */
const RESOLUTION_MS = 10;

/** Taken before any connection: running out of descriptors is something to report, not to die of. */
const spareDescriptor = new SpareDescriptor();

/** One process over one window. */
export interface ProcessUsage {
  /** CPU seconds per second: 1 is a whole core. */
  readonly cpuRatio: number;
  readonly cpuSeconds: number;
  readonly loopDelayP99Ms: number;
  readonly loopUtilisationRatio: number;
  readonly elapsedMs: number;
  readonly rssBytes: number;
  readonly openFds: number;
}

/** What a process used over the last half second. */
export interface MomentUsage {
  /** CPU seconds per second: 1 is a whole core. */
  readonly cpuRatio: number;
  readonly loopDelayP99Ms: number;
}

/** Measures this process from construction to {@link end}. */
export class UsageWindow {
  readonly #startedMs = performance.now();
  readonly #cpu = process.cpuUsage();
  readonly #loop = performance.eventLoopUtilization();
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  constructor() {
    this.#delay.enable();
  }

  end(): ProcessUsage {
    this.#delay.disable();
    const elapsedMs = performance.now() - this.#startedMs;
    const cpu = process.cpuUsage(this.#cpu);
    const cpuSeconds = (cpu.user + cpu.system) / 1e6;
    const loop = performance.eventLoopUtilization(this.#loop);
    return {
      cpuRatio: elapsedMs > 0 ? (cpuSeconds * 1_000) / elapsedMs : 0,
      cpuSeconds,
      loopDelayP99Ms: delayMs(this.#delay.percentile(99)),
      loopUtilisationRatio: loop.utilization,
      elapsedMs,
      ...spareDescriptor.lend(() => ({ rssBytes: process.memoryUsage.rss(), openFds: openFdCount() })),
    };
  }
}

/** The same for the live display: from one reading to the next, for as long as the process lives. */
export class UsageMeter {
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #readMs = performance.now();
  #cpu = process.cpuUsage();

  constructor() {
    this.#delay.enable();
  }

  read(): MomentUsage {
    const nowMs = performance.now();
    const cpu = process.cpuUsage();
    const cpuMs = (cpu.user + cpu.system - this.#cpu.user - this.#cpu.system) / 1_000;
    const elapsedMs = nowMs - this.#readMs;
    const usage = {
      cpuRatio: elapsedMs > 0 ? cpuMs / elapsedMs : 0,
      loopDelayP99Ms: delayMs(this.#delay.percentile(99)),
    };
    this.#readMs = nowMs;
    this.#cpu = cpu;
    this.#delay.reset();
    return usage;
  }
}

/** Takes the timer's interval off a recorded delay of nanoseconds. */
function delayMs(recordedNs: number): number {
  // With nothing recorded the percentile is 0.
  return Math.max(recordedNs / 1e6 - RESOLUTION_MS, 0);
}

/** Open file descriptors of this process; 0 where /proc does not tell. */
function openFdCount(): number {
  try {
    // One of them is the folder being read.
    return readdirSync('/proc/self/fd').length - 1;
  } catch {
    return 0;
  }
}

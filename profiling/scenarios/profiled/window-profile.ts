/** The profiles of one window: started before it, cut to it, read after it. */

import { cutProfile } from '../../cpu/sample-times.ts';
import {
  parseCpuProfile,
  parseHeapProfile,
  type V8CpuProfile,
  type V8HeapProfile,
} from '../../cpu/v8-profiles.ts';
import type { ProfileSource } from '../../run/profile-source.ts';

/** What is profiled. */
export interface ProfileKinds {
  readonly cpu: boolean;
  readonly heap: boolean;
}

export interface TakenProfiles {
  readonly cpu: V8CpuProfile | null;
  readonly heap: V8HeapProfile | null;
  /** Of the window. */
  readonly durationMs: number;
}

/** Node's own: 1,000 looks a second. */
export const CPU_INTERVAL_US = 1_000;
/** Names the allocating line within 2 %; V8's own 32,768 misses 40 % of the bytes. */
export const HEAP_INTERVAL_BYTES = 4_096;

/**
 * Starting a profile stops the process for a moment, and so does reading one: both lie outside of the window, and the
 * samples before and after it are cut away.
 */
export class WindowProfile {
  readonly #source: ProfileSource;
  readonly #kinds: ProfileKinds;
  readonly #startedAtMs: number;
  #fromMs: number | null = null;
  #toMs: number | null = null;

  private constructor(source: ProfileSource, kinds: ProfileKinds) {
    this.#source = source;
    this.#kinds = kinds;
    this.#startedAtMs = performance.now();
  }

  /** @throws TouchlineError where the process gives no profile */
  static async start(source: ProfileSource, kinds: ProfileKinds): Promise<WindowProfile> {
    if (kinds.heap) await source.startHeap(HEAP_INTERVAL_BYTES);
    if (!kinds.cpu) return new WindowProfile(source, kinds);
    try {
      await source.startCpu(CPU_INTERVAL_US);
    } catch (error) {
      if (kinds.heap) await source.stopHeap().catch(() => undefined);
      throw error;
    }
    return new WindowProfile(source, kinds);
  }

  /** The window begins now. */
  begin(): void {
    this.#fromMs ??= performance.now() - this.#startedAtMs;
  }

  /** The window ends now. */
  end(): void {
    this.#toMs ??= performance.now() - this.#startedAtMs;
  }

  /**
   * Stops both, whatever comes of it.
   *
   * @returns null where the window never began
   * @throws TouchlineError where one of them could not be read
   */
  async take(): Promise<TakenProfiles | null> {
    this.end();
    const [cpu, heap] = await Promise.allSettled([
      this.#kinds.cpu ? this.#source.stopCpu() : null,
      this.#kinds.heap ? this.#source.stopHeap() : null,
    ]);
    if (cpu.status === 'rejected') throw cpu.reason;
    if (heap.status === 'rejected') throw heap.reason;
    const fromMs = this.#fromMs;
    const toMs = this.#toMs ?? 0;
    if (fromMs === null) return null;
    return {
      cpu: cpu.value === null ? null : cutProfile(parseCpuProfile(cpu.value, 'the target'), fromMs, toMs),
      heap: heap.value === null ? null : parseHeapProfile(heap.value, 'the target'),
      durationMs: toMs - fromMs,
    };
  }
}

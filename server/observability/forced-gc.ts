/** Garbage collection on demand, so that memory can be compared without what is merely waiting for collection. */

import { performance } from 'node:perf_hooks';
import { TouchlineError } from '../protocol/touchline-error.ts';
import { type MemoryUsage, readMemoryUsage } from './process-usage.ts';

export interface ForcedGc {
  readonly collected: true;
  readonly durationMs: number;
  readonly before: MemoryUsage;
  readonly after: MemoryUsage;
}

/**
 * Runs a full collection and reads memory on both sides of it.
 *
 * @throws TouchlineError `TL_GC_UNAVAILABLE` when Node runs without --expose-gc
 */
export async function forceGc(): Promise<ForcedGc> {
  const gc = globalThis.gc;
  if (gc === undefined) {
    throw new TouchlineError(
      'TL_GC_UNAVAILABLE',
      'expected a server started with node --expose-gc; it runs without, so garbage collection cannot be forced',
    );
  }
  const before = readMemoryUsage();
  const startedAtMs = performance.now();
  gc();
  // Finalizers of buffers run after a turn of the loop; a second collection takes what they let go.
  await new Promise(setImmediate);
  gc();
  const durationMs = performance.now() - startedAtMs;
  return { collected: true, durationMs, before, after: readMemoryUsage() };
}

/** How fast one core of this machine copies memory: no server can hand on bytes faster. */

import { median } from '../../../load-tests/calibration/median.ts';

/** Larger than any cache. */
const BUFFER_BYTES = 64 * 1024 * 1024;
const PASSES = 9;

/** @returns bytes copied a second, the median of some passes; takes about a fifth of a second */
export function measureCopyBytesPerSecond(): number {
  const source = Buffer.alloc(BUFFER_BYTES, 1);
  const target = Buffer.alloc(BUFFER_BYTES, 2);
  const rates: number[] = [];
  for (let pass = 0; pass < PASSES; pass += 1) {
    const startedMs = performance.now();
    source.copy(target);
    rates.push((BUFFER_BYTES * 1_000) / (performance.now() - startedMs));
  }
  return median(rates);
}

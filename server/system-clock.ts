import { performance } from 'node:perf_hooks';
import type { Clock } from './hub/clock.ts';

/** The clocks of this process. */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  epochMs: () => Date.now(),
  hrtimeNs: () => process.hrtime.bigint(),
};

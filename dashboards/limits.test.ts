/** The limits that boards draw are those that runs are judged by. */
import { expect, it } from 'vitest';
import { THRESHOLDS } from '../profiling/verdict/thresholds.ts';
import { SETTINGS } from '../server/settings.ts';
import { LIMITS } from './limits.ts';

it('equal the thresholds and the defaults they stand for', () => {
  expect(LIMITS).toMatchObject({
    deliveryP50Seconds: THRESHOLDS.p50.limit / 1000,
    deliveryP95Seconds: THRESHOLDS.p95.limit / 1000,
    deliveryP99Seconds: THRESHOLDS.p99.limit / 1000,
    tickLagSeconds: THRESHOLDS['tick-p99'].limit / 1000,
    rssPerConnectionBytes: THRESHOLDS['rss-per-connection'].limit,
    cpuPer1000Cores: THRESHOLDS['cpu-per-1000'].limit,
    queueAgeSeconds: SETTINGS.WS_MAX_BUFFERED_AGE_MS.defaultValue / 1000,
  });
});

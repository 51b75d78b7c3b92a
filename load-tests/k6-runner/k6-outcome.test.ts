import { describe, expect, it } from 'vitest';
import { METRICS } from '../k6/lib/metric-names.ts';
import type { K6Summary } from '../k6/lib/summary.ts';
import { outcomeOf } from './k6-outcome.ts';

const LATENCY = METRICS.deliveryLatency;
const LOSS = METRICS.deliveriesAmiss;

const summary = (more: Partial<K6Summary> = {}) =>
  ({ limits: [], iterations: 95, droppedIterations: 0, unfinished: 0, latencyMs: {}, ...more }) as K6Summary;

/** Limits that broke, with k6 so late (p99) against its schedule. */
const broke = (lagMs: number, ...metrics: string[]) =>
  summary({
    limits: metrics.map((metric) => ({ metric, expression: 'p(99)<50', observed: 60, held: false })),
    latencyMs: { scheduleLag: { 'p(99)': lagMs } },
  });

describe('outcomeOf', () => {
  it.each([
    ['held', { code: 0, summary: summary() }, 0, 'pass'],
    ['broken limits', { code: 99, summary: summary() }, 1, 'fail'],
    ['broken limits on a sick rig', { code: 99, summary: summary({ droppedIterations: 3 }) }, 1, 'fail'],
    ['latencies of a k6 that was late', { code: 99, summary: broke(11, LATENCY) }, 4, 'inconclusive'],
    ['latencies of a k6 that kept its time', { code: 99, summary: broke(9, LATENCY) }, 1, 'fail'],
    ['loss beside latencies of a late k6', { code: 99, summary: broke(11, LATENCY, LOSS) }, 1, 'fail'],
    ['a little less load than asked for', { code: 0, summary: summary({ droppedIterations: 5 }) }, 0, 'pass'],
    ['less load than asked for', { code: 0, summary: summary({ droppedIterations: 6 }) }, 4, 'inconclusive'],
    ['clients cut short', { code: 0, summary: summary({ unfinished: 1 }) }, 4, 'inconclusive'],
    ['a script that is wrong', { code: 107, summary: null }, 3, 'none'],
    ['a signal', { code: null, summary: null }, 3, 'none'],
    ['no summary', { code: 0, summary: null }, 3, 'none'],
    ['Ctrl-C', { code: 105, summary: summary(), interrupted: true }, 130, 'none'],
  ])('%s', (_name, end, exitCode, verdict) => {
    expect(outcomeOf({ interrupted: false, ...end })).toMatchObject({ exitCode, verdict });
  });
});

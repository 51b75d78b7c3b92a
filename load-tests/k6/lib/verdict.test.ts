import { expect, it } from 'vitest';
import { METRICS } from './metric-names.ts';
import { type Judged, verdictOf } from './verdict.ts';

const LATENCY = METRICS.deliveryLatency;
const LOSS = METRICS.deliveriesAmiss;

const judged = (more: Partial<Judged> = {}): Judged => ({
  held: true,
  limits: [],
  iterations: 95,
  droppedIterations: 0,
  unfinished: 0,
  latencyMs: {},
  ...more,
});

/** Limits that broke, with k6 so late (p99) against its schedule. */
const broke = (lagMs: number, ...metrics: string[]) =>
  judged({
    held: false,
    limits: metrics.map((metric) => ({ metric, expression: 'p(99)<50', observed: 60, held: false })),
    latencyMs: { scheduleLag: { 'p(99)': lagMs } },
  });

it.each([
  ['held', judged(), 'pass'],
  ['broken limits on a sick rig', { ...broke(0, LOSS), droppedIterations: 3 }, 'fail'],
  ['latencies of a k6 that was late', broke(11, LATENCY), 'inconclusive'],
  ['latencies of a k6 that kept its time', broke(9, LATENCY), 'fail'],
  ['loss beside latencies of a late k6', broke(11, LATENCY, LOSS), 'fail'],
  ['a little less load than asked for', judged({ droppedIterations: 5 }), 'pass'],
  ['less load than asked for', judged({ droppedIterations: 6 }), 'inconclusive'],
  ['clients cut short', judged({ unfinished: 1 }), 'inconclusive'],
])('%s', (_, one, verdict) => {
  expect(verdictOf(one)).toBe(verdict);
});

import { expect, it } from 'vitest';
import { LatencyHistogram } from '../../load-tests/generator/latency/latency-histogram.ts';
import { analyseConcurrency } from '../analysis/concurrency/analyse-concurrency.ts';
import type { ConcurrencyRecord } from '../record/concurrency-record.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { sampleTier, type TierKnobs } from '../testing/sample-tier.ts';
import { validityOf } from './validity.ts';
import { VALIDITY_CODES, type ValidityCode } from './verdict.ts';

const clean = sampleTier(100);
const { load } = clean;
const [subscriber, publisher] = load.workers;
if (subscriber === undefined || publisher === undefined) throw new Error('the sample has two workers');
const workers = (change: object): TierKnobs => ({
  load: { workers: [{ ...subscriber, ...change }, publisher] },
});
const lag = sampleTier(100, { delayMs: 400 }).load.latency.response;

function codesOf(knobs: TierKnobs, changes: Partial<ConcurrencyRecord> = {}): readonly ValidityCode[] {
  const record = sampleRecord({ tiers: [sampleTier(100, knobs)], ...changes });
  const [tier] = analyseConcurrency(record).tiers;
  return tier === undefined ? [] : validityOf(tier, record).map((problem) => problem.code);
}

const shortfall = (scheduleLag: string): TierKnobs => ({
  load: { publish: { ...load.publish, achievedPerSecond: 9, scheduleLag } },
});
const stoppedAt = (connections: number, reason: string): TierKnobs => ({
  load: {
    workers: [{ ...subscriber, connections }, { ...subscriber, worker: 2, connections }, publisher],
    connect: {
      ...load.connect,
      connected: 2 * connections,
      failures: [{ reason, count: 100 - 2 * connections }],
    },
  },
});

const none = new LatencyHistogram().encode();
const silence = { response: none, service: none, firstHalf: none, secondHalf: none, negative: 0 };

const CASES: readonly (readonly [code: ValidityCode, sick: TierKnobs, healthy: TierKnobs])[] = [
  ['generator-cpu', workers({ cpuRatio: 0.81 }), workers({ cpuRatio: 0.8 })],
  ['machine-cpu', { load: { machineCpuRatio: 0.91 } }, { load: { machineCpuRatio: 0.9 } }],
  ['generator-loop', workers({ loopDelayP99Ms: 10.1 }), workers({ loopDelayP99Ms: 10 })],
  ['rate-not-achieved', shortfall(lag), shortfall(load.publish.scheduleLag)],
  [
    'delivered-above-expected',
    { ledger: { unique: 10_001, received: 10_001 } },
    { ledger: { duplicated: 1, received: 10_001 } },
  ],
  [
    'ledger-does-not-add-up',
    { ledger: { unique: 9_990, received: 9_990 } },
    { ledger: { unique: 9_990, lost: 10, received: 9_990 } },
  ],
  ['negative-latency', { load: { latency: { ...load.latency, negative: 1 } } }, {}],
  ['load-side-limit', workers({ openFds: 19_700 }), workers({ openFds: 19_000 })],
  ['identical-ceilings', stoppedAt(40, 'timeout'), stoppedAt(40, 'http_503')],
  ['not-steady', { load: { latency: { ...load.latency, secondHalf: lag } } }, {}],
  [
    'counters-disagree',
    { tier: { serverCounters: { ...clean.serverCounters, deliveries: 10_009 } } },
    { tier: { serverCounters: { ...clean.serverCounters, deliveries: null } } },
  ],
  ['window-cut-short', { load: { state: 'interrupted' } }, {}],
  ['nothing-measured', { load: { latency: silence } }, {}],
  ['other-load', { load: { machineCpuRatio: 0.6 } }, { load: { machineCpuRatio: 0.26 } }],
];

it('knows a case for every code', () => {
  expect(CASES.map(([code]) => code)).toEqual([...VALIDITY_CODES]);
});

it.each(CASES)('%s is seen when it is there', (code, sick) => {
  expect(codesOf(sick)).toContain(code);
});

it.each(CASES)('%s is not seen when it is not there', (code, _, healthy) => {
  expect(codesOf(healthy)).not.toContain(code);
});

it('finds nothing wrong with a healthy tier', () => {
  expect(codesOf({})).toEqual([]);
});

it('allows a worker on a shared machine its calibrated loop delay and half as much again', () => {
  const bursts = [{ fanOut: 100, p50Ms: 5, p99Ms: 20, loopDelayP99Ms: 20, workerCpuRatio: 0.2 }];
  const { calibration, target } = sampleRecord({ tiers: [] });
  if (calibration === null) throw new Error('the sample is calibrated');
  const calibrated = { calibration: { ...calibration, bursts } };
  expect(codesOf(workers({ loopDelayP99Ms: 29 }), calibrated)).toEqual([]);
  expect(codesOf(workers({ loopDelayP99Ms: 31 }), calibrated)).toEqual(['generator-loop']);
  expect(
    codesOf(workers({ loopDelayP99Ms: 29 }), { ...calibrated, target: { ...target, sharesMachine: false } }),
  ).toEqual(['generator-loop']);
});

it('takes a refused upgrade for an answer of the target, not for a ceiling of the generator', () => {
  expect(codesOf(stoppedAt(40, 'http_503'))).not.toContain('load-side-limit');
});

it('takes nothing that was given up with the run for a ceiling of the generator', () => {
  expect(codesOf(stoppedAt(40, 'interrupted'))).not.toContain('load-side-limit');
});

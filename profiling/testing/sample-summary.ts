/** Runs of several scenarios, as `profile` sums them up. */

import { judgedConcurrency } from '../report/concurrency/judged-concurrency.ts';
import { judgedOverhead } from '../report/overhead/judged-overhead.ts';
import type { SummaryRun } from '../report/summary/summary.ts';
import { type OverheadKnobs, sampleOverhead } from './sample-overhead.ts';
import { sampleRecord } from './sample-record.ts';
import { sampleTier } from './sample-tier.ts';

/** Passes. */
export function passedRun(): SummaryRun {
  return {
    state: 'judged',
    scenario: 'concurrency',
    judged: judgedConcurrency(sampleRecord({ tiers: [500, 1_000].map((count) => shortTier(count)) })),
  };
}

/** Fails: the server lost messages and does not know it. */
export function failedRun(): SummaryRun {
  const lossy = sampleTier(100, {
    durationMs: 2_000,
    ledger: { lost: 20, unique: 1_980, received: 1_980 },
  });
  const counters = { ...lossy.serverCounters, deliveries: 1_980 };
  return {
    state: 'judged',
    scenario: 'concurrency',
    judged: judgedConcurrency(sampleRecord({ tiers: [{ ...lossy, serverCounters: counters }] })),
  };
}

/** Passes at its limit unless the knobs say otherwise. */
export function overheadRun(knobs: OverheadKnobs = {}): SummaryRun {
  return { state: 'judged', scenario: 'overhead', judged: judgedOverhead(sampleOverhead(knobs)) };
}

/** Could not be measured. */
export const BROKEN_RUN: SummaryRun = {
  state: 'broken',
  scenario: 'memory',
  code: 'TL_TARGET_UNREACHABLE',
  message: 'expected a WebSocket server at ws://127.0.0.1:1/ws; received ECONNREFUSED',
};

function shortTier(connections: number) {
  return sampleTier(connections, { durationMs: 2_000 });
}

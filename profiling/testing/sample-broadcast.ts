/** A broadcast run as a healthy rig would record it, with knobs for what tests need to be different. */

import { LatencyHistogram } from '../../load-tests/generator/latency/latency-histogram.ts';
import type { FanOutShape } from '../../load-tests/generator/load-result.ts';
import { analyseBroadcast } from '../analysis/broadcast/analyse-broadcast.ts';
import type { BroadcastRecord, BroadcastStep } from '../record/broadcast-record.ts';
import type { TierRecord } from '../record/tier-record.ts';
import type { BroadcastVerdict } from '../verdict/broadcast/broadcast-verdict.ts';
import { judgeBroadcast } from '../verdict/broadcast/judge-broadcast.ts';
import { sampleRecord } from './sample-record.ts';
import { sampleTier, type TierKnobs } from './sample-tier.ts';

const MEMBERS = 100;

/** What a stretch of load at this rate comes to: the sample tier, said to be so fast. */
export function broadcastTier(rate: number, knobs: TierKnobs = {}): TierRecord {
  const tier = sampleTier(MEMBERS, { durationMs: 2_000, ...knobs });
  const { load } = tier;
  return {
    ...tier,
    load: {
      ...load,
      broadcastsPerSecond: rate,
      publish: { ...load.publish, achievedPerSecond: rate },
      fanOut: shape(load.publish.accepted),
      ...knobs.load,
    },
  };
}

/** The first of the members after 1 ms, each further one 0.02 ms later. */
function shape(broadcasts: number): FanOutShape {
  const times = Array.from({ length: MEMBERS }, (_, place) => 1 + 0.02 * place);
  const at = (ms: number) => {
    const histogram = new LatencyHistogram();
    for (let broadcast = 0; broadcast < broadcasts; broadcast += 1) histogram.record(ms * 1_000);
    return histogram.encode();
  };
  return {
    broadcasts,
    everyNth: 1,
    members: MEMBERS,
    first: at(1),
    median: at(1.98),
    last: at(2.98),
    spread: at(1.98),
    positions: Array.from({ length: 10 }, (_, group) => ({
      from: group * 10 + 1,
      to: group * 10 + 10,
      meanMs: times[group * 10 + 5] ?? 0,
      p50Ms: times[group * 10 + 5] ?? 0,
      p99Ms: (times[group * 10 + 9] ?? 0) + 1,
    })),
  };
}

/** A step of the search. */
export function broadcastStep(
  kind: BroadcastStep['kind'],
  rate: number,
  knobs: TierKnobs = {},
): BroadcastStep {
  return { kind, rate, tier: broadcastTier(rate, knobs) };
}

/** A server that is this late breaks every limit of latency by itself. */
export const SLOW: TierKnobs = { delayMs: 90 };
/** A machine without a free core: nothing of latency can be said. */
export const STARVED: TierKnobs = { load: { machineCpuRatio: 0.99 } };

/** 100 and 400/s hold, 1,600/s is too slow, 400/s is confirmed; `changes` replace whole members. */
export function sampleBroadcast(changes: Partial<BroadcastRecord> = {}): BroadcastRecord {
  const { tiers: _, ...envelope } = sampleRecord({ tiers: [] });
  const slow = broadcastTier(200);
  return {
    ...envelope,
    runId: '20261121-092930-broadcast',
    scenario: 'broadcast',
    command: 'npm run profile:broadcast -- --quick --seed 42',
    options: { connections: MEMBERS, rates: '100,400,1600', measureMs: 2_000 },
    connections: MEMBERS,
    rates: [100, 400, 1_600],
    steps: [
      broadcastStep('sweep', 100),
      broadcastStep('sweep', 400),
      broadcastStep('sweep', 1_600, SLOW),
      broadcastStep('confirmation', 400),
    ],
    sustainedRate: 400,
    closed: closedTier(),
    slowReaders: [
      { slowReaders: 0, rate: 200, textLength: 2_000, tier: slow },
      { slowReaders: 1, rate: 200, textLength: 2_000, tier: withSlowReader(slow) },
    ],
    ...changes,
  };
}

/** A closed load: counted, not timed. */
export function closedTier(): TierRecord {
  const tier = broadcastTier(1_200);
  const none = new LatencyHistogram().encode();
  const { fanOut: _, ...load } = tier.load;
  return {
    ...tier,
    load: {
      ...load,
      broadcastsPerSecond: 0,
      closedPublishers: 10,
      latency: { response: none, service: none, firstHalf: none, secondHalf: none, negative: 0 },
      machineCpuRatio: 0.99,
    },
  };
}

function withSlowReader(tier: TierRecord): TierRecord {
  const { load, serverCounters } = tier;
  const owed = load.publish.accepted;
  return {
    ...tier,
    load: {
      ...load,
      ledger: { ...load.ledger, undetermined: owed - 5 },
      slowReaders: { count: 1, received: 5, ended: [] },
    },
    serverCounters: {
      ...serverCounters,
      deliveries: (serverCounters.deliveries ?? 0) + 12,
      slowConsumersClosed: 1,
      heartbeatsMissed: 0,
    },
    serverSamples: tier.serverSamples.map((sample) => ({ ...sample, sendQueueBytes: 900_000 })),
  };
}

export function judgeSampleBroadcast(changes: Partial<BroadcastRecord> = {}): BroadcastVerdict {
  const record = sampleBroadcast(changes);
  return judgeBroadcast(record, analyseBroadcast(record));
}

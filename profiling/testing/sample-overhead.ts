/** A fixed overhead run, with what each server costs as a knob: what is judged must come out of it again. */

import { LatencyHistogram } from '../../load-tests/generator/latency/latency-histogram.ts';
import type { ArmName, OverheadPart, OverheadRecord, OverheadTurn } from '../record/overhead-record.ts';
import { ARM_SERVERS, ARMS } from '../scenarios/overhead/arms.ts';
import { turnOrder } from '../scenarios/overhead/turn-order.ts';
import { sampleEnvelope } from './sample-record.ts';
import { sampleTier, type TierKnobs } from './sample-tier.ts';

export interface OverheadKnobs {
  readonly rounds?: number;
  /** Share of throughput that each server's way to run takes; none where it is not named. */
  readonly costs?: Partial<Record<ArmName, number>>;
  /** How far rounds lie apart, as a share. */
  readonly scatter?: number;
  /** Milliseconds that each server's way to run adds to every delivery; none where it is not named. */
  readonly addedMs?: Partial<Record<ArmName, number>>;
  /** How far the latencies of rounds lie apart, ms. */
  readonly jitterMs?: number;
  /** Whether the run kept latencies, as old ones did not. */
  readonly isTimed?: boolean;
  /** What is different in single turns. */
  readonly turn?: (round: number, server: ArmName) => TierKnobs;
  readonly record?: Partial<OverheadRecord>;
}

const CONNECTIONS = 10;
const DELIVERIES_PER_CPU_SECOND = 100_000;
const DELIVERIES = 1_000;

/** Of a delivery that nothing delays. */
const BASE_MS = 2;

/** Two in a hundred wait three times as long as the others. */
function latencyOf(ms: number): string {
  const histogram = new LatencyHistogram();
  histogram.recordMany(ms * 1_000, 0.98 * DELIVERIES);
  histogram.recordMany(ms * 3_000, 0.02 * DELIVERIES);
  return histogram.encode();
}

/** Deterministic scatter of −1 to 1. */
function wave(round: number, arm: number): number {
  return Math.sin(round * 12.9898 + arm * 78.233);
}

/** Twelve rounds in which metrics cost 1 % and 0.1 ms, a CPU profile 10 % and 1 ms, with half a percent of scatter. */
export function sampleOverhead(knobs: OverheadKnobs = {}): OverheadRecord {
  const { rounds = 12, record = {} } = knobs;
  return {
    ...sampleEnvelope('overhead'),
    scenario: 'overhead',
    connections: CONNECTIONS,
    rate: 10,
    arms: ARMS.map(({ name, what, settings }) => ({ name, what, settings })),
    turns: Array.from({ length: rounds }, (_, round) => roundOf(round, knobs)).flat(),
    ...record,
  };
}

function roundOf(round: number, knobs: OverheadKnobs): readonly OverheadTurn[] {
  const { costs = { metrics: 0.01, 'cpu-profile': 0.1 }, scatter = 0.005, turn = () => ({}) } = knobs;
  const { addedMs = { metrics: 0.1, 'cpu-profile': 1 }, jitterMs = 0.05, isTimed = true } = knobs;
  const partOf = (arm: ArmName): OverheadPart => {
    const drift = 1 + 0.2 * wave(round, 0);
    const place = ARMS.findIndex(({ name }) => name === arm);
    const efficiency =
      DELIVERIES_PER_CPU_SECOND * drift * (1 - (costs[arm] ?? 0)) * (1 + scatter * wave(round, place + 1));
    const jitter = jitterMs * wave(round, place + 11);
    return {
      arm,
      seconds: 1,
      cpuSeconds: DELIVERIES / efficiency,
      deliveries: DELIVERIES,
      ...(isTimed ? { latency: latencyOf(BASE_MS * drift + jitter + (addedMs[arm] ?? 0)) } : {}),
    };
  };
  return turnOrder(ARM_SERVERS, round).map(({ name, arms }) => ({
    round: round + 1,
    tier: sampleTier(CONNECTIONS, turn(round + 1, name)),
    parts: arms.map((arm) => partOf(arm.name)),
  }));
}

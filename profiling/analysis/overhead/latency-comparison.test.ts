import { describe, expect, it } from 'vitest';
import { LatencyHistogram } from '../../../load-tests/generator/latency/latency-histogram.ts';
import type { ArmName } from '../../record/overhead-record.ts';
import { sampleOverhead } from '../../testing/sample-overhead.ts';
import { analyseOverhead } from './analyse-overhead.ts';
import { compareLatency, latencyOf } from './latency-comparison.ts';
import type { TurnAnalysis } from './overhead-analysis.ts';

const [sample] = analyseOverhead(sampleOverhead({ rounds: 1 })).turns;

/** A turn of `deliveries` that all took so long. */
function turn(round: number, arm: ArmName, ms: number, deliveries = 1_000): TurnAnalysis {
  if (sample === undefined) throw new Error('the sample has turns');
  const latency = new LatencyHistogram();
  latency.recordMany(ms * 1_000, deliveries);
  return { ...sample, round, arm, latency };
}

describe('compareLatency', () => {
  it('pairs the percentiles of each round: what all rounds have in common falls out', () => {
    const turns = [
      turn(1, 'off', 2),
      turn(1, 'metrics', 3),
      turn(2, 'metrics', 41),
      turn(2, 'off', 40),
      turn(3, 'off', 400),
      turn(3, 'metrics', 401),
    ];
    const { p50, p99 } = compareLatency(turns, 'metrics', 'off');
    expect(p99.rounds.map(({ round }) => round)).toEqual([1, 2, 3]);
    for (const { difference } of [p50, p99]) {
      expect(difference?.mean).toBeCloseTo(1, 1);
      expect((difference?.high ?? 9) - (difference?.low ?? 0)).toBeLessThan(0.5);
    }
    expect(p50.ratio?.ratio).toBeCloseTo((1.5 * 1.025 * 1.0025) ** (1 / 3), 2);
  });

  it('leaves out rounds without the other, without latencies, and with too few deliveries for a percentile', () => {
    const turns = [
      turn(1, 'metrics', 3),
      turn(2, 'off', 2),
      { ...turn(2, 'metrics', 3), latency: null },
      turn(3, 'off', 2, 999),
      turn(3, 'metrics', 3),
    ];
    const { p50, p99 } = compareLatency(turns, 'metrics', 'off');
    expect(p50.rounds.map(({ round }) => round)).toEqual([3]);
    expect(p99).toEqual({ rounds: [], difference: null, ratio: null });
  });
});

describe('latencyOf', () => {
  it('puts all deliveries together: percentiles are not averaged', () => {
    const figures = latencyOf([turn(1, 'off', 1, 980), turn(2, 'off', 90, 20)]);
    expect(figures?.n).toBe(1_000);
    expect(figures?.p50Ms).toBeCloseTo(1, 1);
    expect(figures?.p99Ms).toBeCloseTo(90, 0);
  });

  it('is not known of turns without latencies', () => {
    expect(latencyOf([{ ...turn(1, 'off', 1), latency: null }])).toBeNull();
  });
});

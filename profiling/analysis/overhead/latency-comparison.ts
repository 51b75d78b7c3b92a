/** The latency of one arm beside another's: a pair of percentiles a round. */

import { LatencyHistogram } from '../../../load-tests/generator/latency/latency-histogram.ts';
import type { ArmName } from '../../record/overhead-record.ts';
import { figuresOf } from '../latency-figures.ts';
import type { LatencyFigures } from '../tier-analysis.ts';
import type { TurnAnalysis } from './overhead-analysis.ts';
import { estimateMean, type MeanEstimate } from './paired-mean.ts';
import { estimateRatio, type RatioEstimate } from './paired-ratio.ts';

/** One percentile in one round. */
export interface PercentilePair {
  readonly round: number;
  readonly ownMs: number;
  readonly otherMs: number;
}

export interface PercentileComparison {
  /** Rounds in which both had samples enough. */
  readonly rounds: readonly PercentilePair[];
  /** Own less the other's, ms; null of fewer than two rounds. */
  readonly difference: MeanEstimate | null;
  /** Own ÷ the other's; null of fewer than two rounds. */
  readonly ratio: RatioEstimate | null;
}

export interface LatencyComparison {
  readonly p50: PercentileComparison;
  readonly p99: PercentileComparison;
}

/** Each round that has both arms is a pair. */
export function compareLatency(
  turns: readonly TurnAnalysis[],
  arm: ArmName,
  comparedWith: ArmName,
): LatencyComparison {
  const others = figuresByRound(turns, comparedWith);
  const pairs = [...figuresByRound(turns, arm)].flatMap(([round, own]) => {
    const other = others.get(round);
    return other === undefined ? [] : [{ round, own, other }];
  });
  const compare = (percentile: 'p50Ms' | 'p99Ms') =>
    comparePercentile(
      pairs.flatMap(({ round, own, other }) => {
        const [ownMs, otherMs] = [own[percentile], other[percentile]];
        return ownMs === null || otherMs === null ? [] : [{ round, ownMs, otherMs }];
      }),
    );
  return { p50: compare('p50Ms'), p99: compare('p99Ms') };
}

function comparePercentile(rounds: readonly PercentilePair[]): PercentileComparison {
  return {
    rounds,
    difference: estimateMean(rounds.map(({ ownMs, otherMs }) => ownMs - otherMs)),
    ratio: estimateRatio(rounds.map(({ ownMs, otherMs }) => ownMs / otherMs)),
  };
}

function figuresByRound(turns: readonly TurnAnalysis[], arm: ArmName): ReadonlyMap<number, LatencyFigures> {
  return new Map(
    turns.flatMap((turn) =>
      turn.arm === arm && turn.latency !== null ? [[turn.round, figuresOf(turn.latency)]] : [],
    ),
  );
}

/** Percentiles of all deliveries of some turns together; null where none kept its latencies. */
export function latencyOf(turns: readonly TurnAnalysis[]): LatencyFigures | null {
  const kept = turns.flatMap(({ latency }) => latency ?? []);
  if (kept.length === 0) return null;
  const all = new LatencyHistogram();
  for (const latency of kept) all.merge(latency);
  return figuresOf(all);
}

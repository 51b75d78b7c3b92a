/** From turns to rows: medians, slopes, and ratios of the same round. Pure. */

import { median } from '../../../load-tests/calibration/median.ts';
import { fitLine } from '../../analysis/least-squares.ts';
import { estimateRatio, type RatioEstimate } from '../../analysis/overhead/paired-ratio.ts';
import { HOLD_BROADCASTS_PER_SECOND } from './bench-cells.ts';
import type { BenchTurn } from './bench-run.ts';
import type { GeneratorName } from './generator-catalogue.ts';
import type { TurnFigures } from './measure-turn.ts';

/** A turn that got to the end. */
export type MeasuredTurn = Extract<BenchTurn, { readonly figures: TurnFigures }>;

export function measuredTurns(turns: readonly BenchTurn[]): readonly MeasuredTurn[] {
  return turns.filter((turn): turn is MeasuredTurn => 'figures' in turn);
}

export interface SpeedRow {
  readonly generator: GeneratorName;
  /** Medians of the rounds. */
  readonly perCoreSecond: number;
  readonly serverCpuRatio: number;
  /** From the server's last write until all was checked. */
  readonly behindMs: number;
  readonly peakRssBytes: number;
  /** Ours ÷ this one's messages a core-second in the same round; null of ours and of one round. */
  readonly oursToThis: RatioEstimate | null;
}

/** @param turns of one cell */
export function speedRows(
  turns: readonly MeasuredTurn[],
  generators: readonly GeneratorName[],
): readonly SpeedRow[] {
  return generators.flatMap((generator) => {
    const own = turns.filter((turn) => turn.generator === generator);
    if (own.length === 0) return [];
    const middle = (of: (figures: TurnFigures) => number) => median(own.map(({ figures }) => of(figures)));
    return [
      {
        generator,
        perCoreSecond: middle(perCoreSecond),
        serverCpuRatio: middle(({ serverCpuSeconds, seconds }) => serverCpuSeconds / seconds),
        behindMs: middle(({ behindMs }) => behindMs),
        peakRssBytes: middle(({ peakRssBytes }) => peakRssBytes),
        oursToThis:
          generator === 'touchline' ? null : estimateRatio(ratiosToOurs(turns, generator, perCoreSecond)),
      },
    ];
  });
}

export interface MemoryRow {
  readonly generator: GeneratorName;
  /** Slope over the counts of all rounds, and half the width of its 95 % interval. */
  readonly bytesPerConnection: number;
  readonly ci95Bytes: number | null;
  readonly baseBytes: number;
  /** At the largest count, {@link HOLD_BROADCASTS_PER_SECOND} to each connection. */
  readonly connectionsPerCore: number;
  /** This one's bytes ÷ ours; null of ours. */
  readonly toOurs: number | null;
}

/** @param turns of all cells of the part memory */
export function memoryRows(
  turns: readonly MeasuredTurn[],
  generators: readonly GeneratorName[],
): readonly MemoryRow[] {
  const rows = generators.flatMap((generator) => {
    const own = turns.filter((turn) => turn.generator === generator);
    const fit = fitLine(
      own.map(({ cell, figures }) => ({ x: cell.plan.connections, y: figures.peakRssBytes })),
    );
    if (fit === null) return [];
    const most = Math.max(...own.map(({ cell }) => cell.plan.connections));
    const largest = own.filter(({ cell }) => cell.plan.connections === most);
    const perCore = median(largest.map(({ figures }) => perCoreSecond(figures))) / HOLD_BROADCASTS_PER_SECOND;
    return [
      {
        generator,
        bytesPerConnection: fit.slope,
        ci95Bytes: fit.slopeHigh === null ? null : fit.slopeHigh - fit.slope,
        baseBytes: fit.intercept,
        connectionsPerCore: perCore,
      },
    ];
  });
  const ours = rows.find(({ generator }) => generator === 'touchline')?.bytesPerConnection;
  return rows.map((row) => ({
    ...row,
    toOurs: ours === undefined || row.generator === 'touchline' ? null : row.bytesPerConnection / ours,
  }));
}

/** What went wrong, a sentence each: a turn that failed, or counts that are not the server's. */
export function problemsOf(
  turns: readonly BenchTurn[],
  text: (turn: BenchTurn) => string,
): readonly string[] {
  return turns.flatMap((turn) => {
    if ('failure' in turn) return [`${text(turn)}: ${turn.failure}`];
    const { result, deliveries, truth } = turn.figures;
    const wrong = [
      ...(result.received === deliveries ? [] : [`received ${result.received} of ${deliveries} messages`]),
      ...(result.lost === truth.dropped
        ? []
        : [`counted ${result.lost} lost, where ${truth.dropped} were dropped`]),
      ...(result.repeated === 0 ? [] : [`counted ${result.repeated} repeated, where none was`]),
    ];
    return wrong.map((what) => `${text(turn)}: ${what}`);
  });
}

function perCoreSecond({ truth, cpuSeconds }: TurnFigures): number {
  return truth.deliveries / cpuSeconds;
}

function ratiosToOurs(
  turns: readonly MeasuredTurn[],
  generator: GeneratorName,
  of: (figures: TurnFigures) => number,
): readonly number[] {
  return turns.flatMap((turn) => {
    if (turn.generator !== generator) return [];
    const ours = turns.find(({ generator: name, round }) => name === 'touchline' && round === turn.round);
    return ours === undefined ? [] : [of(ours.figures) / of(turn.figures)];
  });
}

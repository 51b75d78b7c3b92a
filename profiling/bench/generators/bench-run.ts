/** Runs the cells: rounds in which each generator has its turn. */

import { OtherLoad } from '../../../load-tests/calibration/other-load.ts';
import { TouchlineError } from '../../../server/protocol/touchline-error.ts';
import { formatBytes, formatCount } from '../../verdict/quantities.ts';
import { type BenchCell, cellText } from './bench-cells.ts';
import { GENERATORS, type GeneratorName } from './generator-catalogue.ts';
import type { GeneratorProgram } from './generator-program.ts';
import { measureTurn, type TurnFigures } from './measure-turn.ts';

/** One generator's turn in one round of a cell. */
export type BenchTurn = {
  readonly cell: BenchCell;
  readonly generator: GeneratorName;
  /** From 1. */
  readonly round: number;
} & ({ readonly figures: TurnFigures } | { readonly failure: string });

export interface BenchRunOptions {
  /** Ends the run after the turn that is under way. */
  readonly interrupted: AbortSignal;
  readonly onProgress: (text: string) => void;
}

export interface BenchTurns {
  readonly turns: readonly BenchTurn[];
  /** Share of all cores that other programs took in the worst turn; null where /proc does not tell. */
  readonly otherLoadRatio: number | null;
}

/** Measures everything; a generator that fails fails its own turn only. */
export async function runBench(
  programs: readonly GeneratorProgram[],
  cells: readonly BenchCell[],
  { interrupted, onProgress }: BenchRunOptions,
): Promise<BenchTurns> {
  const plan = cells.flatMap((cell) => turnsOf(cell, programs));
  const otherLoad = new OtherLoad();
  const startedAt = performance.now();
  const turns: BenchTurn[] = [];
  for (const { cell, program, round } of plan) {
    if (interrupted.aborted) break;
    const unwatch = otherLoad.watch();
    const turn = await takeTurn(cell, program, round);
    unwatch();
    turns.push(turn);
    const leftMs = ((performance.now() - startedAt) / turns.length) * (plan.length - turns.length);
    onProgress(
      `${cellText(cell)} · round ${round} of ${cell.rounds} · ${turnText(turn)} · ${turns.length} of ${plan.length}, about ${Math.ceil(leftMs / 1_000)} s left`,
    );
  }
  return { turns, otherLoadRatio: otherLoad.worstRatio ?? null };
}

/** Each round begins with another generator, so that none always follows the same one. */
function turnsOf(cell: BenchCell, programs: readonly GeneratorProgram[]) {
  return Array.from({ length: cell.rounds }, (_, index) => {
    const start = programs.length === 0 ? 0 : index % programs.length;
    const rotated = [...programs.slice(start), ...programs.slice(0, start)];
    return rotated.map((program) => ({ cell, program, round: index + 1 }));
  }).flat();
}

async function takeTurn(cell: BenchCell, program: GeneratorProgram, round: number): Promise<BenchTurn> {
  const turn = { cell, generator: program.name, round };
  try {
    return { ...turn, figures: await measureTurn(program, cell.plan) };
  } catch (error) {
    if (!(error instanceof TouchlineError)) throw error;
    return { ...turn, failure: error.message };
  }
}

function turnText(turn: BenchTurn): string {
  const { title } = GENERATORS[turn.generator];
  if ('failure' in turn) return `${title} failed: ${turn.failure}`;
  return `${title}: ${figureText(turn.cell, turn.figures)}`;
}

/** What its part is about; a trickle of messages says nothing of speed. */
function figureText({ part }: BenchCell, { truth, cpuSeconds, peakRssBytes, result }: TurnFigures): string {
  switch (part) {
    case 'speed':
      return `${formatCount(truth.deliveries / cpuSeconds)} messages a core-second`;
    case 'memory':
      return `${formatBytes(peakRssBytes)} in all`;
    case 'answers':
      return `received ${formatCount(result.received)}, lost ${formatCount(result.lost)}`;
  }
}

/** What one run of `bench:generators` found: what terminal and BENCHMARKS.md both show. */

import type { AnswerCell, BenchCell, SpeedCell } from './bench-cells.ts';
import { cellText } from './bench-cells.ts';
import type { BenchTurn } from './bench-run.ts';
import { GENERATORS, type GeneratorName } from './generator-catalogue.ts';
import type { UnavailableGenerator } from './generator-program.ts';
import {
  type MeasuredTurn,
  type MemoryRow,
  measuredTurns,
  memoryRows,
  problemsOf,
  type SpeedRow,
  speedRows,
} from './summary.ts';

/** What the run was made with and on. */
export interface GeneratorsSetting {
  readonly command: string;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** `AMD EPYC, 2 cores, 24 GB · kernel 6.1 · Node v20.20.2 · commit 1a2b3c` */
  readonly environment: string;
  /** Share of all cores that other programs took in the worst turn; null where /proc does not tell. */
  readonly otherLoadRatio: number | null;
}

export interface GeneratorsReport {
  readonly setting: GeneratorsSetting;
  readonly generators: readonly GeneratorName[];
  readonly speed: readonly { readonly cell: SpeedCell; readonly rows: readonly SpeedRow[] }[];
  readonly memory: {
    readonly counts: readonly number[];
    readonly rounds: number;
    readonly rows: readonly MemoryRow[];
  };
  readonly answers: readonly { readonly cell: AnswerCell; readonly turns: readonly MeasuredTurn[] }[];
  readonly measured: readonly { readonly name: GeneratorName; readonly version: string }[];
  readonly unavailable: readonly UnavailableGenerator[];
  readonly problems: readonly string[];
}

export interface ReportInput extends Pick<GeneratorsReport, 'setting' | 'measured' | 'unavailable'> {
  readonly cells: readonly BenchCell[];
  readonly turns: readonly BenchTurn[];
}

/** Sums the turns up. */
export function summarise({ setting, measured, unavailable, cells, turns }: ReportInput): GeneratorsReport {
  const generators = measured.map(({ name }) => name);
  const done = measuredTurns(turns);
  const of = (cell: BenchCell) => done.filter((turn) => turn.cell === cell);
  const memory = cells.filter(({ part }) => part === 'memory');
  return {
    setting,
    measured,
    unavailable,
    generators,
    speed: cells.flatMap((cell) =>
      cell.part === 'speed' ? [{ cell, rows: speedRows(of(cell), generators) }] : [],
    ),
    memory: {
      counts: memory.map(({ plan }) => plan.connections),
      rounds: memory[0]?.rounds ?? 0,
      rows: memoryRows(memory.flatMap(of), generators),
    },
    answers: cells.flatMap((cell) => (cell.part === 'answers' ? [{ cell, turns: of(cell) }] : [])),
    problems: problemsOf(
      turns,
      ({ cell, generator, round }) => `${GENERATORS[generator].title} (${cellText(cell)}, round ${round})`,
    ),
  };
}

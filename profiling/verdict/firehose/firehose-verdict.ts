/** What a firehose run is found to be: the shape that `judgeFirehose` gives. */

import type { TickFormat } from '../../record/firehose-record.ts';
import type { JudgedRate, StepJudgement } from '../../record/sustained-rate.ts';
import type { Limit, ValidityProblem, Verdict } from '../verdict.ts';
import type { CellLimit } from './cell-limits.ts';
import type { SlowReaderPair } from './slow-reader-pairs.ts';

export interface CellVerdict {
  readonly label: string;
  readonly problems: readonly ValidityProblem[];
  readonly judgement: StepJudgement;
  /** Names of the limits that this cell does not hold. */
  readonly broken: readonly CellLimit[];
  /** What it stopped at. */
  readonly limit: Limit;
}

/** How far one format goes to one reader. */
export interface SearchVerdict {
  readonly format: TickFormat;
  /** Highest rate that held every limit, all lower ones holding too; null when none did. */
  readonly sustainedRate: number | null;
  /** The lowest rate that did not hold; null when all did. */
  readonly ceiling: JudgedRate | null;
  /** Place among the cells of the one that pace is judged by. */
  readonly judgedCell: number | null;
  readonly limit: Limit;
}

export interface FirehoseVerdict extends Verdict {
  /** One for each cell, in their order. */
  readonly cells: readonly CellVerdict[];
  readonly searches: readonly SearchVerdict[];
  /** The verdict hangs on rates up to this one. */
  readonly requiredRate: number;
  /** The same load without and with readers that stopped, by mode. */
  readonly slowReaders: readonly SlowReaderPair[];
}

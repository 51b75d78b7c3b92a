/** Record → analysis → verdict → reports → stdout → how the program ends. */

import { analyseRun } from '../analysis/concurrency/analyse-concurrency.ts';
import type { RunRecord } from '../record/run-record.ts';
import { writeReports } from '../report/write-reports.ts';
import { judgeRun } from '../verdict/concurrency/judge-concurrency.ts';
import type { ExitName } from './exit-codes.ts';
import { verdictJson, verdictText } from './verdict-text.ts';

export interface FinishOptions {
  readonly runFolder: string;
  /** Undefined: the newest reports are left alone. */
  readonly latestFolder: string | undefined;
  readonly json: boolean;
}

/** Judges, writes and prints a record. @returns the exit that the verdict calls for */
export async function finishRun(record: RunRecord, options: FinishOptions): Promise<ExitName> {
  const { runFolder, latestFolder } = options;
  const analysis = analyseRun(record);
  const verdict = judgeRun(record, analysis);
  const files = await writeReports({ record, analysis, verdict, runFolder, latestFolder });
  const finished = { record, analysis, verdict, files };
  console.log(options.json ? verdictJson(finished) : verdictText(finished));
  return verdict.verdict;
}

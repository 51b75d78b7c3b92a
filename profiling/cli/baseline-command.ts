/** `npm run baseline`: every scenario in full size, written down as profiling/BASELINE.md. */

import { join, resolve } from 'node:path';
import { baselineReport } from '../report/baseline/baseline-report.ts';
import type { JudgedRun } from '../report/judged-run.ts';
import { writeBaseline } from '../report/write-reports.ts';
import { SCENARIO_TITLES } from '../scenarios/scenario-titles.ts';
import type { ExitName } from './exit-codes.ts';
import { judgeRecord } from './judge-record.ts';
import { prepareOutputFolder } from './output-folder.ts';
import { runText } from './profile-text.ts';
import { newestRuns } from './recorded-runs.ts';
import { type FinishedScenario, type PlannedRun, runSeveral } from './run-several.ts';
import { worstExit } from './worst-exit.ts';

/**
 * Runs every scenario, or with `--from` takes runs that exist, and writes the baseline. One that failed is told in
 * it; when one could not be measured or was interrupted, the old baseline stays.
 *
 * @throws TouchlineError `TL_OUT_NOT_WRITABLE` before anything is run; `TL_RECORD_INVALID` as {@link newestRuns}
 */
export async function baselineCommand(
  planned: readonly PlannedRun[],
  projectFolder: string,
): Promise<ExitName> {
  const [first] = planned;
  if (first === undefined) throw new Error('there is no scenario to run');
  const { out, from } = first.options;
  const folder = out === undefined ? join(projectFolder, 'profiling') : resolve(out);
  await prepareOutputFolder(folder);
  return from === undefined
    ? writeMeasured(await runSeveral(planned, projectFolder, tell), folder)
    : writeRecorded(resolve(from), folder);
}

function tell({ summary }: FinishedScenario): void {
  console.log(`${runText(summary)}\n`);
}

async function writeMeasured(finished: readonly FinishedScenario[], folder: string): Promise<ExitName> {
  const exit = worstExit(finished.map((one) => one.exit));
  if (exit === 'interrupted' || exit === 'runError') {
    console.log('No baseline is written: not every scenario ran to its end.');
    return exit;
  }
  await write(
    finished.flatMap(({ run }) => (run === undefined ? [] : [run.judged])),
    folder,
  );
  return exit;
}

async function writeRecorded(from: string, folder: string): Promise<ExitName> {
  const runs = (await newestRuns(from)).map(judgeRecord);
  await write(runs, folder);
  return worstExit(runs.map(({ verdict }) => verdict.verdict));
}

async function write(runs: readonly JudgedRun[], folder: string): Promise<void> {
  const report = baselineReport({ runs, titles: SCENARIO_TITLES });
  const file = await writeBaseline(folder, report);
  console.log(`${report.sentence}\n\nbaseline  ${file}`);
}

/** `npm run profile`: every scenario in turn, then one summary. */

import { join, relative, resolve } from 'node:path';
import { type Summary, summarise } from '../report/summary/summary.ts';
import { summaryReport } from '../report/summary/summary-report.ts';
import { LATEST_NAMES, writeSummary } from '../report/write-reports.ts';
import type { ExitName } from './exit-codes.ts';
import { prepareOutputFolder } from './output-folder.ts';
import { profileJson, runText, summaryText } from './profile-text.ts';
import { repeatProfile } from './repeat-command.ts';
import type { RunOptions } from './run-options.ts';
import type { CarriedOut } from './run-scenario.ts';
import { type FinishedScenario, type PlannedRun, runSeveral } from './run-several.ts';
import { verdictJson } from './verdict-text.ts';
import { worstExit } from './worst-exit.ts';

/**
 * Runs each scenario in turn. One that cannot be measured does not keep the others from running; an interrupt ends
 * them all. The summary stands in `reports/latest`, or with `--out` beside a folder for each scenario.
 *
 * @throws TouchlineError `TL_OUT_NOT_WRITABLE` before anything is run
 */
export async function profileCommand(
  planned: readonly PlannedRun[],
  projectFolder: string,
): Promise<ExitName> {
  const [first] = planned;
  if (first === undefined) throw new Error('there is no scenario to run');
  const { options } = first;
  const folder =
    options.out === undefined ? join(projectFolder, 'profiling', 'reports', 'latest') : resolve(options.out);
  await prepareOutputFolder(folder);
  const startedAt = Date.now();
  const finished = await runSeveral(planned, projectFolder, ({ summary: run }) => {
    if (!options.json) console.log(`${runText(run)}\n`);
  });
  const summary = summarise(finished.map((one) => one.summary));
  const command = repeatProfile(options);
  const files = await writeTogether({ finished, summary, folder, options, startedAt, command });
  const runs = finished.flatMap(({ run }) => (run === undefined ? [] : [verdictJson(run.judged, run.files)]));
  console.log(
    options.json
      ? JSON.stringify(profileJson(summary, runs, files.reportFile))
      : summaryText(summary, { ...files, command }),
  );
  return worstExit(finished.map(({ exit }) => exit));
}

interface Together {
  readonly finished: readonly FinishedScenario[];
  readonly summary: Summary;
  readonly folder: string;
  readonly options: RunOptions;
  readonly startedAt: number;
  readonly command: string;
}

async function writeTogether({ finished, summary, folder, options, startedAt, command }: Together) {
  const reportAs = (kind: 'md' | 'html') =>
    summaryReport({
      summary,
      startedAt,
      finishedAt: Date.now(),
      command,
      hrefOf: (wanted) => {
        const one = finished.find(({ summary: run }) => run === wanted);
        return one?.run === undefined ? null : reportOf(one.run, { kind, folder, options });
      },
    });
  return writeSummary(folder, { markdown: reportAs('md'), html: reportAs('html') });
}

interface Wanted {
  readonly kind: 'md' | 'html';
  readonly folder: string;
  readonly options: RunOptions;
}

/** The newest report beside the summary, or where the run left its own. */
function reportOf(run: CarriedOut, { kind, folder, options }: Wanted): string {
  const isNewest = options.out === undefined && run.exit !== 'interrupted';
  if (isNewest) return `${LATEST_NAMES[run.judged.record.scenario]}.${kind}`;
  return relative(folder, kind === 'md' ? run.files.reportFile : run.files.htmlFile);
}

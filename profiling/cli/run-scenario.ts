/** One scenario from options to exit: checks first, then the run, then the verdict. */

import { join, resolve } from 'node:path';
import type { RunOutcome } from '../record/run-envelope.ts';
import type { ScenarioName } from '../record/run-record.ts';
import { assertFdsSuffice, readFdLimit } from '../run/fd-limits.ts';
import { runFolderName } from '../run/run-names.ts';
import { type AnyScenario, scenarioOf } from '../scenarios/registry.ts';
import { noteOn } from '../tools/scenario-fit.ts';
import { TOOLS } from '../tools/tool.ts';
import { programOf } from '../tools/tool-programs.ts';
import { ToolSession } from '../tools/tool-session.ts';
import { discardSnapshots } from './discard-snapshots.ts';
import type { ExitName } from './exit-codes.ts';
import { type FinishedRun, finishRun } from './finish-run.ts';
import { listenForInterrupt } from './interrupt.ts';
import type { RunningTool } from './measure-input.ts';
import { measureRun } from './measure-run.ts';
import { discardIfEmpty, prepareOutputFolder } from './output-folder.ts';
import { ProgressReporter } from './progress-reporter.ts';
import type { RunOptions } from './run-options.ts';

/** A run that was measured, judged and written, and how the program ends with it. */
export interface CarriedOut extends FinishedRun {
  readonly exit: ExitName;
}

/**
 * Runs one scenario and writes its reports.
 *
 * @param projectFolder folder of package.json and dist/
 * @throws TouchlineError where nothing could be measured; its code tells which exit that is
 */
export async function runScenario(
  name: ScenarioName,
  options: RunOptions,
  projectFolder: string,
): Promise<CarriedOut> {
  const scenario = scenarioOf(name);
  const startedAt = Date.now();
  const runId = runFolderName(name, startedAt, options.seed);
  const reports = join(projectFolder, 'profiling', 'reports');
  const runFolder = options.out === undefined ? join(reports, runId) : resolve(options.out);
  assertFdsSuffice({
    largestTier: scenario.demand(options).connections,
    spawnsServer: options.target.kind === 'spawned',
    workers: options.workers,
    fdLimit: await readFdLimit(),
  });
  await prepareOutputFolder(runFolder);
  const progress = stderrProgress(options.quiet);
  progress.note(describeRun(scenario, options));
  const interrupt = listenForInterrupt((signal) =>
    progress.note(`${signal}: ending the run and keeping what was measured; once more ends at once`),
  );
  const { signal } = interrupt;
  let tool: RunningTool | undefined;
  try {
    tool = await prepareTool(options, { scenario: name, projectFolder, runFolder, progress, signal });
    const input = {
      scenario,
      options,
      runId,
      startedAt,
      projectFolder,
      runFolder,
      environment: process.env,
      progress,
      signal,
      tool,
    };
    const isUnderTool = tool !== undefined;
    const { record, finished } = await measureRun(input, async (complete) => {
      const measured = options.keepsSnapshots ? complete : await discardSnapshots(complete, runFolder);
      // The figures of a server under a tool are not the newest ones of the server.
      const keepsLatest =
        options.out === undefined && !isUnderTool && measured.outcome.state !== 'interrupted';
      return finishRun(measured, {
        runFolder,
        latestFolder: keepsLatest ? join(reports, 'latest') : undefined,
        grafanaUrl: process.env['GRAFANA_URL'],
      });
    });
    const exit = exitOf(record.outcome, finished.judged.verdict.verdict);
    // Ended by a signal, though the load was over: the tool was drawing.
    return { ...finished, exit: isUnderTool && signal.aborted ? 'interrupted' : exit };
  } finally {
    await tool?.session.close();
    interrupt.dispose();
    progress.clear();
    await discardIfEmpty(runFolder);
  }
}

/** @throws TouchlineError `TL_TOOL_UNAVAILABLE`, `TL_INTERRUPTED` */
async function prepareTool(
  { tool }: RunOptions,
  { scenario, projectFolder, runFolder, progress, signal }: ToolPlace,
): Promise<RunningTool | undefined> {
  if (tool === undefined) return undefined;
  const note = (sentence: string) => progress.note(sentence);
  const { env: environment } = process;
  const { script, version } = await programOf(tool, { projectFolder, environment, note, signal });
  const session = new ToolSession({ tool, script, runFolder, note: noteOn(scenario), signal });
  return { session, title: `${session.title} ${version}`, cost: TOOLS[tool].cost };
}

interface ToolPlace {
  readonly scenario: ScenarioName;
  readonly projectFolder: string;
  readonly runFolder: string;
  readonly progress: ProgressReporter;
  readonly signal: AbortSignal;
}

function exitOf(outcome: RunOutcome, verdict: ExitName): ExitName {
  switch (outcome.state) {
    case 'completed':
      return verdict;
    case 'interrupted':
      return 'interrupted';
    case 'aborted':
      return 'runError';
  }
}

function stderrProgress(quiet: boolean): ProgressReporter {
  const { NO_COLOR, TERM } = process.env;
  // Whoever read the progress may leave (2> >(head)): the run goes on, and its verdict is on stdout.
  process.stderr.on('error', () => undefined);
  return new ProgressReporter({
    stream: process.stderr,
    quiet,
    colour: (NO_COLOR ?? '') === '' && TERM !== 'dumb',
    now: () => performance.now(),
  });
}

function describeRun(scenario: AnyScenario, options: RunOptions): string {
  return `${scenario.name}: ${scenario.describe(options)}, seed ${options.seed}`;
}

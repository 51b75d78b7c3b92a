/** A measuring command from options to exit: checks first, then the run, then the verdict. */

import { join, resolve } from 'node:path';
import type { RunOutcome } from '../record/run-record.ts';
import { assertFdsSuffice, readFdLimit } from '../run/fd-limits.ts';
import { runFolderName } from '../run/run-names.ts';
import { SCENARIOS, type ScenarioName } from '../scenarios/registry.ts';
import type { ExitName } from './exit-codes.ts';
import { finishRun } from './finish-run.ts';
import { listenForInterrupt } from './interrupt.ts';
import { measureRun } from './measure-run.ts';
import { discardIfEmpty, prepareOutputFolder } from './output-folder.ts';
import { ProgressReporter } from './progress-reporter.ts';
import type { RunOptions } from './run-options.ts';

/**
 * Runs one scenario.
 *
 * @param projectFolder folder of package.json and dist/
 * @throws TouchlineError where nothing could be measured; its code tells which exit that is
 */
export async function runCommand(
  name: ScenarioName,
  options: RunOptions,
  projectFolder: string,
): Promise<ExitName> {
  const startedAt = Date.now();
  const runId = runFolderName(name, startedAt, options.seed);
  const reports = join(projectFolder, 'profiling', 'reports');
  const runFolder = options.out === undefined ? join(reports, runId) : resolve(options.out);
  assertFdsSuffice({
    largestTier: Math.max(...options.tiers),
    spawnsServer: options.target.kind === 'spawned',
    workers: options.workers,
    fdLimit: await readFdLimit(),
  });
  await prepareOutputFolder(runFolder);
  const progress = stderrProgress(options.quiet);
  progress.note(describeRun(name, options));
  const interrupt = listenForInterrupt((signal) =>
    progress.note(`${signal}: ending the run and keeping what was measured; once more ends at once`),
  );
  try {
    const record = await measureRun({
      scenario: SCENARIOS[name],
      options,
      runId,
      startedAt,
      projectFolder,
      runFolder,
      environment: process.env,
      progress,
      signal: interrupt.signal,
    });
    const keepsLatest = options.out === undefined && record.outcome.state !== 'interrupted';
    const latestFolder = keepsLatest ? join(reports, 'latest') : undefined;
    const verdict = await finishRun(record, { runFolder, latestFolder, json: options.json });
    return exitOf(record.outcome, verdict);
  } finally {
    interrupt.dispose();
    progress.clear();
    await discardIfEmpty(runFolder);
  }
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

function describeRun(name: ScenarioName, options: RunOptions): string {
  const { tiers, measureMs, broadcastsPerSecond, seed } = options;
  return `${name}: tiers of ${tiers.join(', ')} connections, ${measureMs / 1_000} s each at ${broadcastsPerSecond} broadcasts/s, seed ${seed}`;
}

/** Several scenarios in turn: one that cannot be measured does not keep the others from running. */

import { join } from 'node:path';
import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import type { ScenarioName } from '../record/run-record.ts';
import type { SummaryRun } from '../report/summary/summary.ts';
import type { ExitName } from './exit-codes.ts';
import type { RunOptions } from './run-options.ts';
import { type CarriedOut, runScenario } from './run-scenario.ts';

/** A scenario with the options as it takes them. */
export interface PlannedRun {
  readonly name: ScenarioName;
  readonly options: RunOptions;
}

/** What came of one. */
export interface FinishedScenario {
  readonly summary: SummaryRun;
  readonly exit: ExitName;
  /** Undefined when it could not be measured. */
  readonly run?: CarriedOut;
}

/**
 * Runs each in turn, with `--out` each into a folder of its own there; an interrupt ends them all.
 *
 * @param onFinished called as each ends
 */
export async function runSeveral(
  planned: readonly PlannedRun[],
  projectFolder: string,
  onFinished: (finished: FinishedScenario) => void,
): Promise<readonly FinishedScenario[]> {
  const finished: FinishedScenario[] = [];
  for (const { name, options } of planned) {
    const { out } = options;
    const own = out === undefined ? options : { ...options, out: join(out, name) };
    const one = await runOne(name, own, projectFolder);
    finished.push(one);
    onFinished(one);
    if (one.exit === 'interrupted') break;
  }
  return finished;
}

async function runOne(
  scenario: ScenarioName,
  options: RunOptions,
  projectFolder: string,
): Promise<FinishedScenario> {
  try {
    const run = await runScenario(scenario, options, projectFolder);
    return { run, exit: run.exit, summary: { state: 'judged', scenario, judged: run.judged } };
  } catch (error) {
    // Anything else is a defect and must not look like a measurement.
    if (!(error instanceof TouchlineError)) throw error;
    const { code, message } = error;
    return { exit: 'runError', summary: { state: 'broken', scenario, code, message } };
  }
}

/** `npm run profile`: every scenario in turn, then one summary. */

import type { ScenarioName } from '../record/run-record.ts';
import type { ExitName } from './exit-codes.ts';
import type { RunOptions } from './run-options.ts';
import { type CarriedOut, runScenario } from './run-scenario.ts';
import { verdictJson, verdictText } from './verdict-text.ts';

/** A scenario with the options as it takes them. */
export interface PlannedRun {
  readonly name: ScenarioName;
  readonly options: RunOptions;
}

/**
 * Runs each scenario in turn; the first that does not pass gives the exit, an interrupt ends them all.
 *
 * @throws TouchlineError where nothing could be measured
 */
export async function profileCommand(
  planned: readonly PlannedRun[],
  projectFolder: string,
): Promise<ExitName> {
  const runs: CarriedOut[] = [];
  for (const { name, options } of planned) {
    const run = await runScenario(name, options, projectFolder);
    runs.push(run);
    if (!options.json) console.log(`${verdictText(run.judged, run.files)}\n`);
    if (run.exit === 'interrupted') break;
  }
  if (planned[0]?.options.json === true) {
    console.log(JSON.stringify(runs.map(({ judged, files }) => verdictJson(judged, files))));
  }
  const interrupted = runs.find(({ exit }) => exit === 'interrupted');
  return (interrupted ?? runs.find(({ exit }) => exit !== 'pass'))?.exit ?? 'pass';
}

/** `npm run profile:<scenario>`: one scenario, told on stdout. */

import type { ScenarioName } from '../record/run-record.ts';
import { scenarioOf } from '../scenarios/registry.ts';
import type { ExitName } from './exit-codes.ts';
import type { FinishedRun } from './finish-run.ts';
import type { RunOptions } from './run-options.ts';
import { runScenario } from './run-scenario.ts';
import { verdictJson, verdictText } from './verdict-text.ts';

/** @throws TouchlineError where nothing could be measured; its code tells which exit that is */
export async function runCommand(
  name: ScenarioName,
  options: RunOptions,
  projectFolder: string,
): Promise<ExitName> {
  const advice = options.quiet ? [] : (scenarioOf(name).advice?.() ?? []);
  for (const sentence of advice) console.error(sentence);
  const { exit, ...finished } = await runScenario(name, options, projectFolder);
  tell(finished, options.json);
  return exit;
}

/** Prints a finished run: text for people, or the one object. */
export function tell({ judged, files }: FinishedRun, json: boolean): void {
  console.log(json ? JSON.stringify(verdictJson(judged, files)) : verdictText(judged, files));
}

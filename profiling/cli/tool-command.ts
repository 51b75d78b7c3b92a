/** `npm run profile:flame` and its like: a scenario on a server under a tool. What the tool drew is what was asked for. */

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ScenarioName } from '../record/run-record.ts';
import type { ExitName } from './exit-codes.ts';
import type { FinishedRun } from './finish-run.ts';
import type { RunOptions } from './run-options.ts';
import { runScenario } from './run-scenario.ts';
import { verdictJson, verdictText } from './verdict-text.ts';

/**
 * The verdict is told and does not decide the exit code: it is one of server and tool together.
 *
 * @throws TouchlineError `TL_TOOL_UNAVAILABLE`, `TL_TOOL_FAILED`, or what keeps the scenario from being measured
 */
export async function toolCommand(
  scenario: ScenarioName,
  options: RunOptions,
  projectFolder: string,
): Promise<ExitName> {
  const { exit, ...finished } = await runScenario(scenario, options, projectFolder);
  const { tool } = finished.judged.record;
  console.log(options.json ? JSON.stringify(toolJson(finished)) : toolText(finished));
  if (tool === undefined || tool.failure !== null) {
    console.error(`TL_TOOL_FAILED: expected ${tool?.title} to leave its result; ${tool?.failure}`);
    return exit === 'interrupted' ? exit : 'runError';
  }
  return exit === 'interrupted' || exit === 'runError' ? exit : 'pass';
}

/** What was drawn and how to open it, before the verdict. */
export function toolText({ judged, files }: FinishedRun): string {
  const shown = artefactsOf({ judged, files }).map(({ title, path, note }) =>
    [
      `${title}: ${path}`,
      ...(path.endsWith('.html') ? [`  open ${pathToFileURL(path).href} in a browser`] : []),
      `  ${note}`,
    ].join('\n'),
  );
  return [...shown, verdictText(judged, files)].join('\n\n');
}

/** What `--json` prints: the scenario's own object, and the artefacts. */
export function toolJson({ judged, files }: FinishedRun) {
  const { tool } = judged.record;
  return {
    ...verdictJson(judged, files),
    tool: tool?.title,
    toolCost: tool?.cost,
    artefacts: artefactsOf({ judged, files }),
  };
}

function artefactsOf({ judged, files }: FinishedRun) {
  const { artefacts = [] } = judged.record;
  return artefacts.map(({ title, file, note }) => ({
    title,
    path: join(files.runFile, '..', file),
    note,
  }));
}

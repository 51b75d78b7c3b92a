/** `--help` of the commands that run the server under a tool. */

import { SCENARIO_NAMES } from '../record/run-record.ts';
import { npmScriptOf } from '../report/npm-script.ts';
import { SCENARIO_TITLES } from '../scenarios/scenario-titles.ts';
import { whyUnfit } from '../tools/scenario-fit.ts';
import { TOOLS, type ToolName } from '../tools/tool.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { DEFAULT_SCENARIO } from './tool-options.ts';

/** What each of these commands ends with: the artefact decides, the verdict is told. */
const EXITS = [
  [EXIT_CODES.pass.code, 'the scenario ended and the artefact is there, whatever the verdict'],
  [EXIT_CODES.usage.code, EXIT_CODES.usage.when],
  [
    EXIT_CODES.runError.code,
    'the tool is not installed, did not start or left nothing, or the run broke off',
  ],
  [
    EXIT_CODES.interrupted.code,
    'stopped by Ctrl-C or SIGTERM: the load ends and what was collected is drawn; as the page is drawn, the page alone is missing',
  ],
] as const;

/** The whole text. */
export function renderToolHelp(tool: ToolName): string {
  const { title, artefact, file, reading, cost } = TOOLS[tool];
  const install =
    tool === 'flame'
      ? '0x is a development dependency of this project.'
      : 'clinic is installed on first use into .touchline/clinic, with npm ci and without install scripts.';
  const fit = SCENARIO_NAMES.filter((name) => whyUnfit(name) === undefined);
  const unfit = SCENARIO_NAMES.flatMap((name) => whyUnfit(name) ?? []);
  const width = Math.max(...fit.map((name) => name.length));
  return [
    `npm run profile:${tool} -- [--scenario <name>] [options of the scenario]`,
    `Runs a scenario against the reference server under ${title}, and leaves ${file} beside the report, linked from it.
${artefact}: ${reading}
${cost}
Only the measured server runs under it, so firehose leaves out what needs another: further engines, and readers in a browser. Reports in profiling/reports/latest are left alone. ${install}`,
    [
      'Scenarios',
      ...fit.map(
        (name) =>
          `  ${name.padEnd(width)}  ${SCENARIO_TITLES[name]}${name === DEFAULT_SCENARIO ? ' [default]' : ''}`,
      ),
      ...unfit.map((why) => `  Not under a tool: ${why}.`),
    ].join('\n'),
    `Options
  Those of the scenario: npm run ${npmScriptOf(DEFAULT_SCENARIO)} -- --help. No --url: the server must be started under the tool.`,
    ['Exit codes', ...EXITS.map(([code, when]) => `  ${String(code).padEnd(3)}  ${when}`)].join('\n'),
    `Examples
  npm run profile:${tool} -- --scenario broadcast --quick
  npm run profile:${tool} -- --scenario concurrency --tiers 500 --duration 10s`,
  ].join('\n\n');
}

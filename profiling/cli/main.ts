/** Where every profiling command begins and ends: words in, exit code out. */

import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { TouchlineError, type TouchlineErrorCode } from '../../server/protocol/touchline-error.ts';
import { BASELINE_NAMES, type ScenarioName } from '../record/run-record.ts';
import { FURTHER_SCENARIOS, PROFILE_SCENARIOS } from '../scenarios/registry.ts';
import { isTool, type ToolName } from '../tools/tool.ts';
import { EXIT_CODES, type ExitName } from './exit-codes.ts';
import { renderHelp } from './help.ts';
import type { CommandName } from './options/option-definition.ts';
import {
  type Asked,
  type OptionSurroundings,
  type RunOptions,
  readReportOptions,
  readRunOptions,
} from './run-options.ts';
import type { PlannedRun } from './run-several.ts';
import { renderToolHelp } from './tool-help.ts';
import { readToolOptions } from './tool-options.ts';

/** Compiled, this file is dist/profiling/cli/main.js. */
const PROJECT_FOLDER = fileURLToPath(new URL('../../../', import.meta.url));
const SEEDS = 2 ** 32;
/** What the user can put right without touching the target. */
const USAGE_ERRORS: readonly TouchlineErrorCode[] = [
  'TL_USAGE',
  'TL_ATTACH_REFUSED',
  'TL_FAULT_INVALID',
  'TL_OUT_NOT_WRITABLE',
  'TL_RECORD_INVALID',
];

/**
 * Carries out a command with the words of `process.argv` and sets `process.exitCode`. A command is loaded
 * once its words are understood: what draws the reports takes a second to load, and a wrong word needs none of it.
 */
export async function main(command: CommandName | ToolName): Promise<void> {
  process.exitCode = EXIT_CODES[await carryOut(command, process.argv.slice(2))].code;
}

async function carryOut(command: CommandName | ToolName, argv: readonly string[]): Promise<ExitName> {
  if (isTool(command)) return carryOutTool(command, argv);
  const surroundings = surroundingsNow();
  const read = (scenario: ScenarioName) =>
    readRunOptions(argv, { command: command === 'report' ? scenario : command, scenario }, surroundings);
  const help = () => renderHelp(command);
  try {
    switch (command) {
      case 'report':
        return await follow(help, readReportOptions(argv), async (options) => {
          const { reportCommand } = await import('./report-command.ts');
          return reportCommand(options);
        });
      case 'profile':
        return await follow(help, plan(read, profiled), async (planned) => {
          const { profileCommand } = await import('./profile-command.ts');
          return profileCommand(planned, PROJECT_FOLDER);
        });
      case 'baseline': {
        const planned = plan(read, () => BASELINE_NAMES);
        return await follow(help, planned, async (runs) => {
          const { baselineCommand } = await import('./baseline-command.ts');
          return baselineCommand(runs, PROJECT_FOLDER);
        });
      }
      default: {
        const scenario = command === 'benchmark' ? 'firehose' : command;
        return await follow(help, read(scenario), async (options) => {
          const { runCommand } = await import('./run-command.ts');
          return runCommand(scenario, options, PROJECT_FOLDER);
        });
      }
    }
  } catch (error) {
    return explain(error);
  }
}

async function carryOutTool(tool: ToolName, argv: readonly string[]): Promise<ExitName> {
  try {
    const asked = readToolOptions(argv, tool, surroundingsNow());
    return await follow(
      () => renderToolHelp(tool),
      asked,
      async ({ scenario, options }) => {
        const { toolCommand } = await import('./tool-command.ts');
        return toolCommand(scenario, options, PROJECT_FOLDER);
      },
    );
  } catch (error) {
    return explain(error);
  }
}

function surroundingsNow(): OptionSurroundings {
  return { environment: process.env, randomSeed: randomInt(SEEDS) };
}

function profiled({ all }: RunOptions): readonly ScenarioName[] {
  return all ? [...PROFILE_SCENARIOS, ...FURTHER_SCENARIOS] : PROFILE_SCENARIOS;
}

/** The same words read for each scenario, which has defaults of its own. */
function plan(
  read: (scenario: ScenarioName) => Asked<RunOptions>,
  scenariosOf: (options: RunOptions) => readonly ScenarioName[],
): Asked<readonly PlannedRun[]> {
  const asked = read('concurrency');
  if (asked.kind !== 'run') return asked;
  const planned: PlannedRun[] = [];
  for (const name of scenariosOf(asked.options)) {
    const next = read(name);
    if (next.kind !== 'run') return next;
    planned.push({ name, options: next.options });
  }
  return { kind: 'run', options: planned };
}

async function follow<Options>(
  help: () => string,
  asked: Asked<Options>,
  run: (options: Options) => Promise<ExitName>,
): Promise<ExitName> {
  switch (asked.kind) {
    case 'run':
      return run(asked.options);
    case 'help':
      console.log(help());
      return 'pass';
    case 'usage':
      for (const problem of asked.problems) console.error(`TL_USAGE: ${problem}`);
      console.error('Every option is explained by --help.');
      return 'usage';
  }
}

function explain(error: unknown): ExitName {
  if (!(error instanceof TouchlineError)) {
    console.error(`TL_INTERNAL: ${error instanceof Error ? error.stack : String(error)}`);
    return 'runError';
  }
  console.error(`${error.code}: ${error.message}`);
  if (error.code === 'TL_INTERRUPTED') return 'interrupted';
  return USAGE_ERRORS.includes(error.code) ? 'usage' : 'runError';
}

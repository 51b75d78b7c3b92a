/** Where every profiling command begins and ends: words in, exit code out. */

import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { TouchlineError, type TouchlineErrorCode } from '../../server/protocol/touchline-error.ts';
import { PROFILE_SCENARIOS, type ScenarioName } from '../scenarios/registry.ts';
import { EXIT_CODES, type ExitName } from './exit-codes.ts';
import { renderHelp } from './help.ts';
import type { CommandName } from './options.ts';
import { reportCommand } from './report-command.ts';
import { runCommand } from './run-command.ts';
import { type Asked, readReportOptions, readRunOptions } from './run-options.ts';

/** Compiled, this file is dist/profiling/cli/main.js. */
const PROJECT_FOLDER = fileURLToPath(new URL('../../../', import.meta.url));
const SEEDS = 2 ** 32;
/** What the user can put right without touching the target. */
const USAGE_ERRORS: readonly TouchlineErrorCode[] = [
  'TL_USAGE',
  'TL_FAULT_INVALID',
  'TL_OUT_NOT_WRITABLE',
  'TL_RECORD_INVALID',
];

/** Carries out a command with the words of `process.argv` and sets `process.exitCode`. */
export async function main(command: CommandName): Promise<void> {
  process.exitCode = EXIT_CODES[await carryOut(command, process.argv.slice(2))].code;
}

async function carryOut(command: CommandName, argv: readonly string[]): Promise<ExitName> {
  try {
    if (command === 'report') return await follow(command, readReportOptions(argv), reportCommand);
    const surroundings = { environment: process.env, randomSeed: randomInt(SEEDS) };
    const scenarios = command === 'profile' ? PROFILE_SCENARIOS : [command];
    return await follow(command, readRunOptions(argv, command, surroundings), (options) =>
      inTurn(scenarios, (name) => runCommand(name, options, PROJECT_FOLDER)),
    );
  } catch (error) {
    return explain(error);
  }
}

async function follow<Options>(
  command: CommandName,
  asked: Asked<Options>,
  run: (options: Options) => Promise<ExitName>,
): Promise<ExitName> {
  switch (asked.kind) {
    case 'run':
      return run(asked.options);
    case 'help':
      console.log(renderHelp(command));
      return 'pass';
    case 'usage':
      for (const problem of asked.problems) console.error(`TL_USAGE: ${problem}`);
      console.error('Every option is explained by --help.');
      return 'usage';
  }
}

/** Runs each scenario in turn; the first that does not pass gives the exit, an interrupt ends them all. */
async function inTurn(
  names: readonly ScenarioName[],
  run: (name: ScenarioName) => Promise<ExitName>,
): Promise<ExitName> {
  let worst: ExitName = 'pass';
  for (const name of names) {
    const exit = await run(name);
    if (exit === 'interrupted') return exit;
    if (worst === 'pass') worst = exit;
  }
  return worst;
}

function explain(error: unknown): ExitName {
  if (!(error instanceof TouchlineError)) {
    console.error(`TL_INTERNAL: ${error instanceof Error ? error.stack : String(error)}`);
    return 'runError';
  }
  console.error(`${error.code}: ${error.message}`);
  return USAGE_ERRORS.includes(error.code) ? 'usage' : 'runError';
}

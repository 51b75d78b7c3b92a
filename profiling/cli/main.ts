/** Where every profiling command begins and ends: words in, exit code out. */

import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { TouchlineError, type TouchlineErrorCode } from '../../server/protocol/touchline-error.ts';
import type { ScenarioName } from '../record/run-record.ts';
import { FURTHER_SCENARIOS, PROFILE_SCENARIOS } from '../scenarios/registry.ts';
import { EXIT_CODES, type ExitName } from './exit-codes.ts';
import { renderHelp } from './help.ts';
import type { CommandName } from './option-definition.ts';
import { type PlannedRun, profileCommand } from './profile-command.ts';
import { reportCommand } from './report-command.ts';
import { runCommand } from './run-command.ts';
import { type Asked, type RunOptions, readReportOptions, readRunOptions } from './run-options.ts';

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
  const surroundings = { environment: process.env, randomSeed: randomInt(SEEDS) };
  const read = (scenario: ScenarioName) =>
    readRunOptions(argv, { command: command === 'report' ? scenario : command, scenario }, surroundings);
  try {
    switch (command) {
      case 'report':
        return await follow(command, readReportOptions(argv), reportCommand);
      case 'profile':
        return await follow(command, planProfile(read), (planned) => profileCommand(planned, PROJECT_FOLDER));
      default:
        return await follow(command, read(command), (options) =>
          runCommand(command, options, PROJECT_FOLDER),
        );
    }
  } catch (error) {
    return explain(error);
  }
}

/** The same words read for each scenario, which has defaults of its own. */
function planProfile(read: (scenario: ScenarioName) => Asked<RunOptions>): Asked<readonly PlannedRun[]> {
  const [first, ...others] = PROFILE_SCENARIOS;
  if (first === undefined) throw new Error('there is no scenario to run');
  const asked = read(first);
  if (asked.kind !== 'run') return asked;
  const further = asked.options.all ? FURTHER_SCENARIOS : [];
  const planned: PlannedRun[] = [{ name: first, options: asked.options }];
  for (const name of [...others, ...further]) {
    const next = read(name);
    if (next.kind !== 'run') return next;
    planned.push({ name, options: next.options });
  }
  return { kind: 'run', options: planned };
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

function explain(error: unknown): ExitName {
  if (!(error instanceof TouchlineError)) {
    console.error(`TL_INTERNAL: ${error instanceof Error ? error.stack : String(error)}`);
    return 'runError';
  }
  console.error(`${error.code}: ${error.message}`);
  return USAGE_ERRORS.includes(error.code) ? 'usage' : 'runError';
}

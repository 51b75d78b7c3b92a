/** The words of `npm run profile:flame -- --scenario broadcast --quick`: a scenario, and the options that it takes itself. */

import { isBrowserReader } from '../../load-tests/generator/ticks/tick-plan.ts';
import { SCENARIO_NAMES, type ScenarioName } from '../record/run-record.ts';
import { npmScriptOf } from '../report/npm-script.ts';
import { whyUnfit } from '../tools/scenario-fit.ts';
import type { ToolName } from '../tools/tool.ts';
import { nearestName, withSuggestion } from './nearest-name.ts';
import { unknownOption } from './options/parse-argv.ts';
import { type Asked, type OptionSurroundings, type RunOptions, readRunOptions } from './run-options.ts';

/** Its server is busy from beginning to end, in a minute; others wait for clients. */
export const DEFAULT_SCENARIO: ScenarioName = 'broadcast';

const FIT = SCENARIO_NAMES.filter((name) => whyUnfit(name) === undefined);

export interface ToolOptions {
  readonly scenario: ScenarioName;
  readonly options: RunOptions;
}

/** Reads the command line of a tool. */
export function readToolOptions(
  argv: readonly string[],
  tool: ToolName,
  surroundings: OptionSurroundings,
): Asked<ToolOptions> {
  const { names, rest } = takeScenarios(argv);
  const problems = names.flatMap(scenarioProblems);
  if (names.length > 1) problems.push(`--scenario may be given once; received ${names.length} times`);
  const scenario = SCENARIO_NAMES.find((name) => name === names[0]) ?? DEFAULT_SCENARIO;
  if (rest.includes('--help')) return { kind: 'help' };
  problems.push(...missedScenarios(rest), ...contradictionsOf(rest, tool));
  if (problems.length > 0) return { kind: 'usage', problems };
  const asked = readRunOptions(rest, { command: scenario, scenario }, surroundings);
  if (asked.kind === 'usage') {
    const whose = `the options of --scenario ${scenario} are explained by: npm run ${npmScriptOf(scenario)} -- --help`;
    return { kind: 'usage', problems: [...asked.problems, whose] };
  }
  if (asked.kind !== 'run') return asked;
  const beside = serversBeside(asked.options, tool);
  if (beside.length > 0) return { kind: 'usage', problems: beside };
  return { kind: 'run', options: { scenario, options: underTool(asked.options, tool) } };
}

/** A scenario that was meant and not named as one. */
function missedScenarios(words: readonly string[]): string[] {
  const [first = '--'] = words;
  const meant = first.startsWith('-') ? undefined : nearestName(first, FIT);
  const bare = meant === undefined ? [] : [`unexpected "${first}"; did you mean --scenario ${meant}?`];
  const misspelt = words.flatMap((word) => {
    const [name = ''] = word.split('=', 1);
    return name.startsWith('--') && nearestName(name.slice(2), ['scenario']) !== undefined
      ? [unknownOption(name, ['scenario'])]
      : [];
  });
  return [...bare, ...misspelt];
}

/** Without what needs another server, which would not run under the tool and be compared with the one that does. */
function underTool(options: RunOptions, tool: ToolName): RunOptions {
  const { engines, kinds } = options.ticks;
  const ticks = {
    ...options.ticks,
    engines: engines.slice(0, 1),
    kinds: kinds.filter((kind) => !isBrowserReader(kind)),
  };
  return { ...options, tool, ticks };
}

/** What was typed of that. */
function serversBeside({ typed, ticks }: RunOptions, tool: ToolName): readonly string[] {
  const problems: string[] = [];
  if (typed.has('engines') && ticks.engines.length > 1) {
    problems.push(
      `only one server runs under ${tool}: expected one engine in --engines; received ${ticks.engines.join(',')}`,
    );
  }
  const browsers = ticks.kinds.filter(isBrowserReader);
  if (typed.has('reader-kinds') && browsers.length > 0) {
    problems.push(
      `only one server runs under ${tool}, and each reader in a browser has a server of its own: leave ${browsers.join(', ')} out of --reader-kinds`,
    );
  }
  return problems;
}

/** What no server can be that starts under a tool. */
function contradictionsOf(words: readonly string[], tool: ToolName): string[] {
  const given = (option: string) => words.some((word) => word === option || word.startsWith(`${option}=`));
  const problems: string[] = [];
  const running = ['--url', '--attach'].filter(given);
  if (running.length > 0) {
    problems.push(
      `profile:${tool} starts the server itself, under ${tool}; ${running.join(' and ')} cannot be used with it`,
    );
  }
  if (given('--profile')) {
    problems.push(
      `two profilers would measure each other: leave out --profile, or run the scenario without ${tool}`,
    );
  }
  return problems;
}

interface Taken {
  /** What was typed behind `--scenario`; undefined where nothing was. */
  readonly names: readonly (string | undefined)[];
  readonly rest: readonly string[];
}

function takeScenarios(argv: readonly string[]): Taken {
  const names: (string | undefined)[] = [];
  const rest: string[] = [];
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    if (word.startsWith('--scenario=')) names.push(word.slice('--scenario='.length));
    else if (word !== '--scenario') rest.push(word);
    else if (argv[index + 1]?.startsWith('--') ?? true) names.push(undefined);
    else {
      index += 1;
      names.push(argv[index]);
    }
  }
  return { names, rest };
}

function unfitProblems(scenario: ScenarioName): string[] {
  const why = whyUnfit(scenario);
  return why === undefined ? [] : [`--scenario ${scenario} makes no sense under a tool: ${why}`];
}

function scenarioProblems(name: string | undefined): string[] {
  const all = FIT.join(', ');
  if (name === undefined || name === '') return [`--scenario needs a value: one of ${all}`];
  const known = SCENARIO_NAMES.find((scenario) => scenario === name);
  if (known !== undefined) return unfitProblems(known);
  return [withSuggestion(`--scenario: expected one of ${all}; received "${name}"`, name, FIT)];
}

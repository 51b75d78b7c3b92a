/** The command that repeats a run: what was typed, with the seed, without secrets. */

import type { ScenarioName } from '../record/run-record.ts';
import { npmScriptOf } from '../report/npm-script.ts';
import { OPTION_TABLE } from './options/option-table.ts';
import type { OptionName } from './options/options.ts';
import type { RunOptions } from './run-options.ts';

/** Say where and how to write; they do not change what is measured. */
const NOT_REPEATED: readonly OptionName[] = [
  ...(['seed', 'out', 'json', 'quiet', 'help', 'quick', 'from'] as const),
  ...(['no-live', 'live-host', 'remote-write'] as const),
];
/** Never written down: the shell is asked to fill them in. */
const SECRETS: Partial<Record<OptionName, string>> = {
  'admin-token': '"$TOUCHLINE_ADMIN_TOKEN"',
  'api-token': '"$API_TOKEN"',
};

/** @returns a line for a shell, `npm run profile:concurrency -- --seed 7 …` */
export function repeatCommand(scenario: ScenarioName, options: RunOptions): string {
  // Which scenarios `profile` runs is not this one's business.
  const typed = new Map([...options.typed].filter(([name]) => name !== 'all'));
  if (options.tool !== undefined) {
    const flags = ['--scenario', scenario, ...(options.quick ? ['--quick'] : [])];
    return commandLine(`profile:${options.tool}`, { ...options, typed }, flags);
  }
  const script = options.ticks.benchmark === undefined ? npmScriptOf(scenario) : 'benchmark';
  return commandLine(script, { ...options, typed }, options.quick ? ['--quick'] : []);
}

/** The same for all scenarios together, which is always quick. */
export function repeatProfile(options: RunOptions): string {
  return commandLine('profile', options, []);
}

function commandLine(script: string, options: RunOptions, flags: readonly string[]): string {
  const words = [...options.typed]
    .filter(([name]) => !NOT_REPEATED.includes(name))
    .flatMap(([name, texts]) => texts.flatMap((text) => optionWords(name, text)));
  const all = [...flags, '--seed', String(options.seed), ...words];
  return `npm run ${script} -- ${all.join(' ')}`;
}

function optionWords(name: OptionName, text: string): readonly string[] {
  const secret = SECRETS[name];
  if (secret !== undefined) return [`--${name}`, secret];
  return OPTION_TABLE[name].form === 'flag' ? [`--${name}`] : [`--${name}`, quote(text)];
}

/** Quotes for a POSIX shell where a word needs it. */
function quote(word: string): string {
  return /^[\w.,:/=%@+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

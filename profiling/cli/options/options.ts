/** What the option table means to the rest: typed values, usage, defaults, and the README's table. */

import { SCENARIO_NAMES, type ScenarioName } from '../../record/run-record.ts';
import { ALL } from './option-commands.ts';
import type { CommandName, Defaults, OptionDefinition, ValueOption } from './option-definition.ts';
import { OPTION_TABLE } from './option-table.ts';

export type OptionName = keyof typeof OPTION_TABLE;

type ReadValue<Definition> = Definition extends { readonly parse: (text: string) => infer Value }
  ? Value
  : never;

/** The typed value that each option yields. */
export type OptionValues = {
  readonly [Name in OptionName]: (typeof OPTION_TABLE)[Name] extends { readonly form: infer Form }
    ? Form extends 'flag'
      ? boolean
      : Form extends 'list'
        ? readonly ReadValue<(typeof OPTION_TABLE)[Name]>[]
        : Form extends 'optional'
          ? ReadValue<(typeof OPTION_TABLE)[Name]> | undefined
          : ReadValue<(typeof OPTION_TABLE)[Name]>
    : never;
};

/** Options a command takes, in table order. */
export function optionsOf(command: CommandName): readonly (readonly [OptionName, OptionDefinition])[] {
  return (Object.entries(OPTION_TABLE) as [OptionName, OptionDefinition][]).filter(([, definition]) =>
    definition.commands.includes(command),
  );
}

/** Whether a command is one scenario. */
export function isScenario(command: CommandName): command is ScenarioName {
  return SCENARIO_NAMES.some((name) => name === command);
}

/** How an option is typed: `--tiers <list>`. */
export function optionUsage(name: OptionName, definition: OptionDefinition): string {
  return definition.form === 'flag' ? `--${name}` : `--${name} ${definition.placeholder}`;
}

/** The default of a value option in a command. */
export function defaultsOf(definition: ValueOption<unknown>, command: CommandName): Defaults {
  return definition.per?.[command] ?? definition;
}

/**
 * What happens when an option is not given; empty for flags.
 *
 * @param command whose defaults are told; undefined: those of every command that takes it
 */
export function optionDefault(definition: OptionDefinition, command?: CommandName): string {
  switch (definition.form) {
    case 'flag':
      return '';
    case 'list':
      return 'repeatable';
    case 'optional':
      return definition.absent;
    case 'value':
      return command === undefined ? everyDefault(definition) : defaultText(defaultsOf(definition, command));
  }
}

function defaultText(defaults: Defaults): string {
  return defaults.quickDefault === undefined
    ? defaults.default
    : `${defaults.default}; quick: ${defaults.quickDefault}`;
}

function everyDefault(definition: ValueOption<unknown>): string {
  const others = Object.entries(definition.per ?? {}).map(
    ([of, defaults]) => `${of} ${defaultText(defaults)}`,
  );
  return [defaultText(definition), ...others].join(' · ');
}

/** The options section of README.md, as a Markdown table. */
export function renderOptionsTable(): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  const rows = (Object.entries(OPTION_TABLE) as [OptionName, OptionDefinition][]).map(
    ([name, definition]) =>
      `| \`${cell(optionUsage(name, definition))}\` | ${commandsText(definition)} | ${cell(optionDefault(definition))} | ${cell(definition.help)} |`,
  );
  return `${['| option | of | default | what it does |', '| --- | --- | --- | --- |', ...rows].join('\n')}\n`;
}

function commandsText({ commands }: OptionDefinition): string {
  const missing = ALL.filter((command) => !commands.includes(command));
  if (missing.length === 0) return 'all';
  const isEachScenario = SCENARIO_NAMES.every((name) => commands.includes(name));
  if (isEachScenario && commands.length === SCENARIO_NAMES.length) return 'each scenario';
  return missing.length <= 2 ? `all but ${missing.join(', ')}` : commands.join(', ');
}

/** argv → typed values by the option table. Finds every problem at once. */

import { parseArgs } from 'node:util';
import { TouchlineError } from '../../../server/protocol/touchline-error.ts';
import { nearestName, withSuggestion } from '../nearest-name.ts';
import type { CommandName, FlagOption, OptionDefinition } from './option-definition.ts';
import { OPTION_TABLE } from './option-table.ts';
import { defaultsOf, type OptionName, type OptionValues, optionsOf } from './options.ts';

/** Either every value, typed, or every problem, each a sentence. */
export type ParsedArgv =
  | {
      readonly ok: true;
      readonly values: OptionValues;
      /** Texts by option, as typed. */
      readonly given: ReadonlyMap<OptionName, readonly string[]>;
      readonly positionals: readonly string[];
    }
  | { readonly ok: false; readonly problems: readonly string[] };

interface Typed {
  /** Texts by option name, in the order typed; a flag has an empty text. */
  readonly texts: ReadonlyMap<OptionName, readonly string[]>;
  readonly positionals: readonly string[];
}

/**
 * @param argv words after the script's name
 * @param scenario whose defaults count, where the command runs several
 */
export function parseArgv(
  argv: readonly string[],
  command: CommandName,
  scenario: CommandName = command,
): ParsedArgv {
  const problems: string[] = [];
  const typed = readWords(argv, command, problems);
  const quick = typed.texts.has('quick') || command === 'profile';
  const values: Partial<Record<OptionName, unknown>> = {};
  for (const [name, definition] of Object.entries(OPTION_TABLE) as [OptionName, OptionDefinition][]) {
    values[name] = readValue(
      { name, definition, texts: typed.texts.get(name) ?? [], quick, scenario },
      problems,
    );
  }
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    // The loop above gave every name of the table the value its own `parse` returned.
    values: values as OptionValues,
    given: typed.texts,
    positionals: typed.positionals,
  };
}

/** Sorts words into options and the rest; unknown ones become problems. */
function readWords(argv: readonly string[], command: CommandName, problems: string[]): Typed {
  const known = new Map(optionsOf(command));
  const config = Object.fromEntries(
    [...known].map(([name, { form }]) => [
      name,
      { type: form === 'flag' ? ('boolean' as const) : ('string' as const), multiple: true },
    ]),
  );
  const { tokens } = parseArgs({ args: [...argv], options: config, strict: false, tokens: true });
  const texts = new Map<OptionName, string[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const name = [...known.keys()].find((candidate) => candidate === token.name);
    const definition = name === undefined ? undefined : known.get(name);
    if (name === undefined || definition === undefined) {
      problems.push(unknownOption(token.rawName, [...known.keys()]));
      continue;
    }
    const problem = misuse(definition, token.rawName, token.value);
    if (problem !== undefined) problems.push(problem);
    else texts.set(name, [...(texts.get(name) ?? []), token.value ?? '']);
  }
  return { texts, positionals };
}

/** A word that is no option, and the one that was probably meant. */
export function unknownOption(rawName: string, known: readonly string[]): string {
  const nearest = nearestName(rawName.replace(/^-+/, ''), known);
  return `unknown option ${rawName}${nearest === undefined ? '' : `; did you mean --${nearest}?`}`;
}

function misuse(
  definition: OptionDefinition,
  rawName: string,
  value: string | undefined,
): string | undefined {
  if (definition.form === 'flag') {
    return value === undefined ? undefined : `${rawName} takes no value; received "${value}"`;
  }
  // A word that begins with -- is the next option, not this one's value.
  if (value === undefined || value.startsWith('--')) {
    return `${rawName} needs a value: ${rawName} ${definition.placeholder}`;
  }
  return undefined;
}

interface Reading {
  readonly name: OptionName;
  readonly definition: OptionDefinition;
  readonly texts: readonly string[];
  readonly quick: boolean;
  readonly scenario: CommandName;
}

function readValue(reading: Reading, problems: string[]): unknown {
  const { name, definition, texts, quick, scenario } = reading;
  if (definition.form === 'flag') return texts.length > 0 || (name === 'quick' && quick);
  const read = (text: string) => attempt({ name, definition, text }, problems);
  if (definition.form === 'list') return texts.map(read);
  if (texts.length > 1) problems.push(`--${name} may be given once; received ${texts.length} times`);
  const text = texts[0];
  if (text !== undefined) return read(text);
  if (definition.form === 'optional') return undefined;
  const defaults = defaultsOf(definition, scenario);
  return read(quick ? (defaults.quickDefault ?? defaults.default) : defaults.default);
}

interface Attempt {
  readonly name: OptionName;
  readonly definition: Exclude<OptionDefinition, FlagOption>;
  readonly text: string;
}

function attempt({ name, definition, text }: Attempt, problems: string[]): unknown {
  try {
    return definition.parse(text);
  } catch (error) {
    if (!(error instanceof TouchlineError)) throw error;
    const names = definition.form === 'list' ? definition.names : [];
    problems.push(`--${name}: ${suggestFor(text, error.message, names)}`);
    return undefined;
  }
}

/** Suggests a name for the first one in `name[=value],…` that there is not. */
function suggestFor(text: string, sentence: string, names: readonly string[]): string {
  const typed = text.split(',').map((part) => part.split('=', 1)[0]?.trim() ?? '');
  const unknown = typed.find((name) => name !== '' && !names.includes(name));
  return unknown === undefined ? sentence : withSuggestion(sentence, unknown, names);
}

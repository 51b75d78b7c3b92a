/** What an option is: how it is typed, read, defaulted and explained. */

import type { ScenarioName } from '../../record/run-record.ts';

/**
 * A scenario by its name; `profile` and `baseline` run several; `benchmark` is one cell of `firehose`; `report` judges a
 * run.json again.
 */
export type CommandName = ScenarioName | 'profile' | 'baseline' | 'benchmark' | 'report';

interface OptionBase {
  readonly help: string;
  readonly commands: readonly CommandName[];
}

/** On when it is there; takes no value. */
export interface FlagOption extends OptionBase {
  readonly form: 'flag';
}

/** Written as it would be typed. */
export interface Defaults {
  readonly default: string;
  /** The default with `--quick`, where it differs. */
  readonly quickDefault?: string;
}

/** Has a default. */
export interface ValueOption<Value> extends OptionBase, Defaults {
  readonly form: 'value';
  readonly placeholder: string;
  /** Commands that differ. */
  readonly per?: Partial<Record<CommandName, Defaults>>;
  readonly parse: (text: string) => Value;
}

/** May be left out; `absent` says what happens then. */
export interface OptionalOption<Value> extends OptionBase {
  readonly form: 'optional';
  readonly placeholder: string;
  readonly absent: string;
  readonly parse: (text: string) => Value;
}

/** May be given several times. */
export interface ListOption<Value> extends OptionBase {
  readonly form: 'list';
  readonly placeholder: string;
  /** What a value may begin with, to suggest the nearest where it does not. */
  readonly names: readonly string[];
  readonly parse: (text: string) => Value;
}

export type OptionDefinition =
  | FlagOption
  | ValueOption<unknown>
  | OptionalOption<unknown>
  | ListOption<unknown>;

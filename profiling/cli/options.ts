/**
 * Every command-line option once: how it is typed, read, defaulted and explained.
 * Parsing, `--help` and the options section of README.md are made from this table.
 */

import type { Arrival, ClientKind } from '../../load-tests/generator/load-plan.ts';
import { FAULT_CATALOGUE, parseFaults } from '../../server/faults/fault-catalogue.ts';
import { parseThreshold, THRESHOLD_NAMES } from '../verdict/thresholds.ts';
import {
  parseAddress,
  parseChoice,
  parseDurationMs,
  parseNumber,
  parseText,
  parseTiers,
} from './option-values.ts';

/** `concurrency` and `profile` measure; `report` judges a run.json again. */
export type CommandName = 'concurrency' | 'profile' | 'report';

interface OptionBase {
  readonly help: string;
  readonly commands: readonly CommandName[];
}

/** On when it is there; takes no value. */
export interface FlagOption extends OptionBase {
  readonly form: 'flag';
}

/** Has a default, itself written as it would be typed. */
export interface ValueOption<Value> extends OptionBase {
  readonly form: 'value';
  readonly placeholder: string;
  readonly default: string;
  /** The default with `--quick`, where it differs. */
  readonly quickDefault?: string;
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

const MEASURING = ['concurrency', 'profile'] as const;
const ALL = ['concurrency', 'profile', 'report'] as const;
const HTTP = ['http:', 'https:'] as const;

export const OPTION_TABLE = {
  quick: {
    form: 'flag',
    commands: MEASURING,
    help: 'Fewer tiers, shorter windows and a 2 s heartbeat: well under a minute.',
  },
  tiers: {
    form: 'value',
    placeholder: '<list>',
    default: '10,50,100,500,1000',
    quickDefault: '10,100,1000',
    parse: parseTiers,
    commands: MEASURING,
    help: 'Connections of each tier, 1 to 50000.',
  },
  duration: {
    form: 'value',
    placeholder: '<time>',
    default: '30s',
    quickDefault: '5s',
    parse: (text) => parseDurationMs(text, 100),
    commands: MEASURING,
    help: 'Measured window of each tier: 500ms, 30s, 2m; a bare number is seconds.',
  },
  'warm-up': {
    form: 'value',
    placeholder: '<time>',
    default: '3s',
    quickDefault: '1s',
    parse: (text) => parseDurationMs(text, 0),
    commands: MEASURING,
    help: 'Load before the measured window, not measured.',
  },
  rate: {
    form: 'value',
    placeholder: '<per second>',
    default: '10',
    parse: (text) => parseNumber(text, { min: 0.1, max: 10_000, what: 'broadcasts per second' }),
    commands: MEASURING,
    help: 'Broadcasts per second; above 10,000 connections at most 100,000 ÷ connections.',
  },
  arrival: {
    form: 'value',
    placeholder: '<kind>',
    default: 'uniform',
    parse: (text) => parseChoice<Arrival>(text, ['uniform', 'poisson']),
    commands: MEASURING,
    help: 'Spacing of the intended send times: uniform or poisson.',
  },
  client: {
    form: 'value',
    placeholder: '<kind>',
    default: 'auto',
    parse: (text) => parseChoice<ClientKind | 'auto'>(text, ['auto', 'lean', 'ws']),
    commands: MEASURING,
    help: 'Load client: lean (own frame parser, ws:// only), ws (the library), auto (lean for ws://, ws for wss://).',
  },
  workers: {
    form: 'optional',
    placeholder: '<count>',
    absent: 'sized from cores and calibration',
    parse: (text) => parseNumber(text, { min: 1, max: 64, what: 'subscriber processes', whole: true }),
    commands: MEASURING,
    help: 'Generator processes that hold connections.',
  },
  seed: {
    form: 'optional',
    placeholder: '<number>',
    absent: 'random, printed',
    parse: (text) => parseNumber(text, { min: 0, max: 4_294_967_295, what: 'a seed', whole: true }),
    commands: MEASURING,
    help: 'Makes send times and match ids repeatable.',
  },
  out: {
    form: 'optional',
    placeholder: '<folder>',
    absent: 'profiling/reports/<run id>, copied to profiling/reports/latest; for report: beside run.json',
    parse: (text) => parseText(text, 'a folder'),
    commands: ALL,
    help: 'Folder for run.json and the reports; latest is then left alone.',
  },
  threshold: {
    form: 'list',
    names: THRESHOLD_NAMES,
    placeholder: '<name=value>',
    parse: parseThreshold,
    commands: ALL,
    help: 'Changes a limit, such as p99=80ms.',
  },
  fault: {
    form: 'list',
    names: Object.keys(FAULT_CATALOGUE),
    placeholder: '<name[=value]>',
    parse: (text) => parseFaults(parseText(text, 'a fault')),
    commands: MEASURING,
    help: 'Switches on a fault in the spawned server: a control that must make the run fail.',
  },
  url: {
    form: 'optional',
    placeholder: '<ws://…>',
    absent: 'starts the reference server',
    parse: (text) => parseAddress(text, ['ws:', 'wss:'], 'ws://127.0.0.1:8000/ws'),
    commands: MEASURING,
    help: 'Measures a server that runs already.',
  },
  http: {
    form: 'optional',
    placeholder: '<http://…>',
    absent: 'same origin as --url',
    parse: (text) => parseAddress(text, HTTP, 'http://127.0.0.1:8000'),
    commands: MEASURING,
    help: 'Origin of the endpoint that takes commentary.',
  },
  admin: {
    form: 'optional',
    placeholder: '<http://…>',
    absent: 'port 9464 of the same host when --url is on loopback',
    parse: (text) => parseAddress(text, HTTP, 'http://127.0.0.1:9464'),
    commands: MEASURING,
    help: 'Admin port of the target.',
  },
  metrics: {
    form: 'optional',
    placeholder: '<http://…>',
    absent: '<admin>/metrics',
    parse: (text) => parseAddress(text, HTTP, 'http://127.0.0.1:9464/metrics'),
    commands: MEASURING,
    help: 'Prometheus metrics of the target.',
  },
  'admin-token': {
    form: 'optional',
    placeholder: '<token>',
    absent: 'environment TOUCHLINE_ADMIN_TOKEN',
    parse: (text) => parseText(text, 'a token'),
    commands: MEASURING,
    help: 'Lets the profiler force garbage collection before it reads memory.',
  },
  'api-token': {
    form: 'optional',
    placeholder: '<token>',
    absent: 'none',
    parse: (text) => parseText(text, 'a token'),
    commands: MEASURING,
    help: 'Bearer token for posting commentary, where the target wants one.',
  },
  match: {
    form: 'optional',
    placeholder: '<id>',
    absent: 'a fresh match for each tier',
    parse: (text) => parseNumber(text, { min: 1, max: 2_147_483_647, what: 'a match id', whole: true }),
    commands: MEASURING,
    help: 'Match that every client joins.',
  },
  json: {
    form: 'flag',
    commands: ALL,
    help: 'One JSON object on stdout instead of text (with npm: npm run -s …).',
  },
  quiet: { form: 'flag', commands: ALL, help: 'No progress on stderr.' },
  help: { form: 'flag', commands: ALL, help: 'Shows this text.' },
} as const satisfies Record<string, OptionDefinition>;

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

/** How an option is typed: `--tiers <list>`. */
export function optionUsage(name: OptionName, definition: OptionDefinition): string {
  return definition.form === 'flag' ? `--${name}` : `--${name} ${definition.placeholder}`;
}

/** What happens when an option is not given; empty for flags. */
export function optionDefault(definition: OptionDefinition): string {
  switch (definition.form) {
    case 'flag':
      return '';
    case 'list':
      return 'repeatable';
    case 'optional':
      return definition.absent;
    case 'value':
      return definition.quickDefault === undefined
        ? definition.default
        : `${definition.default}; quick: ${definition.quickDefault}`;
  }
}

/** The options section of README.md, as a Markdown table. */
export function renderOptionsTable(): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  const rows = (Object.entries(OPTION_TABLE) as [OptionName, OptionDefinition][]).map(
    ([name, definition]) =>
      `| \`${cell(optionUsage(name, definition))}\` | ${cell(optionDefault(definition))} | ${cell(definition.help)} |`,
  );
  return `${['| option | default | what it does |', '| --- | --- | --- |', ...rows].join('\n')}\n`;
}

/** The options of tick feeds alone; a part of the option table. */

import { TICK_READERS } from '../../../load-tests/generator/ticks/tick-plan.ts';
import { ENGINES } from '../../../server/protocol/engine-names.ts';
import { FAN_OUT_MODES } from '../../../server/protocol/fan-out-modes.ts';
import {
  MAX_TICK_RATE_LIMIT,
  TICK_FORMATS,
  type TickFormat,
} from '../../../server/protocol/tick-messages.ts';
import { TICKS } from './option-commands.ts';
import type { OptionDefinition } from './option-definition.ts';
import { countReader, parseChoice, parseChoices, parseNumbers } from './option-values.ts';

/** What readers of the ancestors were called, and whose part they play here. */
export const BENCHMARK_MODES = {
  'browser-js': 'browser-naive',
  'tauri-js': 'browser-sampled',
  'tauri-rust': 'lean',
  ws: 'ws',
} as const;
export type BenchmarkMode = keyof typeof BENCHMARK_MODES;
const BENCHMARK_MODE_NAMES: readonly BenchmarkMode[] = ['browser-js', 'tauri-js', 'tauri-rust', 'ws'];

export const TICK_OPTIONS = {
  'max-rate': {
    form: 'value',
    placeholder: '<per second>',
    default: '8000000',
    quickDefault: '1000000',
    parse: countReader('ticks per second', MAX_TICK_RATE_LIMIT),
    commands: ['firehose'],
    help: 'Highest rate of the search, which doubles --rates up to here; MAX_TICK_RATE of the server that is started.',
  },
  readers: {
    form: 'value',
    placeholder: '<list>',
    default: '1,10,100',
    quickDefault: '1,10',
    parse: (text) =>
      parseNumbers(text, { what: 'numbers of readers', min: 1, max: 1_000, whole: true, example: '1,10' }),
    commands: ['firehose'],
    help: 'Readers at a time; rates are searched for with one.',
  },
  format: {
    form: 'value',
    placeholder: '<name>',
    default: 'both',
    per: { benchmark: { default: 'json' } },
    parse: (text) => parseChoice<'both' | TickFormat>(text, ['both', ...TICK_FORMATS]),
    commands: TICKS,
    help: 'Format of the ticks: json, binary or both.',
  },
  modes: {
    form: 'value',
    placeholder: '<list>',
    default: FAN_OUT_MODES.join(','),
    parse: (text) => parseChoices(text, FAN_OUT_MODES),
    commands: ['firehose'],
    help: 'Ways to write that are compared.',
  },
  engines: {
    form: 'value',
    placeholder: '<list>',
    default: ENGINES.join(','),
    parse: (text) => parseChoices(text, ENGINES),
    commands: TICKS,
    help: 'Engines, each on a server of its own; one that is not installed is named and left out.',
  },
  'reader-kinds': {
    form: 'value',
    placeholder: '<list>',
    default: TICK_READERS.join(','),
    quickDefault: 'lean,ws',
    parse: (text) => parseChoices(text, TICK_READERS),
    commands: ['firehose'],
    help: 'Kinds of readers that are compared; those of a browser are left out where there is none.',
  },
  mode: {
    form: 'value',
    placeholder: '<name>',
    default: 'tauri-rust',
    parse: (text) => parseChoice(text, BENCHMARK_MODE_NAMES),
    commands: ['benchmark'],
    help: 'Reader: browser-js renders every message, tauri-js once a frame, tauri-rust is native-like (lean).',
  },
} as const satisfies Record<string, OptionDefinition>;

/** The command line of `npm run bench:generators`. */

import { parseArgs } from 'node:util';
import { TouchlineError } from '../../../server/protocol/touchline-error.ts';
import { withSuggestion } from '../../cli/nearest-name.ts';
import { GENERATOR_NAMES, type GeneratorName } from './generator-catalogue.ts';

export const PARTS = ['speed', 'memory', 'answers'] as const;
export type BenchPart = (typeof PARTS)[number];

/** Known answers; `none` is a server without a fault. */
export const ANSWERS = ['none', 'delay', 'stall', 'drop'] as const;
export type KnownAnswer = (typeof ANSWERS)[number];

export interface GeneratorBenchOptions {
  /** In the order of the tables; ours is always among them. */
  readonly generators: readonly GeneratorName[];
  readonly parts: readonly BenchPart[];
  readonly connections: number;
  readonly broadcastsPerSecond: number;
  readonly turnsMs: readonly number[];
  readonly rounds: number;
  readonly measureMs: number;
  readonly warmUpMs: number;
  /** Connections that are held for memory a connection. */
  readonly hold: readonly number[];
  readonly holdRounds: number;
  readonly answers: readonly KnownAnswer[];
  readonly answersMs: number;
  /** The file whose section is written; null is none. */
  readonly out: string | null;
}

export const BENCHMARKS_FILE = 'profiling/BENCHMARKS.md';

export const HELP = `Holds touchline's generator beside k6, Artillery and a plain ws script: the same broadcast, received by each in turn.

  npm run bench:generators -- [options]

  --quick              one round of 0.5 s of touchline, k6 and ws, 200 to 1,000 connections held, answers of 2 s
  --generators <list>  ${GENERATOR_NAMES.join(', ')} (default: all; touchline always)
  --parts <list>       ${PARTS.join(', ')} (default: all)
  --connections <n>    that receive in the part speed (default 100)
  --rate <n>           broadcasts a second in the part speed (default 2000)
  --turns <list>       how often the server writes what is due, ms (default 10,1)
  --rounds <n>         each generator has its turn in each (default 3; the confidence intervals need 2)
  --seconds <n>        length of a measured stream (default 1)
  --warm-up <n>        seconds of the stream before it (default 1)
  --hold <list>        connections held in the part memory (default 1000,2500,4000)
  --hold-rounds <n>    rounds of the part memory (default 2)
  --answers <list>     ${ANSWERS.join(', ')} (default: all)
  --answer-seconds <n> length of a stream with a known answer, at least 2 with a stall (default 3)
  --out <file>         where the section goes (default ${BENCHMARKS_FILE}, for a run of everything only)
  --help               this text

touchline and ws need nothing but npm ci. k6 is built once with Go; Artillery, and Node 24 for it where this one is older
than 22.18, are installed once into .touchline from the npm registry.
Exit codes: 0 done · 1 a generator counted wrong or did not get to the end · 2 usage · 3 run error · 130 interrupted`;

const ARGUMENTS = {
  quick: { type: 'boolean' },
  help: { type: 'boolean' },
  generators: { type: 'string' },
  parts: { type: 'string' },
  connections: { type: 'string' },
  rate: { type: 'string' },
  turns: { type: 'string' },
  rounds: { type: 'string' },
  seconds: { type: 'string' },
  'warm-up': { type: 'string' },
  hold: { type: 'string' },
  'hold-rounds': { type: 'string' },
  answers: { type: 'string' },
  'answer-seconds': { type: 'string' },
  out: { type: 'string' },
} as const;

const DEFAULTS = {
  generators: GENERATOR_NAMES.join(','),
  parts: PARTS.join(','),
  connections: '100',
  rate: '2000',
  turns: '10,1',
  rounds: '3',
  seconds: '1',
  'warm-up': '1',
  hold: '1000,2500,4000',
  'hold-rounds': '2',
  answers: ANSWERS.join(','),
  'answer-seconds': '3',
};
const QUICK_DEFAULTS: typeof DEFAULTS = {
  ...DEFAULTS,
  generators: 'touchline,k6,ws',
  turns: '10',
  rounds: '1',
  seconds: '0.5',
  'warm-up': '0.5',
  hold: '200,600,1000',
  'hold-rounds': '1',
  'answer-seconds': '2',
};

/**
 * @returns null when `--help` is asked for
 * @throws TouchlineError `TL_USAGE`
 */
export function parseGeneratorOptions(argv: readonly string[]): GeneratorBenchOptions | null {
  const values = readWords(argv);
  if (values.help === true) return null;
  const defaults = values.quick === true ? QUICK_DEFAULTS : DEFAULTS;
  const text = (name: keyof typeof DEFAULTS): string => values[name] ?? defaults[name];
  const number = (name: keyof typeof DEFAULTS, most: number) =>
    readNumber(name, text(name), { least: 1, most });
  const answers = readNames('answers', text('answers'), ANSWERS);
  return {
    generators: readGenerators(text('generators')),
    parts: readNames('parts', text('parts'), PARTS),
    connections: number('connections', 10_000),
    broadcastsPerSecond: number('rate', 100_000),
    turnsMs: words(text('turns')).map((word) => readNumber('turns', word, { least: 1, most: 1_000 })),
    rounds: number('rounds', 1_000),
    measureMs: readSeconds('seconds', text('seconds'), 0.1),
    warmUpMs: readSeconds('warm-up', text('warm-up'), 0.1),
    hold: readHold(text('hold')),
    holdRounds: number('hold-rounds', 1_000),
    answers,
    // A stall of a second needs time around it.
    answersMs: readSeconds('answer-seconds', text('answer-seconds'), answers.includes('stall') ? 2 : 0.5),
    out: values.out ?? (Object.keys(values).length === 0 ? BENCHMARKS_FILE : null),
  };
}

function readWords(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: ARGUMENTS }).values;
  } catch (cause) {
    throw usage(`${cause instanceof Error ? cause.message : String(cause)} See --help.`);
  }
}

/** Ours is always there: it is what the others are compared with. */
function readGenerators(text: string): readonly GeneratorName[] {
  return readNames('generators', `touchline,${text}`, GENERATOR_NAMES);
}

/** @returns those that are named, in the order of `known` */
function readNames<Name extends string>(
  option: string,
  text: string,
  known: readonly Name[],
): readonly Name[] {
  const asked = words(text);
  for (const name of asked) {
    if (known.some((each) => each === name)) continue;
    const sentence = `expected --${option} to name some of ${known.join(', ')}; received "${name}"`;
    throw usage(withSuggestion(sentence, name, known));
  }
  return known.filter((name) => asked.includes(name));
}

/** A slope needs three counts that differ. */
function readHold(text: string): readonly number[] {
  const counts = words(text).map((word) => readNumber('hold', word, { least: 1, most: 10_000 }));
  if (new Set(counts).size >= 3) return counts;
  throw usage(`expected --hold to list at least 3 different counts; received "${text}"`);
}

function readNumber(name: string, text: string, range: { least: number; most: number }): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= range.least && value <= range.most) return value;
  throw usage(`expected --${name} from ${range.least} to ${range.most}; received "${text}"`);
}

/** @returns milliseconds */
function readSeconds(name: string, text: string, least: number): number {
  const value = /^\d+(\.\d+)?s?$/.test(text) ? Number.parseFloat(text) : Number.NaN;
  if (value >= least && value <= 20) return value * 1_000;
  throw usage(`expected --${name} from ${least} to 20; received "${text}"`);
}

function words(text: string): readonly string[] {
  return text.split(',').map((word) => word.trim());
}

function usage(message: string): TouchlineError {
  return new TouchlineError('TL_USAGE', message);
}

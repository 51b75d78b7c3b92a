/** The command line of `npm run bench:peers`. */

import { parseArgs } from 'node:util';
import type { PeerFormat } from '../../../load-tests/peers/contract/peer-plan.ts';
import { FLOOR_WRAPS_AT } from '../../../load-tests/peers/floor/prepared-turns.ts';
import { PEER_NAMES, type PeerName } from '../../../load-tests/peers/run/peer-catalogue.ts';
import { TouchlineError } from '../../../server/protocol/touchline-error.ts';
import { withSuggestion } from '../../cli/nearest-name.ts';

export interface BenchOptions {
  /** With `floor` and `ws`, which every comparison needs. */
  readonly peers: readonly PeerName[];
  readonly readers: readonly number[];
  readonly formats: readonly PeerFormat[];
  readonly perTurn: readonly number[];
  /** Deliveries a second of the paced cells; 0 leaves them out. */
  readonly pacedDeliveries: number;
  /** Rooms that the readers are dealt out to; servers without rooms are left out where they are several. */
  readonly rooms: number;
  readonly rounds: number;
  readonly measureMs: number;
  readonly warmUpMs: number;
  /** The file whose section is written; null is none. */
  readonly out: string | null;
}

export const BENCHMARKS_FILE = 'profiling/BENCHMARKS.md';

export const HELP = `Holds touchline beside other WebSocket servers: the same messages, the same readers, turn by turn in one run.

  npm run bench:peers -- [options]

  --quick            3 rounds of 0.4 s after 0.5 s with 1 and 100 readers, 200 messages a turn, nothing paced
  --peers <names>    ${PEER_NAMES.join(', ')} (default: all; floor and ws always)
  --readers <list>   connections (default 1,100,1000)
  --formats <list>   json, binary (default both)
  --per-turn <list>  messages a turn, divisors of ${FLOOR_WRAPS_AT} (default 200,1), or none: only what is paced
  --paced <n>        JSON at n deliveries/s in all, for latency below saturation; 0 is none (default 10000)
  --rooms <n>        readers are dealt out to so many rooms, each message goes to one (default 1; more: paced only, by floor, ws, touchline-rooms)
  --rounds <n>       each server has its turn in each (default 5; the confidence intervals need 2)
  --seconds <n>      length of a window (default 1)
  --warm-up <n>      seconds before it, in the same fresh process (default 1): cold code is slow code
  --out <file>       where the section goes (default ${BENCHMARKS_FILE}, for a run of everything only)
  --help             this text

Needs nothing but npm ci for the Node servers; go and cargo for the others, built once into .touchline/peers.
Exit codes: 0 done · 1 a server lost messages or could not be measured to the end · 2 usage · 3 run error · 130 interrupted`;

const ARGUMENTS = {
  quick: { type: 'boolean' },
  help: { type: 'boolean' },
  peers: { type: 'string' },
  readers: { type: 'string' },
  formats: { type: 'string' },
  'per-turn': { type: 'string' },
  paced: { type: 'string' },
  rooms: { type: 'string' },
  rounds: { type: 'string' },
  seconds: { type: 'string' },
  'warm-up': { type: 'string' },
  out: { type: 'string' },
} as const;

const DEFAULTS = {
  readers: '1,100,1000',
  formats: 'json,binary',
  'per-turn': '200,1',
  paced: '10000',
  rooms: '1',
  rounds: '5',
  seconds: '1',
  'warm-up': '1',
};
const QUICK_DEFAULTS: typeof DEFAULTS = {
  ...DEFAULTS,
  readers: '1,100',
  'per-turn': '200',
  paced: '0',
  rounds: '3',
  seconds: '0.4',
  'warm-up': '0.5',
};

/**
 * @returns null when `--help` is asked for
 * @throws TouchlineError `TL_USAGE`
 */
export function parseBenchOptions(argv: readonly string[]): BenchOptions | null {
  const values = readWords(argv);
  if (values.help === true) return null;
  const defaults = values.quick === true ? QUICK_DEFAULTS : DEFAULTS;
  const text = (name: keyof typeof DEFAULTS): string => values[name] ?? defaults[name];
  return {
    peers: readPeers(values.peers),
    readers: readNumbers('readers', text('readers'), isReaderCount),
    formats: readFormats(text('formats')),
    perTurn: text('per-turn') === 'none' ? [] : readNumbers('per-turn', text('per-turn'), isPerTurn),
    pacedDeliveries: readNumber('paced', text('paced'), { least: 0, most: 1e6 }),
    rooms: readNumber('rooms', text('rooms'), { least: 1, most: 10_000 }),
    rounds: readNumber('rounds', text('rounds'), { least: 1, most: 1_000 }),
    measureMs: readSeconds('seconds', text('seconds')) * 1_000,
    warmUpMs: readSeconds('warm-up', text('warm-up')) * 1_000,
    out: values.out ?? (isWhole(values) ? BENCHMARKS_FILE : null),
  };
}

/** A table of a part must not take the place of the whole one unasked. */
function isWhole(values: ReturnType<typeof readWords>): boolean {
  return Object.keys(values).length === 0;
}

function readWords(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: ARGUMENTS }).values;
  } catch (cause) {
    throw usage(`${cause instanceof Error ? cause.message : String(cause)} See --help.`);
  }
}

function readPeers(text: string | undefined): readonly PeerName[] {
  if (text === undefined) return PEER_NAMES;
  const asked = words(text);
  for (const name of asked) {
    if (isPeerName(name)) continue;
    throw usage(
      withSuggestion(
        `expected --peers to name some of ${PEER_NAMES.join(', ')}; received "${name}"`,
        name,
        PEER_NAMES,
      ),
    );
  }
  return PEER_NAMES.filter((name) => name === 'floor' || name === 'ws' || asked.includes(name));
}

function isPeerName(name: string): name is PeerName {
  return PEER_NAMES.some((known) => known === name);
}

function readFormats(text: string): readonly PeerFormat[] {
  return words(text).map((word) => {
    if (word === 'json' || word === 'binary') return word;
    throw usage(`expected --formats json, binary or both; received "${word}"`);
  });
}

interface NumberRule {
  readonly expected: string;
  readonly holds: (value: number) => boolean;
}

const isReaderCount: NumberRule = {
  expected: 'whole numbers from 1 to 10,000',
  holds: (value) => value >= 1 && value <= 10_000,
};
const isPerTurn: NumberRule = {
  expected: `divisors of ${FLOOR_WRAPS_AT}`,
  holds: (value) => FLOOR_WRAPS_AT % value === 0,
};

function readNumbers(name: string, text: string, rule: NumberRule): readonly number[] {
  return words(text).map((word) => {
    const value = /^\d+$/.test(word) ? Number(word) : Number.NaN;
    if (rule.holds(value)) return value;
    throw usage(`expected --${name} to list ${rule.expected}; received "${word}"`);
  });
}

function readNumber(name: string, text: string, range: { least: number; most: number }): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= range.least && value <= range.most) return value;
  throw usage(`expected --${name} from ${range.least} to ${range.most}; received "${text}"`);
}

function readSeconds(name: string, text: string): number {
  const value = /^\d+(\.\d+)?s?$/.test(text) ? Number.parseFloat(text) : Number.NaN;
  if (value >= 0.1 && value <= 600) return value;
  throw usage(`expected --${name} from 0.1 to 600; received "${text}"`);
}

function words(text: string): readonly string[] {
  return text.split(',').map((word) => word.trim());
}

function usage(message: string): TouchlineError {
  return new TouchlineError('TL_USAGE', message);
}

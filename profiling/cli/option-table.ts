/**
 * Every command-line option once: how it is typed, read, defaulted and explained.
 * Parsing, `--help` and the options section of README.md are made from this table.
 */

import type { Arrival, ClientKind } from '../../load-tests/generator/load-plan.ts';
import { TICK_READERS } from '../../load-tests/generator/ticks/tick-plan.ts';
import { FAULT_CATALOGUE, parseFaults } from '../../server/faults/fault-catalogue.ts';
import { ENGINES } from '../../server/protocol/engine-names.ts';
import { FAN_OUT_MODES } from '../../server/protocol/fan-out-modes.ts';
import { MAX_TICK_RATE_LIMIT, TICK_FORMATS, type TickFormat } from '../../server/protocol/tick-messages.ts';
import { SCENARIO_NAMES } from '../record/run-record.ts';
import { parseThreshold, THRESHOLD_NAMES } from '../verdict/thresholds.ts';
import { HTTP_OPTIONS } from './http-option-table.ts';
import { LIVE_OPTIONS } from './live-option-table.ts';
import { ALL, JUDGING, MATCHES, MEASURING, RUNNING, TICKS } from './option-commands.ts';
import type { OptionDefinition } from './option-definition.ts';
import {
  parseChoice,
  parseChoices,
  parseDurationMs,
  parseNumber,
  parseNumbers,
  parseText,
} from './option-values.ts';
import { PROFILE_OPTIONS } from './profile-option-table.ts';
import { TARGET_OPTIONS } from './target-option-table.ts';

/** What readers of the ancestors were called, and whose part they play here. */
export const BENCHMARK_MODES = {
  'browser-js': 'browser-naive',
  'tauri-js': 'browser-sampled',
  'tauri-rust': 'lean',
  ws: 'ws',
} as const;
export type BenchmarkMode = keyof typeof BENCHMARK_MODES;
const BENCHMARK_MODE_NAMES: readonly BenchmarkMode[] = ['browser-js', 'tauri-js', 'tauri-rust', 'ws'];

const count =
  (what: string, max: number, min = 1) =>
  (text: string) =>
    parseNumber(text, { min, max, what, whole: true });

/** In a shorter window publishers would count as unanswered that are merely waiting for their first answer. */
const LEAST_CLOSED_MS = 1_000;

function parseClosedMs(text: string): number {
  return parseDurationMs(text, 0) === 0 ? 0 : parseDurationMs(text, LEAST_CLOSED_MS);
}

export const OPTION_TABLE = {
  quick: {
    form: 'flag',
    commands: [...SCENARIO_NAMES, 'profile', 'baseline'],
    help: 'Fewer steps, shorter windows and a 2 s heartbeat; profile is always quick.',
  },
  all: {
    form: 'flag',
    commands: ['profile'],
    help: 'Runs the scenarios too that profile leaves out: overhead and http.',
  },
  tiers: {
    form: 'value',
    placeholder: '<list>',
    default: '10,50,100,500,1000',
    quickDefault: '10,100,1000',
    parse: (text) =>
      parseNumbers(text, {
        what: 'connection counts',
        min: 1,
        max: 50_000,
        whole: true,
        example: '10,100,1000',
      }),
    commands: ['concurrency'],
    help: 'Connections of each tier, 1 to 50000.',
  },
  connections: {
    form: 'value',
    placeholder: '<count>',
    default: '100',
    per: { http: { default: '10' } },
    parse: count('connections', 50_000),
    commands: ['broadcast', 'memory', 'overhead', 'http'],
    help: 'Clients in the match; of memory: clients of each cycle; of http: connections of autocannon.',
  },
  duration: {
    form: 'value',
    placeholder: '<time>',
    default: '30s',
    quickDefault: '4s',
    per: {
      broadcast: { default: '10s', quickDefault: '2s' },
      memory: { default: '500ms', quickDefault: '250ms' },
      churn: { default: '30s', quickDefault: '6s' },
      overhead: { default: '4s', quickDefault: '2s' },
      firehose: { default: '5s', quickDefault: '1s' },
      benchmark: { default: '15s' },
      http: { default: '5s', quickDefault: '1500ms' },
    },
    parse: (text) => parseDurationMs(text, 100),
    commands: [...MATCHES, ...TICKS, 'http'],
    help: 'Measured window of each tier, rate, cycle, turn, cell or endpoint, or of the churn: 500ms, 30s, 2m; a bare number is seconds.',
  },
  'warm-up': {
    form: 'value',
    placeholder: '<time>',
    default: '3s',
    quickDefault: '1s',
    per: {
      broadcast: { default: '2s', quickDefault: '500ms' },
      memory: { default: '0s' },
      overhead: { default: '500ms' },
      firehose: { default: '1s', quickDefault: '200ms' },
      benchmark: { default: '2s' },
      http: { default: '1s', quickDefault: '500ms' },
    },
    parse: (text) => parseDurationMs(text, 0),
    commands: ['concurrency', 'broadcast', 'memory', 'overhead', ...TICKS, 'http'],
    help: 'Load before the measured window, not measured.',
  },
  rate: {
    form: 'value',
    placeholder: '<per second>',
    default: '10',
    per: { memory: { default: '80' }, overhead: { default: '800' }, benchmark: { default: '500000' } },
    parse: (text) => parseNumber(text, { min: 0.1, max: MAX_TICK_RATE_LIMIT, what: 'a rate per second' }),
    commands: ['concurrency', 'memory', 'churn', 'overhead', 'benchmark'],
    help: 'Broadcasts per second, 10000 at most; above 10,000 connections at most 100,000 ÷ connections. Of benchmark: ticks per second.',
  },
  rates: {
    form: 'value',
    placeholder: '<list>',
    default: '10,50,100,200,400,800,1600',
    quickDefault: '100,400,1600',
    per: { firehose: { default: '10000,100000,300000,1000000', quickDefault: '100000,1000000' } },
    parse: (text) =>
      parseNumbers(text, { what: 'rates', min: 0.1, max: MAX_TICK_RATE_LIMIT, example: '10,100,1000' }),
    commands: ['broadcast', 'firehose'],
    help: 'Broadcasts (10000 at most) or ticks per second of the sweep, until one breaks a limit; then the search halves the gap.',
  },
  closed: {
    form: 'value',
    placeholder: '<time>',
    default: '30s',
    quickDefault: '3s',
    parse: parseClosedMs,
    commands: ['broadcast'],
    help: 'How long autocannon then publishes as fast as it is answered, 1s at least; 0 leaves it out.',
  },
  publishers: {
    form: 'value',
    placeholder: '<count>',
    default: '10',
    parse: count('publishers', 1_000),
    commands: ['broadcast'],
    help: 'Connections of autocannon.',
  },
  'slow-readers': {
    form: 'value',
    placeholder: '<count>',
    default: '1',
    per: { firehose: { default: '3' } },
    parse: count('slow readers', 1_000, 0),
    commands: ['broadcast', 'firehose'],
    help: 'Clients that stop reading in the comparison of slow readers; 0 leaves it out.',
  },
  'max-rate': {
    form: 'value',
    placeholder: '<per second>',
    default: '8000000',
    quickDefault: '1000000',
    parse: count('ticks per second', MAX_TICK_RATE_LIMIT),
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
  ...HTTP_OPTIONS,
  cycles: {
    form: 'value',
    placeholder: '<count>',
    default: '10',
    quickDefault: '6',
    parse: count('cycles', 1_000),
    commands: ['memory'],
    help: 'Cycles that are judged, after three that warm up.',
  },
  'snapshot-heap-limit': {
    form: 'value',
    placeholder: '<MB>',
    default: '64',
    parse: (text) => parseNumber(text, { min: 0, max: 4_000, what: 'MB of heap' }),
    commands: ['memory'],
    help: 'Heap of the server up to which snapshots name what leaks: each stops it for about 0.1 s a MB. Above, counts decide alone; 0 takes none.',
  },
  connects: {
    form: 'value',
    placeholder: '<per second>',
    default: '200',
    parse: (text) => parseNumber(text, { min: 1, max: 5_000, what: 'connects per second' }),
    commands: ['churn'],
    help: 'Connections opened per second.',
  },
  storm: {
    form: 'value',
    placeholder: '<count>',
    default: '1000',
    quickDefault: '500',
    parse: count('clients', 15_000, 0),
    commands: ['churn'],
    help: 'Clients that lose their connection at once and come back at once; 0 leaves it out.',
  },
  rounds: {
    form: 'value',
    placeholder: '<count>',
    default: '48',
    quickDefault: '6',
    parse: count('rounds', 1_000, 2),
    commands: ['overhead'],
    help: 'Turns in which the instrumentation is switched off and on; logs and profile, which are only shown, have every sixth.',
  },
  arrival: {
    form: 'value',
    placeholder: '<kind>',
    default: 'uniform',
    parse: (text) => parseChoice<Arrival>(text, ['uniform', 'poisson']),
    commands: MATCHES,
    help: 'Spacing of the intended send times: uniform or poisson.',
  },
  client: {
    form: 'value',
    placeholder: '<kind>',
    default: 'auto',
    parse: (text) => parseChoice<ClientKind | 'auto'>(text, ['auto', 'lean', 'ws']),
    commands: [...MATCHES, 'profile'],
    help: 'Load client: lean (own frame parser, ws:// only), ws (the library), auto (lean for ws://, ws for wss://).',
  },
  workers: {
    form: 'optional',
    placeholder: '<count>',
    absent: 'sized from cores and calibration',
    parse: (text) => parseNumber(text, { min: 1, max: 64, what: 'subscriber processes', whole: true }),
    commands: RUNNING,
    help: 'Generator processes that hold connections.',
  },
  seed: {
    form: 'optional',
    placeholder: '<number>',
    absent: 'random, printed',
    parse: (text) => parseNumber(text, { min: 0, max: 4_294_967_295, what: 'a seed', whole: true }),
    commands: RUNNING,
    help: 'Makes send times and match ids repeatable.',
  },
  out: {
    form: 'optional',
    placeholder: '<folder>',
    absent:
      'profiling/reports/<run id>, copied to profiling/reports/latest; for report: beside run.json; for baseline: profiling',
    parse: (text) => parseText(text, 'a folder'),
    commands: ALL,
    help: 'Folder for run.json and the reports, of several scenarios one folder each; latest is then left alone.',
  },
  from: {
    form: 'optional',
    placeholder: '<folder>',
    absent: 'runs every scenario',
    parse: (text) => parseText(text, 'a folder'),
    commands: ['baseline'],
    help: 'Takes the newest run.json of each scenario in this folder instead of running.',
  },
  threshold: {
    form: 'list',
    names: THRESHOLD_NAMES,
    placeholder: '<name=value>',
    parse: parseThreshold,
    commands: JUDGING,
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
  ...TARGET_OPTIONS,
  ...PROFILE_OPTIONS,
  ...LIVE_OPTIONS,
  json: {
    form: 'flag',
    commands: JUDGING,
    help: 'One JSON object on stdout instead of text (with npm: npm run -s …).',
  },
  quiet: { form: 'flag', commands: ALL, help: 'No progress on stderr.' },
  help: { form: 'flag', commands: ALL, help: 'Shows this text.' },
} as const satisfies Record<string, OptionDefinition>;

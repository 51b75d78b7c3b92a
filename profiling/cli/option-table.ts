/**
 * Every command-line option once: how it is typed, read, defaulted and explained.
 * Parsing, `--help` and the options section of README.md are made from this table.
 */

import type { Arrival, ClientKind } from '../../load-tests/generator/load-plan.ts';
import { FAULT_CATALOGUE, parseFaults } from '../../server/faults/fault-catalogue.ts';
import { SCENARIO_NAMES } from '../record/run-record.ts';
import { parseThreshold, THRESHOLD_NAMES } from '../verdict/thresholds.ts';
import type { OptionDefinition } from './option-definition.ts';
import {
  parseAddress,
  parseChoice,
  parseDurationMs,
  parseNumber,
  parseNumbers,
  parseText,
} from './option-values.ts';

const MEASURING = [...SCENARIO_NAMES, 'profile'] as const;
const RUNNING = [...MEASURING, 'baseline'] as const;
export const ALL = [...RUNNING, 'report'] as const;
/** What judges: a baseline is judged by the defaults. */
const JUDGING = [...MEASURING, 'report'] as const;
const PACED = ['concurrency', 'broadcast', 'memory', 'churn', 'overhead'] as const;
const HTTP = ['http:', 'https:'] as const;

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
    commands: RUNNING,
    help: 'Fewer steps, shorter windows and a 2 s heartbeat; profile is always quick.',
  },
  all: {
    form: 'flag',
    commands: ['profile'],
    help: 'Runs the scenarios too that profile leaves out: overhead.',
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
    parse: count('connections', 50_000),
    commands: ['broadcast', 'memory', 'overhead'],
    help: 'Clients in the match; of memory: clients of each cycle.',
  },
  duration: {
    form: 'value',
    placeholder: '<time>',
    default: '30s',
    quickDefault: '5s',
    per: {
      broadcast: { default: '10s', quickDefault: '2s' },
      memory: { default: '500ms', quickDefault: '250ms' },
      churn: { default: '30s', quickDefault: '8s' },
      overhead: { default: '2s' },
    },
    parse: (text) => parseDurationMs(text, 100),
    commands: PACED,
    help: 'Measured window of each tier, rate, cycle or turn, or of the churn: 500ms, 30s, 2m; a bare number is seconds.',
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
    },
    parse: (text) => parseDurationMs(text, 0),
    commands: ['concurrency', 'broadcast', 'memory', 'overhead'],
    help: 'Load before the measured window, not measured.',
  },
  rate: {
    form: 'value',
    placeholder: '<per second>',
    default: '10',
    per: { memory: { default: '80' }, overhead: { default: '800' } },
    parse: (text) => parseNumber(text, { min: 0.1, max: 10_000, what: 'broadcasts per second' }),
    commands: ['concurrency', 'memory', 'churn', 'overhead'],
    help: 'Broadcasts per second; above 10,000 connections at most 100,000 ÷ connections.',
  },
  rates: {
    form: 'value',
    placeholder: '<list>',
    default: '10,50,100,200,400,800,1600',
    quickDefault: '100,400,1600',
    parse: (text) => parseNumbers(text, { what: 'rates', min: 0.1, max: 10_000, example: '10,100,1000' }),
    commands: ['broadcast'],
    help: 'Broadcasts per second of the sweep, until one breaks a limit; then the search halves the gap.',
  },
  closed: {
    form: 'value',
    placeholder: '<time>',
    default: '30s',
    quickDefault: '4s',
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
    parse: count('slow readers', 1_000, 0),
    commands: ['broadcast'],
    help: 'Clients that stop reading in the last comparison; 0 leaves it out.',
  },
  cycles: {
    form: 'value',
    placeholder: '<count>',
    default: '10',
    parse: count('cycles', 1_000),
    commands: ['memory'],
    help: 'Cycles that are judged, after three that warm up.',
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
    default: '16',
    quickDefault: '6',
    parse: count('rounds', 1_000, 2),
    commands: ['overhead'],
    help: 'Turns of each way to run the server, interleaved.',
  },
  arrival: {
    form: 'value',
    placeholder: '<kind>',
    default: 'uniform',
    parse: (text) => parseChoice<Arrival>(text, ['uniform', 'poisson']),
    commands: SCENARIO_NAMES,
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
    commands: SCENARIO_NAMES,
    help: 'Match that every client joins.',
  },
  json: {
    form: 'flag',
    commands: JUDGING,
    help: 'One JSON object on stdout instead of text (with npm: npm run -s …).',
  },
  quiet: { form: 'flag', commands: ALL, help: 'No progress on stderr.' },
  help: { form: 'flag', commands: ALL, help: 'Shows this text.' },
} as const satisfies Record<string, OptionDefinition>;

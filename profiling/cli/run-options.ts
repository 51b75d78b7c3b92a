/** What a command was asked to do, after every cross-check between options. */

import type { Fault } from '../../server/faults/fault-catalogue.ts';
import { TICK_FORMATS } from '../../server/protocol/tick-messages.ts';
import type { ScenarioName } from '../record/run-record.ts';
import type { ProfileKinds } from '../scenarios/profiled/window-profile.ts';
import type { ScenarioOptions, TickOptions } from '../scenarios/scenario-options.ts';
import type { ToolName } from '../tools/tool.ts';
import { contradictions, repeatedNames } from './contradictions.ts';
import { isLoopback } from './loopback.ts';
import type { CommandName } from './options/option-definition.ts';
import type { OptionName, OptionValues } from './options/options.ts';
import { parseArgv } from './options/parse-argv.ts';
import { BENCHMARK_MODES } from './options/tick-option-table.ts';

/** Which server is measured. */
export type TargetOptions =
  | { readonly kind: 'spawned'; readonly faults: readonly Fault[] }
  | {
      readonly kind: 'running';
      readonly url: string;
      readonly http: string;
      readonly admin: string | null;
      readonly metrics: string | null;
      /** Whether admin and metrics were guessed, not given: then they must prove to be the target's. */
      readonly guessed: boolean;
      readonly adminToken: string | null;
      /** Process to look into. */
      readonly attachPid: number | undefined;
    };

/** How a run is shown while it lasts. */
export interface LiveOptions {
  /** Whether there are metrics to scrape. */
  readonly isOn: boolean;
  /** Address they are bound to. */
  readonly host: string;
  /** Where they are pushed to; undefined: nowhere. */
  readonly remoteWrite: string | undefined;
}

export interface RunOptions extends ScenarioOptions {
  /** Undefined: sized from cores and calibration. */
  readonly workers: number | undefined;
  readonly apiToken: string | undefined;
  readonly target: TargetOptions;
  readonly live: LiveOptions;
  /** What is profiled in each measured window. */
  readonly profile: ProfileKinds;
  /** `memory`: whether heap snapshots stay where they show no leak, too. */
  readonly keepsSnapshots: boolean;
  readonly thresholds: Readonly<Record<string, number>>;
  readonly out: string | undefined;
  /** `baseline`: the folder of runs that exist already; undefined: they are run. */
  readonly from: string | undefined;
  /** Scenarios that `profile` leaves out, too. */
  readonly all: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
  /** What the server runs under; undefined: it runs by itself. */
  readonly tool: ToolName | undefined;
  /** For the command that repeats the run. */
  readonly typed: TypedOptions;
}

export interface ReportOptions {
  readonly runFile: string;
  readonly thresholds: Readonly<Record<string, number>>;
  readonly out: string | undefined;
  readonly json: boolean;
}

/** Texts by option, as typed. */
export type TypedOptions = ReadonlyMap<OptionName, readonly string[]>;

/** What options may take from outside the command line. */
export interface OptionSurroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Used when `--seed` is not given. */
  readonly randomSeed: number;
}

/** A command to carry out, a request for help, or every problem of the command line. */
export type Asked<Options> =
  | { readonly kind: 'run'; readonly options: Options }
  | { readonly kind: 'help' }
  | { readonly kind: 'usage'; readonly problems: readonly string[] };

const DEFAULT_ADMIN_PORT = 9464;
const BYTES_PER_MB = 1_000_000;

/** A command that measures, and the scenario whose defaults count. */
export interface MeasuringCommand {
  readonly command: Exclude<CommandName, 'report'>;
  readonly scenario: ScenarioName;
}

/** Reads the command line of a measuring command, as one of its scenarios takes it. */
export function readRunOptions(
  argv: readonly string[],
  asked: MeasuringCommand,
  surroundings: OptionSurroundings,
): Asked<RunOptions> {
  const defaultsOf = asked.command === 'benchmark' ? asked.command : asked.scenario;
  const parsed = parseArgv(argv, asked.command, defaultsOf);
  if (!parsed.ok) return asksHelp(argv) ? { kind: 'help' } : { kind: 'usage', problems: parsed.problems };
  if (parsed.values.help) return { kind: 'help' };
  const { values } = parsed;
  const problems = [
    ...parsed.positionals.map((word) => `unexpected "${word}": options begin with --`),
    ...contradictions(values, { given: parsed.given, ...asked }),
  ];
  if (problems.length > 0) return { kind: 'usage', problems };
  return { kind: 'run', options: toRunOptions(values, surroundings, { ...asked, given: parsed.given }) };
}

/** Reads the command line of `report`. */
export function readReportOptions(argv: readonly string[]): Asked<ReportOptions> {
  const parsed = parseArgv(argv, 'report');
  if (!parsed.ok) return asksHelp(argv) ? { kind: 'help' } : { kind: 'usage', problems: parsed.problems };
  const { values, positionals } = parsed;
  if (values.help) return { kind: 'help' };
  const repeated = repeatedNames(values);
  if (repeated.length > 0) return { kind: 'usage', problems: repeated };
  const [runFile] = positionals;
  if (runFile === undefined || positionals.length > 1) {
    return { kind: 'usage', problems: [`expected one run.json; received ${positionals.length} paths`] };
  }
  const { out, json } = values;
  return { kind: 'run', options: { runFile, out, json, thresholds: toLimits(values) } };
}

function asksHelp(argv: readonly string[]): boolean {
  return argv.includes('--help');
}

function toRunOptions(
  values: OptionValues,
  surroundings: OptionSurroundings,
  { given, ...asked }: MeasuringCommand & { readonly given: TypedOptions },
): RunOptions {
  const secure = values.url?.startsWith('wss:') ?? false;
  return {
    quick: values.quick,
    tiers: values.tiers,
    connections: values.connections,
    measureMs: values.duration,
    warmUpMs: values['warm-up'],
    broadcastsPerSecond: values.rate,
    rates: values.rates,
    publishers: values.publishers,
    closedMs: values.closed,
    // Somebody must be left to be compared; of ticks somebody always is.
    slowReaders:
      asked.scenario === 'firehose'
        ? values['slow-readers']
        : Math.min(values['slow-readers'], values.connections - 1),
    ticks: toTickOptions(values, asked),
    http: { endpoints: values.endpoints, paths: toPaths(values, given), timeoutMs: values.timeout },
    cycles: values.cycles,
    snapshotHeapLimitBytes: values['snapshot-heap-limit'] * BYTES_PER_MB,
    connectsPerSecond: values.connects,
    stormClients: values.storm,
    rounds: values.rounds,
    arrival: values.arrival,
    client: values.client === 'auto' ? (secure ? 'ws' : 'lean') : values.client,
    workers: values.workers,
    seed: values.seed ?? surroundings.randomSeed,
    matchId: values.match,
    apiToken: values['api-token'],
    target: toTarget(values, surroundings),
    live: { isOn: !values['no-live'], host: values['live-host'], remoteWrite: values['remote-write'] },
    profile: toProfileKinds(values, asked),
    keepsSnapshots: values.profile === 'heap' || values.profile === 'both',
    thresholds: toLimits(values),
    out: values.out,
    from: values.from,
    all: values.all,
    json: values.json,
    quiet: values.quiet,
    tool: undefined,
    typed: given,
  };
}

/** Of several scenarios each takes what it can: see `contradictions` for what it cannot. */
function toProfileKinds(values: OptionValues, { scenario }: MeasuringCommand): ProfileKinds {
  // Who attaches to a process wants to know what it does; of memory it is what it keeps.
  const usual = values.attach === undefined || scenario === 'memory' ? undefined : 'cpu';
  const { profile = usual } = values;
  return {
    cpu: (profile === 'cpu' || profile === 'both') && scenario !== 'overhead',
    heap: (profile === 'heap' || profile === 'both') && scenario !== 'overhead' && scenario !== 'memory',
  };
}

function toTickOptions(values: OptionValues, { command, scenario }: MeasuringCommand): TickOptions {
  const { rates, readers, format, modes, engines, mode, rate } = values;
  const isBenchmark = command === 'benchmark';
  return {
    maxRate: isBenchmark ? rate : Math.max(values['max-rate'], ...(scenario === 'firehose' ? rates : [])),
    readers: isBenchmark ? [1] : readers,
    formats: format === 'both' ? TICK_FORMATS : [format],
    modes,
    engines,
    kinds: values['reader-kinds'],
    benchmark: isBenchmark ? { mode, reader: BENCHMARK_MODES[mode], rate } : undefined,
  };
}

/** On a server that runs already nothing is posted unless it was asked for: its path alone is read. */
function toPaths({ paths, url }: OptionValues, given: TypedOptions): readonly string[] {
  if (paths !== undefined) return paths;
  if (url === undefined || given.has('endpoints')) return [];
  const { pathname, search } = new URL(url);
  return [pathname + search];
}

function toTarget(values: OptionValues, surroundings: OptionSurroundings): TargetOptions {
  const { url } = values;
  if (url === undefined) return { kind: 'spawned', faults: values.fault.flat() };
  const { protocol, hostname, host } = new URL(url);
  const guess = isLoopback(url) ? `http://${hostname}:${DEFAULT_ADMIN_PORT}` : null;
  const admin = values.admin ?? guess;
  return {
    kind: 'running',
    url,
    http: values.http ?? `${/^(wss|https):$/.test(protocol) ? 'https' : 'http'}://${host}`,
    admin,
    metrics: values.metrics ?? (admin === null ? null : `${admin}/metrics`),
    guessed: values.admin === undefined && values.metrics === undefined,
    adminToken: values['admin-token'] ?? surroundings.environment['TOUCHLINE_ADMIN_TOKEN'] ?? null,
    attachPid: values.attach,
  };
}

function toLimits(values: OptionValues): Readonly<Record<string, number>> {
  return Object.fromEntries(values.threshold.map(({ name, limit }) => [name, limit]));
}

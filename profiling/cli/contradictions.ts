/** Options that are right one by one and make no sense together. */

import type { ScenarioName } from '../record/run-record.ts';
import { SCENARIOS } from '../scenarios/registry.ts';
import { formatRate } from '../verdict/quantities.ts';
import { thresholdsOf } from '../verdict/thresholds.ts';
import { isLoopback } from './loopback.ts';
import type { CommandName } from './options/option-definition.ts';
import { wrongTargetAddress } from './options/option-values.ts';
import { isScenario, type OptionName, type OptionValues } from './options/options.ts';

/** What was asked for: by which command, of which scenario, and which options were typed. */
export interface AskedOf {
  readonly command: CommandName;
  readonly scenario: ScenarioName;
  readonly given: ReadonlyMap<OptionName, readonly string[]>;
}

/** A publisher posts each by HTTP. */
const MOST_BROADCASTS_PER_SECOND = 10_000;
const NEEDS_URL = [
  'http',
  'admin',
  'metrics',
  'admin-token',
  'attach',
] as const satisfies readonly OptionName[];

/** Every contradiction, each a sentence. */
export function contradictions(values: OptionValues, asked: AskedOf): readonly string[] {
  return [
    ...repeatedNames(values),
    ...ofTarget(values, asked),
    ...ofEndpoints(values, asked),
    ...ofLive(values, asked),
    ...ofThresholds(values, asked),
    ...(asked.command === 'broadcast' ? ofBroadcast(values, asked) : []),
    ...(asked.command === 'firehose' ? ofFirehose(values, asked) : []),
    ...ofRate(values, asked),
    ...ofProfile(values, asked),
  ];
}

/** Of two values of one name only one could count, and nobody knows which was meant. */
export function repeatedNames({ threshold, fault }: OptionValues): readonly string[] {
  return [
    ...repeated(threshold.map(({ name }) => name)).map(
      (name) => `--threshold ${name} may be given once; received it several times`,
    ),
    ...repeated(fault.flat().map(({ name }) => name)).map(
      (name) => `--fault ${name} may be given once; received it several times`,
    ),
  ];
}

function repeated(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

function ofTarget(
  { url, client, attach, paths }: OptionValues,
  { given, scenario }: AskedOf,
): readonly string[] {
  if (url === undefined) {
    return NEEDS_URL.filter((name) => given.has(name)).map(
      (name) => `--${name} describes a running server and needs --url`,
    );
  }
  const wrong = wrongTargetAddress(url, SCENARIOS[scenario].speaks ?? 'websocket');
  if (wrong !== undefined) return [`--url: ${wrong}`];
  const problems: string[] = [];
  if (attach !== undefined && !isLoopback(url)) {
    problems.push(
      `--attach needs a process of this machine: expected --url on loopback, such as ws://127.0.0.1:8000/ws; received ${url}`,
    );
  }
  if (paths !== undefined && hasPath(url)) {
    problems.push(`--url has a path of its own and --paths names others; leave one of them out`);
  }
  if (given.has('fault')) {
    problems.push('--fault needs a server that the profiler starts; it cannot be used with --url');
  }
  if (client === 'lean' && url.startsWith('wss:')) {
    problems.push('--client lean speaks ws:// only; use --client ws for wss://');
  }
  if (SCENARIOS[scenario].needsSpawnedServer) {
    problems.push(`${scenario} needs servers that the profiler starts; it cannot be used with --url`);
  }
  return problems;
}

function hasPath(url: string): boolean {
  const { pathname, search } = new URL(url);
  return pathname !== '/' || search !== '';
}

function ofEndpoints({ paths, url }: OptionValues, { given }: AskedOf): readonly string[] {
  if (!given.has('endpoints')) return [];
  if (paths !== undefined) return ['--endpoints and --paths both say what is asked for; use one of them'];
  return url !== undefined && hasPath(url)
    ? ['--url has a path of its own and --endpoints names others; leave one of them out']
    : [];
}

function ofLive(values: OptionValues, { given }: AskedOf): readonly string[] {
  return values['no-live'] && given.has('live-host')
    ? ['--live-host says where to show what --no-live does not show; use one of them']
    : [];
}

/**
 * A limit that a scenario leaves alone would be silently ignored.
 *
 * @param names of the limits that were typed
 */
export function unjudgedThresholds(names: readonly string[], scenario: ScenarioName): readonly string[] {
  const judged = thresholdsOf(scenario);
  return names
    .filter((name) => judged.every((known) => known !== name))
    .map((name) => `--threshold ${name} is not judged by ${scenario}, which judges ${judged.join(', ')}`);
}

/** Commands of several scenarios give each the limits that it judges. */
function ofThresholds({ threshold }: OptionValues, { command, scenario }: AskedOf): readonly string[] {
  return isScenario(command) || command === 'benchmark'
    ? unjudgedThresholds(
        threshold.map(({ name }) => name),
        scenario,
      )
    : [];
}

function ofBroadcast(values: OptionValues, { given }: AskedOf): readonly string[] {
  const problems: string[] = [];
  const { connections, rates, threshold } = values;
  const slowReaders = values['slow-readers'];
  if (given.has('slow-readers') && slowReaders >= connections && slowReaders > 0) {
    problems.push(
      `--slow-readers must leave somebody who reads: expected fewer than the ${connections} of --connections; received ${slowReaders}`,
    );
  }
  const highest = Math.max(...rates);
  if (highest > MOST_BROADCASTS_PER_SECOND) {
    problems.push(`--rates of broadcast may be ${MOST_BROADCASTS_PER_SECOND} at most; received ${highest}`);
  }
  const asked = threshold.find(({ name }) => name === 'sustained-rate')?.limit ?? 0;
  if (asked > highest) {
    problems.push(
      `--threshold sustained-rate=${formatRate(asked)} is above ${formatRate(highest)}, the highest of --rates: add it there`,
    );
  }
  return problems;
}

function ofFirehose({ threshold, ...values }: OptionValues, { given }: AskedOf): readonly string[] {
  const highest = Math.max(...values.rates);
  const problems: string[] = [];
  if (given.has('max-rate') && values['max-rate'] < highest) {
    problems.push(
      `--max-rate ${values['max-rate']} is below ${highest}, the highest of --rates: leave that out of the list`,
    );
  }
  const asked = threshold.find(({ name }) => name === 'sustained-tick-rate')?.limit ?? 0;
  if (asked > Math.max(values['max-rate'], highest)) {
    problems.push(
      `--threshold sustained-tick-rate=${formatRate(asked)} is above what is tried: add it to --rates`,
    );
  }
  return problems;
}

/** One option for rates of two kinds. */
function ofRate({ rate }: OptionValues, { command, given }: AskedOf): readonly string[] {
  if (!given.has('rate')) return [];
  if (command === 'benchmark') {
    return Number.isInteger(rate) ? [] : [`--rate of ticks is a whole number; received ${rate}`];
  }
  return rate > MOST_BROADCASTS_PER_SECOND
    ? [`--rate of broadcasts may be ${MOST_BROADCASTS_PER_SECOND} at most; received ${rate}`]
    : [];
}

/** What would spoil its own measurement. */
function ofProfile({ profile }: OptionValues, { command }: AskedOf): readonly string[] {
  if (profile === undefined) return [];
  if (command === 'overhead') {
    return ['--profile is not for overhead, which measures what a profile costs in an arm of its own'];
  }
  return [];
}

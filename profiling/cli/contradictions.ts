/** Options that are right one by one and make no sense together. */

import type { ScenarioName } from '../record/run-record.ts';
import { SCENARIOS } from '../scenarios/registry.ts';
import { formatRate } from '../verdict/quantities.ts';
import { thresholdsOf } from '../verdict/thresholds.ts';
import type { CommandName } from './option-definition.ts';
import { isScenario, type OptionName, type OptionValues } from './options.ts';

/** What was asked for: by which command, of which scenario, and which options were typed. */
export interface AskedOf {
  readonly command: CommandName;
  readonly scenario: ScenarioName;
  readonly given: ReadonlyMap<OptionName, readonly string[]>;
}

const NEEDS_URL = ['http', 'admin', 'metrics', 'admin-token'] as const satisfies readonly OptionName[];

/** Every contradiction, each a sentence. */
export function contradictions(values: OptionValues, asked: AskedOf): readonly string[] {
  return [
    ...repeatedNames(values),
    ...ofTarget(values, asked),
    ...ofThresholds(values, asked),
    ...(asked.command === 'broadcast' ? ofBroadcast(values, asked) : []),
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

function ofTarget({ url, client }: OptionValues, { given, scenario }: AskedOf): readonly string[] {
  if (url === undefined) {
    return NEEDS_URL.filter((name) => given.has(name)).map(
      (name) => `--${name} describes a running server and needs --url`,
    );
  }
  const problems: string[] = [];
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
function ofThresholds({ threshold }: OptionValues, { command }: AskedOf): readonly string[] {
  return isScenario(command)
    ? unjudgedThresholds(
        threshold.map(({ name }) => name),
        command,
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
  const asked = threshold.find(({ name }) => name === 'sustained-rate')?.limit ?? 0;
  if (asked > highest) {
    problems.push(
      `--threshold sustained-rate=${formatRate(asked)} is above ${formatRate(highest)}, the highest of --rates: add it there`,
    );
  }
  return problems;
}

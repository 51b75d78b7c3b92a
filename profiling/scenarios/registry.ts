/** Every scenario there is, by name. */

import type { ScenarioName } from '../record/run-record.ts';
import { broadcast } from './broadcast/broadcast.ts';
import { churn } from './churn/churn.ts';
import { concurrency } from './concurrency/concurrency.ts';
import { firehose } from './firehose/firehose.ts';
import { http } from './http/http.ts';
import { memory } from './memory/memory.ts';
import { overhead } from './overhead/overhead.ts';
import type { Scenario } from './scenario.ts';

export const SCENARIOS: { readonly [Name in ScenarioName]: Scenario<Name> } = {
  concurrency,
  broadcast,
  memory,
  churn,
  overhead,
  firehose,
  http,
};

/** What `npm run profile` runs, in this order. */
export const PROFILE_SCENARIOS: readonly ScenarioName[] = [
  'concurrency',
  'broadcast',
  'memory',
  'churn',
  'firehose',
];
/** Those that `npm run profile -- --all` runs on top. */
export const FURTHER_SCENARIOS: readonly ScenarioName[] = ['overhead', 'http'];

/** Any scenario, for code that treats all alike. */
export type AnyScenario = { [Name in ScenarioName]: Scenario<Name> }[ScenarioName];

export function scenarioOf(name: ScenarioName): AnyScenario {
  return SCENARIOS[name];
}

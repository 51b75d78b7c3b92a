/** Every scenario there is, by name. */

import type { ScenarioName } from '../record/run-record.ts';
import { concurrency } from './concurrency/concurrency.ts';
import type { Scenario } from './scenario.ts';

export const SCENARIOS: { readonly [Name in ScenarioName]?: Scenario<Name> } = { concurrency };

/** What `npm run profile` runs, in this order. */
export const PROFILE_SCENARIOS: readonly ScenarioName[] = ['concurrency'];
/** Those that `npm run profile -- --all` runs on top. */
export const FURTHER_SCENARIOS: readonly ScenarioName[] = [];

/** Any scenario, for code that treats all alike. */
export type AnyScenario = { [Name in ScenarioName]: Scenario<Name> }[ScenarioName];

export function scenarioOf(name: ScenarioName): AnyScenario {
  const scenario: AnyScenario | undefined = SCENARIOS[name];
  if (scenario === undefined) throw new Error(`there is no scenario ${name} yet`);
  return scenario;
}

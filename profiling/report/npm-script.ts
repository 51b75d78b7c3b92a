/** Under which name npm runs a scenario. */

import type { ScenarioName } from '../record/run-record.ts';

/** `profile:concurrency`; what a generator that people know does alone is named after what it does. */
export function npmScriptOf(scenario: ScenarioName): string {
  return scenario === 'http' ? 'load:http' : `profile:${scenario}`;
}

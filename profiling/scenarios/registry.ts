/** Every scenario there is, by name. */

import { concurrency } from './concurrency/concurrency.ts';
import type { Scenario } from './scenario.ts';

export const SCENARIOS = { concurrency } as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof SCENARIOS;

/** What `npm run profile` runs, in this order. */
export const PROFILE_SCENARIOS: readonly ScenarioName[] = ['concurrency'];

/** Scenarios that make no sense on a server under a tool. */

import type { ScenarioName } from '../record/run-record.ts';

const UNFIT: Partial<Readonly<Record<ScenarioName, string>>> = {
  overhead:
    'overhead compares the CPU that servers take, and of those it compares only one would run under the tool',
};

/** @returns why a scenario cannot run under a tool; undefined where it can */
export function whyUnfit(scenario: ScenarioName): string | undefined {
  return UNFIT[scenario];
}

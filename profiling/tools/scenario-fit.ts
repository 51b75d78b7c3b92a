/** What a scenario and a tool mean for each other. */

import type { ScenarioName } from '../record/run-record.ts';

const UNFIT: Partial<Readonly<Record<ScenarioName, string>>> = {
  overhead:
    'overhead compares the CPU that servers take, and of those it compares only one would run under the tool',
};

const LOOKS =
  'Before and after its load this scenario looks into the server: it forces collections and counts live instances (countClasses)';
const LIKE_ITS_OWN =
  'These looks stop the server for up to seconds, and the page shows them like its own work.';

const NOTES: Partial<Readonly<Record<ScenarioName, string>>> = {
  memory: `${LOOKS}, and writes heap snapshots (writeSnapshot). ${LIKE_ITS_OWN}`,
  churn: `${LOOKS}. ${LIKE_ITS_OWN}`,
};

/** @returns why a scenario cannot run under a tool; undefined where it can */
export function whyUnfit(scenario: ScenarioName): string | undefined {
  return UNFIT[scenario];
}

/** @returns what to know when a page is read that was drawn of this scenario, in sentences; undefined where nothing */
export function noteOn(scenario: ScenarioName): string | undefined {
  return NOTES[scenario];
}

/** Judges a sample record in one call. */

import { analyseRun } from '../analysis/concurrency/analyse-concurrency.ts';
import type { RunRecord } from '../record/run-record.ts';
import { judgeRun } from '../verdict/concurrency/judge-concurrency.ts';
import type { Check, Verdict } from '../verdict/verdict.ts';
import { sampleRecord } from './sample-record.ts';
import { sampleTier, type TierKnobs } from './sample-tier.ts';

export function judgeSample(changes: Partial<RunRecord>): Verdict {
  const record = sampleRecord(changes);
  return judgeRun(record, analyseRun(record));
}

/** A run of tiers, each with its own knobs; tiers of 500 and more are kept short, for the test's sake. */
export function judgeTiers(
  tiers: readonly (readonly [connections: number, knobs?: TierKnobs])[],
  changes: Partial<RunRecord> = {},
): Verdict {
  const made = tiers.map(([connections, knobs]) =>
    sampleTier(connections, { durationMs: connections >= 500 ? 2_000 : 10_000, ...knobs }),
  );
  return judgeSample({ tiers: made, ...changes });
}

/** @throws Error when there is no such check */
export function checkOf(verdict: Verdict, name: string): Check {
  const check = verdict.checks.find((candidate) => candidate.name === name);
  if (check === undefined) throw new Error(`no check named ${name}`);
  return check;
}

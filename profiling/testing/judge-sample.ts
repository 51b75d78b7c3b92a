/** Judges a sample record in one call. */

import { analyseConcurrency } from '../analysis/concurrency/analyse-concurrency.ts';
import type { ConcurrencyRecord } from '../record/concurrency-record.ts';
import type { ConcurrencyVerdict } from '../verdict/concurrency/concurrency-verdict.ts';
import { judgeConcurrency } from '../verdict/concurrency/judge-concurrency.ts';
import type { Check } from '../verdict/verdict.ts';
import { sampleRecord } from './sample-record.ts';
import { sampleTier, type TierKnobs } from './sample-tier.ts';

export function judgeSample(changes: Partial<ConcurrencyRecord>): ConcurrencyVerdict {
  const record = sampleRecord(changes);
  return judgeConcurrency(record, analyseConcurrency(record));
}

/** A run of tiers, each with its own knobs; tiers of 500 and more are kept short, for the test's sake. */
export function judgeTiers(
  tiers: readonly (readonly [connections: number, knobs?: TierKnobs])[],
  changes: Partial<ConcurrencyRecord> = {},
): ConcurrencyVerdict {
  const made = tiers.map(([connections, knobs]) =>
    sampleTier(connections, { durationMs: connections >= 500 ? 2_000 : 10_000, ...knobs }),
  );
  return judgeSample({ tiers: made, ...changes });
}

/** @throws Error when there is no such check */
export function checkOf(verdict: ConcurrencyVerdict, name: string): Check {
  const check = verdict.checks.find((candidate) => candidate.name === name);
  if (check === undefined) throw new Error(`no check named ${name}`);
  return check;
}

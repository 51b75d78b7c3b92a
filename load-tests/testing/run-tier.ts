/** Runs one tier of load in a test: compiled workers, and everything stopped when the test is over. */

import { expect } from 'vitest';
import { LoadCoordinator } from '../../dist/load-tests/generator/coordinator.js';
import type { LoadPlan, LoadTarget } from '../generator/load-plan.ts';
import type { LoadResult } from '../generator/load-result.ts';
import { RecordingObserver, testPlan } from './load-plans.ts';

export interface TierOptions {
  /** @defaultValue 1 */
  readonly workers?: number;
  readonly observer?: RecordingObserver;
  readonly signal?: AbortSignal;
}

/** Runs {@link testPlan} with these changes. Whatever happens, the books balance (MEASUREMENT.md, rule 5). */
export async function runTier(
  target: LoadTarget,
  changes: Partial<LoadPlan>,
  { workers = 1, observer = new RecordingObserver(), signal }: TierOptions = {},
): Promise<LoadResult> {
  const coordinator = await LoadCoordinator.start({ workers, ...(signal === undefined ? {} : { signal }) });
  try {
    const result = await coordinator.run(testPlan(target, changes), observer);
    const { ledger } = result;
    expect(ledger.unique + ledger.lost).toBe(ledger.expected);
    expect(ledger.unique + ledger.duplicated + ledger.foreign).toBe(ledger.received);
    return result;
  } finally {
    await coordinator.stop();
  }
}

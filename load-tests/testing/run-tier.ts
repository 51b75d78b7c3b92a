/** Runs one tier of load in a test, on compiled workers that the tests of a file take in turn. */

import { expect } from 'vitest';
import { LoadCoordinator } from '../../dist/load-tests/generator/coordinator.js';
import type { LoadPlan, LoadTarget } from '../generator/load-plan.ts';
import type { LoadResult } from '../generator/load-result.ts';
import { CoordinatorPool } from './coordinator-pool.ts';
import { RecordingObserver, testPlan } from './load-plans.ts';

const pool = new CoordinatorPool();

export interface TierOptions {
  /** @defaultValue 1 */
  readonly workers?: number;
  readonly observer?: RecordingObserver;
  /** Given, the tier has workers of its own. */
  readonly signal?: AbortSignal;
  /** Workers of its own, which see the environment of this moment. */
  readonly isFresh?: boolean;
}

/** Runs {@link testPlan} with these changes. Whatever happens, the books balance (MEASUREMENT.md, rule 5). */
export async function runTier(
  target: LoadTarget,
  changes: Partial<LoadPlan>,
  { workers = 1, observer = new RecordingObserver(), signal, isFresh = false }: TierOptions = {},
): Promise<LoadResult> {
  const run = async (coordinator: LoadCoordinator): Promise<LoadResult> => {
    const result = await coordinator.run(testPlan(target, changes), observer);
    const { ledger } = result;
    expect(ledger.unique + ledger.lost).toBe(ledger.expected);
    expect(ledger.unique + ledger.duplicated + ledger.foreign).toBe(ledger.received);
    return result;
  };
  if (signal === undefined && !isFresh) return await pool.use(workers, run);
  const coordinator = await LoadCoordinator.start({ workers, ...(signal === undefined ? {} : { signal }) });
  try {
    return await run(coordinator);
  } finally {
    await coordinator.stop();
  }
}

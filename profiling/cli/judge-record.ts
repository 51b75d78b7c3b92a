/** Record → analysis → verdict → report, by scenario. */

import type { RunRecord } from '../record/run-record.ts';
import { judgedConcurrency } from '../report/concurrency/judged-concurrency.ts';
import type { JudgedRun } from '../report/judged-run.ts';

/**
 * Judges a record and builds its report; nothing is written.
 *
 * @throws TouchlineError `TL_RECORD_INVALID` when a histogram in the record cannot be decoded
 */
export function judgeRecord(record: RunRecord): JudgedRun {
  switch (record.scenario) {
    case 'concurrency':
      return judgedConcurrency(record);
    default:
      throw new Error(`there is no judge for ${record.scenario} yet`);
  }
}

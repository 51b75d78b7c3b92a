/** Record → analysis → verdict → report, by scenario. */

import type { RunRecord } from '../record/run-record.ts';
import { judgedBroadcast } from '../report/broadcast/judged-broadcast.ts';
import { judgedChurn } from '../report/churn/judged-churn.ts';
import { judgedConcurrency } from '../report/concurrency/judged-concurrency.ts';
import { judgedFirehose } from '../report/firehose/judged-firehose.ts';
import { judgedHttp } from '../report/http/judged-http.ts';
import type { JudgedRun } from '../report/judged-run.ts';
import { judgedMemory } from '../report/memory/judged-memory.ts';
import { judgedOverhead } from '../report/overhead/judged-overhead.ts';
import { withArtefacts } from '../report/sections/artefacts.ts';
import { withProfiles } from '../report/with-profiles.ts';

/**
 * Judges a record and builds its report; nothing is written.
 *
 * @throws TouchlineError `TL_RECORD_INVALID` when a histogram in the record cannot be decoded
 */
export function judgeRecord(record: RunRecord): JudgedRun {
  const judged = withProfiles(judgeScenario(record));
  return { ...judged, report: withArtefacts(judged.report, record) };
}

function judgeScenario(record: RunRecord): JudgedRun {
  switch (record.scenario) {
    case 'concurrency':
      return judgedConcurrency(record);
    case 'memory':
      return judgedMemory(record);
    case 'broadcast':
      return judgedBroadcast(record);
    case 'overhead':
      return judgedOverhead(record);
    case 'churn':
      return judgedChurn(record);
    case 'firehose':
      return judgedFirehose(record);
    case 'http':
      return judgedHttp(record);
  }
}

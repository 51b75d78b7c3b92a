/** A record, judged and written: what every measuring command and `report` end with. */

import type { RunRecord } from '../record/run-record.ts';
import { boardLink } from '../report/board-link.ts';
import type { JudgedRun } from '../report/judged-run.ts';
import { writeReports } from '../report/write-reports.ts';
import { judgeRecord } from './judge-record.ts';
import type { WrittenFiles } from './verdict-text.ts';

export interface FinishOptions {
  readonly runFolder: string;
  /** Undefined: the newest reports are left alone. */
  readonly latestFolder: string | undefined;
  /** Environment GRAFANA_URL: where the dashboards are. */
  readonly grafanaUrl: string | undefined;
}

export interface FinishedRun {
  readonly judged: JudgedRun;
  readonly files: WrittenFiles;
}

/** Judges a record and writes its reports. */
export async function finishRun(record: RunRecord, options: FinishOptions): Promise<FinishedRun> {
  const { grafanaUrl, ...folders } = options;
  const judged = judgeRecord(record);
  const report = { ...judged.report, board: boardLink(record, grafanaUrl) };
  const files = await writeReports({ record, report, ...folders });
  return { judged, files };
}

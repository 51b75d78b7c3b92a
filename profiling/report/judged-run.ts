/** A record that was analysed and judged, and everything that is told of it. */

import type { RunRecord } from '../record/run-record.ts';
import type { Verdict } from '../verdict/verdict.ts';
import type { ReportDocument } from './report-document.ts';

/** What an engineer looks for first, answered: `Connections before degradation` — `1,000; above, p50 breaks its limit`. */
export interface Highlight {
  readonly question: string;
  readonly answer: string;
}

export interface JudgedRun {
  readonly record: RunRecord;
  readonly verdict: Verdict;
  readonly report: ReportDocument;
  readonly highlights: readonly Highlight[];
  /** Rows of the tables that the terminal shows between the checks and the files; the first row is the head. */
  readonly tables: readonly (readonly (readonly string[])[])[];
  /** Sentences behind the tables: how far everything held, what limited the run. */
  readonly notes: readonly string[];
}

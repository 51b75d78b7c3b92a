/** What the report of a churn run is made from. */

import type { ChurnAnalysis } from '../../analysis/churn/churn-analysis.ts';
import type { ChurnRecord } from '../../record/churn-record.ts';
import type { ChurnVerdict } from '../../verdict/churn/churn-verdict.ts';

export interface JudgedChurnRun {
  readonly record: ChurnRecord;
  readonly analysis: ChurnAnalysis;
  readonly verdict: ChurnVerdict;
}

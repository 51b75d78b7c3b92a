/** What a script says when it is over: a few lines for people, and the same figures as JSON for programs. */

import { type SummaryInput, summarise } from './summary.ts';
import { formatSummary } from './summary-text.ts';

/** @returns as `handleSummary` returns it: where each text goes */
export function summaryOf(input: SummaryInput): Record<string, string> {
  const summary = summarise(input);
  const { summaryFile } = input.settings;
  return {
    stdout: formatSummary(summary),
    ...(summaryFile === '' ? {} : { [summaryFile]: `${JSON.stringify(summary, null, 2)}\n` }),
  };
}

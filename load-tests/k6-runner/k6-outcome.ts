/** How a test ended, as an exit code and a sentence. */

import type { K6Summary } from '../k6/lib/summary.ts';
import { verdictOf } from '../k6/lib/verdict.ts';

/** As those of the scenarios. */
export const EXIT = {
  pass: 0,
  fail: 1,
  usage: 2,
  runError: 3,
  inconclusive: 4,
  interrupted: 130,
} as const;

/** k6: thresholds were crossed. @see https://grafana.com/docs/k6/latest/using-k6/thresholds/ */
const K6_THRESHOLDS_CROSSED = 99;

export interface K6End {
  readonly code: number | null;
  readonly interrupted: boolean;
  /** A sentence about a server that went away before the end. */
  readonly targetEnd: string | undefined;
  /** Null where k6 wrote none. */
  readonly summary: K6Summary | null;
}

export interface K6Outcome {
  readonly exitCode: number;
  readonly verdict: 'pass' | 'fail' | 'inconclusive' | 'none';
  /** What is to be said beside the summary; '' for nothing. */
  readonly note: string;
}

export function outcomeOf({ code, interrupted, targetEnd, summary }: K6End): K6Outcome {
  if (interrupted) return { exitCode: EXIT.interrupted, verdict: 'none', note: 'interrupted' };
  if (targetEnd !== undefined) {
    return { exitCode: EXIT.runError, verdict: 'none', note: `TL_TARGET_DIED: ${targetEnd}` };
  }
  if ((code !== 0 && code !== K6_THRESHOLDS_CROSSED) || summary === null) {
    return {
      exitCode: EXIT.runError,
      verdict: 'none',
      note: `k6 ended with ${code ?? 'a signal'} and without a verdict: see above`,
    };
  }
  const verdict = verdictOf(summary);
  return { exitCode: EXIT[verdict], verdict, note: '' };
}

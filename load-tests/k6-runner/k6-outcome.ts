/** How a test ended, as an exit code and a sentence. */

import { blamesLateK6, isInconclusive, type K6Summary, shortfallsOf } from '../k6/lib/summary.ts';

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
  /** Null where k6 wrote none. */
  readonly summary: K6Summary | null;
}

export interface K6Outcome {
  readonly exitCode: number;
  readonly verdict: 'pass' | 'fail' | 'inconclusive' | 'none';
  /** What is to be said beside the summary; '' for nothing. */
  readonly note: string;
}

export function outcomeOf({ code, interrupted, summary }: K6End): K6Outcome {
  if (interrupted) return { exitCode: EXIT.interrupted, verdict: 'none', note: 'interrupted' };
  if (code === K6_THRESHOLDS_CROSSED) {
    if (summary !== null && blamesLateK6(summary)) return inconclusive(summary);
    return { exitCode: EXIT.fail, verdict: 'fail', note: '' };
  }
  if (code !== 0 || summary === null) {
    return {
      exitCode: EXIT.runError,
      verdict: 'none',
      note: `k6 ended with ${code ?? 'a signal'} and without a verdict: see above`,
    };
  }
  if (!isInconclusive(summary)) return { exitCode: EXIT.pass, verdict: 'pass', note: '' };
  return inconclusive(summary);
}

function inconclusive(summary: K6Summary): K6Outcome {
  return {
    exitCode: EXIT.inconclusive,
    verdict: 'inconclusive',
    note: `inconclusive: ${shortfallsOf(summary).join('; ')}`,
  };
}

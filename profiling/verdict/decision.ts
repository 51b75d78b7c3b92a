/** From checks to one word. */

import type { RunOutcome } from '../record/run-envelope.ts';
import type { Check, VerdictWord } from './verdict.ts';

/** Loss, duplicates and disorder: confirmed ones fail a run even on a sick rig. */
export const INTEGRITY_CHECKS = ['lost', 'duplicated', 'out-of-order', 'wrong-room'] as const;

/** Of a feed whose ticks are told apart by their time, a confirmed one too. */
const CONFIRMED: ReadonlySet<string> = new Set([...INTEGRITY_CHECKS, 'shared-timestamps']);

export interface Decision {
  readonly verdict: VerdictWord;
  /** The checks that made it so, the one to tell first. */
  readonly deciding: readonly Check[];
}

/**
 * Confirmed loss, duplicates and disorder fail a run whatever else there is; a run that was cut short passes
 * nothing; after that a failed check outweighs a doubtful one.
 */
export function decide(checks: readonly Check[], outcome: RunOutcome): Decision {
  const failed = checks.filter((check) => check.verdict === 'fail');
  const broken = failed.filter((check) => CONFIRMED.has(check.name));
  const cutShort = outcome.state !== 'completed';
  if (broken.length > 0) return { verdict: 'fail', deciding: cutShort ? broken : failed };
  if (failed.length > 0 && !cutShort) return { verdict: 'fail', deciding: failed };
  // A run that was cut short or a sick rig explains the other doubts.
  const doubtful = checks.filter((check) => check.verdict === 'inconclusive').reverse();
  return doubtful.length > 0
    ? { verdict: 'inconclusive', deciding: doubtful }
    : { verdict: 'pass', deciding: [] };
}

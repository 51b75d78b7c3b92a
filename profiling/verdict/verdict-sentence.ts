/** The verdict as one sentence that a stranger understands: what is the same whatever the scenario. */

import type { Decision } from './decision.ts';
import type { Check, VerdictWord } from './verdict.ts';

const MORE = { fail: 'failed', inconclusive: 'in doubt' } as const;

/** A scenario's own words. */
export interface VerdictWords {
  readonly passed: () => string;
  readonly failed: (first: Check) => string;
  /** @param isAlone whether no other check is in doubt */
  readonly doubted: (first: Check, isAlone: boolean) => string;
}

/** Of the checks that made the verdict the first one is told, the others are counted. */
export function sentenceOf({ verdict, deciding }: Decision, words: VerdictWords): string {
  if (verdict === 'pass') return `Pass: ${words.passed()}.`;
  const [first, ...others] = deciding;
  if (first === undefined) return 'Inconclusive: nothing was measured.';
  const more = moreChecks(verdict, others.length);
  return verdict === 'fail'
    ? `Fail: ${words.failed(first)}${more}.`
    : `Inconclusive: ${words.doubted(first, others.length === 0)}${more}.`;
}

/** `; 2 more checks failed`, or nothing. */
export function moreChecks(verdict: Exclude<VerdictWord, 'pass'>, count: number): string {
  return count < 1 ? '' : `; ${count} more ${count === 1 ? 'check' : 'checks'} ${MORE[verdict]}`;
}

/** Why a load cannot be judged. */
export function doubtedLoad(check: Check, isAlone: boolean): string {
  if (check.name === 'healthy-rig') {
    return `the measurement cannot be trusted: ${check.detail ?? 'the rig was not healthy'}`;
  }
  if (check.name === 'completed') return `the run was cut short: ${check.detail ?? 'nothing was measured'}`;
  const rest = isAlone ? 'every other check held, but ' : '';
  return `${rest}${check.title.toLowerCase()} cannot be judged, ${check.detail ?? 'it was not seen'}`;
}

/** Several runs, one exit: the gravest of theirs. */

import type { ExitName } from './exit-codes.ts';

/** An interrupt is nobody's verdict; what could not be measured weighs more than what was found. */
const GRAVEST_FIRST = ['interrupted', 'usage', 'runError', 'fail', 'inconclusive', 'pass'] as const;

/** @returns `pass` of none */
export function worstExit(exits: readonly ExitName[]): ExitName {
  return GRAVEST_FIRST.find((exit) => exits.includes(exit)) ?? 'pass';
}

/** Names of a run on disk and on the wire, and the matches it uses. All follow from the start time and the seed. */

import { MAX_MATCH_ID } from '../../server/protocol/messages.ts';

/**
 * Names a run's folder: `concurrency-20261121T103000Z-1z141z3`. Sorts by time.
 *
 * @param startedAt epoch ms
 */
export function runFolderName(scenario: string, startedAt: number, seed: number): string {
  const stamp = new Date(startedAt).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return `${scenario}-${stamp}-${seed.toString(36)}`;
}

/** Marks a run's messages in their ledger entries: 1 to 16 characters `[a-z0-9]`. */
export function ledgerRunId(startedAt: number, seed: number): string {
  // Epoch ms has 8 digits in base 36 until the year 2059, a 32-bit seed at most 7.
  return `${startedAt.toString(36)}${seed.toString(36)}`.slice(0, 16);
}

/**
 * Gives each tier a match of its own, so that nothing of one tier can reach the next, and other runs
 * against the same server hardly ever meet.
 *
 * @returns a match id from 1 to `MAX_MATCH_ID`, different for every tier of a run
 */
export function matchIdOfTier(startedAt: number, seed: number, tierIndex: number): number {
  const first = mix32(seed ^ mix32(startedAt >>> 0) ^ mix32(Math.floor(startedAt / 2 ** 32)));
  return ((first + tierIndex) % MAX_MATCH_ID) + 1;
}

/**
 * Spreads 32 bits evenly.
 *
 * @see https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp (fmix32)
 */
function mix32(value: number): number {
  let mixed = value >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35) >>> 0;
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

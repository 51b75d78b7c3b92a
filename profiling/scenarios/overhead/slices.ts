/** How a turn is cut up between the arms of its server. */

import { MAX_LATENCY_SLOTS } from '../../../load-tests/generator/load-plan.ts';

/** About as long as a slice is: short, so that whatever the machine does meets both arms alike. */
const SLICE_MS = 500;
/** Enough that those around a switch, which are left out, are a small part; few enough to keep. */
const SLOTS_PER_SLICE = 10;

/**
 * The order of the arms over a turn. Two take turns as A B B A, and B A A B in the next round, so that neither gains from
 * being early or late in the turn; one has the turn to itself.
 *
 * @param arms one or two
 * @param round from 0
 */
export function slicesOf<Arm>(arms: readonly Arm[], round: number, measureMs: number): readonly Arm[] {
  const [first, second] = round % 2 === 0 ? arms : arms.toReversed();
  if (first === undefined || second === undefined) return arms;
  return Array.from({ length: blocksIn(measureMs) }, () => [first, second, second, first]).flat();
}

/** Into how many slots a turn's latencies are divided: an edge of a slice is then in one of them, not in the next. */
export function slotsIn(measureMs: number): number {
  return Math.min(4 * blocksIn(measureMs) * SLOTS_PER_SLICE, MAX_LATENCY_SLOTS);
}

/** Of four slices each. */
function blocksIn(measureMs: number): number {
  return Math.max(1, Math.round(measureMs / (4 * SLICE_MS)));
}

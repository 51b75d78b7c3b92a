/** How a turn is cut up between the arms of its server. */

/** About as long as a slice is: short, so that whatever the machine does meets both arms alike. */
const SLICE_MS = 500;

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
  const blocks = Math.max(1, Math.round(measureMs / (4 * SLICE_MS)));
  return Array.from({ length: blocks }, () => [first, second, second, first]).flat();
}

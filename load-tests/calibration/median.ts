/** The middle of some figures: unlike the best or the mean, one disturbed window does not move it. */

/**
 * The median; of an even number of figures the mean of the middle two.
 *
 * @throws RangeError when there are none
 */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  if (upper === undefined || lower === undefined) throw new RangeError('expected figures; received none');
  return (lower + upper) / 2;
}

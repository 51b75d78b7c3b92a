/** Deals out special clients over workers: "the first n of the run" as so many of each worker. */

/**
 * How many of the run's first `count` clients each worker has, where worker after worker has `shares` of them.
 *
 * @returns one count per worker; their sum is `count`, or all there are
 */
export function allotFirst(count: number, shares: readonly number[]): readonly number[] {
  let left = count;
  return shares.map((share) => {
    const taken = Math.min(share, left);
    left -= taken;
    return taken;
  });
}

/** {@link allotFirst} for the run's last `count` clients. */
export function allotLast(count: number, shares: readonly number[]): readonly number[] {
  return allotFirst(count, shares.toReversed()).toReversed();
}

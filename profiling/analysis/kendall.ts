/**
 * Kendall's S, the number of pairs that rise minus the number that fall, and how it is distributed where nothing but
 * chance orders the values. It gives the Theil–Sen slope its interval, and the Mann–Kendall test its p.
 *
 * @see Hollander, Wolfe, Chicken: Nonparametric Statistical Methods, 3rd edition, 8.1 and 9.3
 */

/** Up to here the distribution is exact: its terms stay far above what a double can tell apart. */
const EXACT_UP_TO = 40;
/** Coefficients of the error function, with an error below 2e-7. */
const ERF = [0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429] as const;

/** @returns P(S ≥ s) for n values in random order, without ties */
export function kendallTail(n: number, s: number): number {
  return n <= EXACT_UP_TO ? exactTail(n, s) : normalTail((s - 1) / kendallDeviation(n));
}

/**
 * The smallest S that chance reaches with a probability of at most `alpha`.
 *
 * @returns null where even the largest is likelier: too few values
 */
export function kendallCritical(n: number, alpha: number): number | null {
  const pairs = (n * (n - 1)) / 2;
  // S moves in steps of two, from the number of pairs down.
  let critical: number | null = null;
  for (let s = pairs; s > -pairs; s -= 2) {
    if (kendallTail(n, s) > alpha) break;
    critical = s;
  }
  return critical;
}

/** Pairs that rise minus pairs that fall, in the order given. */
export function kendallS(values: readonly number[]): number {
  return values.reduce(
    (total, value, index) =>
      total + values.slice(index + 1).reduce((sum, later) => sum + Math.sign(later - value), 0),
    0,
  );
}

/** Standard deviation of S. */
function kendallDeviation(n: number): number {
  return Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
}

function exactTail(n: number, s: number): number {
  const pairs = (n * (n - 1)) / 2;
  // S = pairs − 2 × inversions.
  const mostInversions = Math.floor((pairs - s) / 2);
  const odds = inversionOdds(n);
  return Math.min(
    1,
    odds.slice(0, Math.max(0, mostInversions + 1)).reduce((sum, probability) => sum + probability, 0),
  );
}

const KNOWN_ODDS = new Map<number, readonly number[]>([[1, [1]]]);

/** Probability of each number of inversions: the last of n values passes 0 to n − 1 others, each as likely. */
function inversionOdds(n: number): readonly number[] {
  const known = KNOWN_ODDS.get(n);
  if (known !== undefined) return known;
  if (n < 1) return [1];
  const before = inversionOdds(n - 1);
  const odds = Array.from({ length: before.length + n - 1 }, (_, inversions) => {
    const from = Math.max(0, inversions - n + 1);
    return before.slice(from, inversions + 1).reduce((sum, probability) => sum + probability, 0) / n;
  });
  KNOWN_ODDS.set(n, odds);
  return odds;
}

/** P(Z ≥ z) of the normal distribution. @see Abramowitz, Stegun: Handbook of Mathematical Functions, 7.1.26 */
function normalTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const series = ERF.reduceRight((sum, coefficient) => (sum + coefficient) * t, 0);
  const half = 0.5 * series * Math.exp(-x * x);
  return z >= 0 ? half : 1 - half;
}

/** Quantiles of Student's t distribution, for confidence intervals from few points. */

/** Two-sided 95 %: the 0.975 quantile for 1 to 30 degrees of freedom, from the standard tables. */
const T_975 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
] as const;

/** The 0.975 quantile of the normal distribution, which t approaches. */
const Z_975 = 1.959964;

/**
 * The factor that turns a standard error into half a 95 % confidence interval.
 *
 * @param degreesOfFreedom points minus fitted parameters, at least 1
 * @see NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2
 */
export function studentT975(degreesOfFreedom: number): number {
  const tabled = T_975[Math.floor(degreesOfFreedom) - 1];
  if (tabled !== undefined) return tabled;
  // Cornish–Fisher expansion around the normal quantile: exact to 0.0002 above 30 degrees.
  const z = Z_975;
  return z + (z ** 3 + z) / (4 * degreesOfFreedom);
}

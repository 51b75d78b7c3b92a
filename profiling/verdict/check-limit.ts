/** The limit of a check as it is written. */

import { formatQuantity } from './quantities.ts';
import { formatLimit, isThresholdName } from './thresholds.ts';
import type { Check } from './verdict.ts';

/** `< 50 ms` where the check judges a threshold, else the figure alone. */
export function checkLimit({ name, threshold, unit }: Pick<Check, 'name' | 'threshold' | 'unit'>): string {
  return isThresholdName(name) ? formatLimit(name, threshold) : formatQuantity(threshold, unit);
}

/** Growth of what a server tracks, in words. */

import type { Growth } from '../analysis/lifecycle-growth.ts';
import { formatCount, formatPercent } from './quantities.ts';

/** From here a number per connection reads better than a share of the connections. */
const AS_NUMBER_FROM = 0.1;

/** `1.00 per connection`, `1.0 % of connections`; empty where there were none. */
export function formatPerConnection({ perConnection }: Pick<Growth, 'perConnection'>): string {
  if (perConnection === null) return '';
  return perConnection >= AS_NUMBER_FROM
    ? `${perConnection.toFixed(2)} per connection`
    : `${formatPercent(perConnection)} of connections`;
}

/** `+1,000 (1.00 per connection)`. */
export function formatGrowth(growth: Pick<Growth, 'grown' | 'perConnection'>): string {
  const each = formatPerConnection(growth);
  return `${growth.grown < 0 ? '' : '+'}${formatCount(growth.grown)}${each === '' ? '' : ` (${each})`}`;
}

/** `hub.connections +1,000 (1.00 per connection)`; with its bound where it has one. */
export function formatNamedGrowth(growth: Growth): string {
  const bound =
    growth.bound === null
      ? ''
      : `, ${formatCount(growth.end)} where ${formatCount(growth.bound)} is the most`;
  return `${growth.name} ${formatGrowth(growth)}${bound}`;
}

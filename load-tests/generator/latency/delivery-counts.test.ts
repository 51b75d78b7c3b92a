import { expect, it } from 'vitest';
import { DeliveryCounts } from './delivery-counts.ts';

it('counts by the second of receipt, inside the measured window only', () => {
  const counts = new DeliveryCounts({ startUs: 0, measureStartUs: 1e6, measureEndUs: 3.5e6 });
  for (const receivedUs of [0, 999_999, 1e6, 1_999_999, 2e6, 3.4e6, 3.5e6, 9e6]) counts.count(receivedUs);
  expect(counts.report()).toEqual([2, 1, 1]);
});

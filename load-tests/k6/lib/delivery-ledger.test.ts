import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DeliveryLedger } from './delivery-ledger.ts';

describe('DeliveryLedger', () => {
  it('sees what is lost before, between and after what came', () => {
    const ledger = new DeliveryLedger(10);
    expect([12, 13, 15].map((offset) => ledger.take(offset))).toEqual(['in-order', 'in-order', 'in-order']);
    expect(ledger.missing).toBe(2);
    expect(ledger.settle(17)).toBe(4);
    expect(ledger.expected).toBe(7);
  });

  it('tells late from double', () => {
    const ledger = new DeliveryLedger(0);
    expect([2, 1, 1, 2, 3].map((offset) => ledger.take(offset))).toEqual([
      'in-order',
      'out-of-order',
      'duplicate',
      'duplicate',
      'in-order',
    ]);
    expect(ledger.settle(3)).toBe(0);
  });

  it('accounts for each message once, whatever comes in whichever order', () => {
    const deliveries = fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 120 });
    fc.assert(
      fc.property(deliveries, fc.integer({ min: 0, max: 60 }), (offsets, fence) => {
        const ledger = new DeliveryLedger(0);
        const seen = offsets.map((offset) => ledger.take(offset));
        const last = Math.max(fence, ...offsets, 0);
        const unique = new Set(offsets).size;
        expect(ledger.settle(last)).toBe(last - unique);
        expect(ledger.expected).toBe(last);
        expect(seen.filter((one) => one === 'duplicate')).toHaveLength(offsets.length - unique);
      }),
    );
  });
});

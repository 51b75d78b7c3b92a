import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitClients } from './load-plan.ts';

describe('splitClients', () => {
  it('loses no client and splits evenly', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 1, max: 64 }),
        (clients, workers) => {
          const shares = splitClients(clients, workers);
          expect(shares).toHaveLength(workers);
          expect(shares.reduce((sum, share) => sum + share, 0)).toBe(clients);
          expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it.each([
    [0, 1],
    [1, 0],
    [1.5, 1],
  ])('refuses %d clients on %d workers', (clients, workers) => {
    expect(() => splitClients(clients, workers)).toThrow(
      expect.objectContaining({ code: 'TL_PLAN_INVALID' }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { turnOrder } from './turn-order.ts';

const armsOf = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('turnOrder', () => {
  it('lets everybody have one turn in a round', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(1_000), (count, round) => {
        expect([...turnOrder(armsOf(count), round)].sort((a, b) => a - b)).toEqual(armsOf(count));
      }),
    );
  });

  it('gives everybody every place once', () => {
    const rounds = armsOf(4).map((round) => turnOrder(armsOf(4), round));
    for (const place of armsOf(4)) {
      expect(new Set(rounds.map((order) => order[place])).size).toBe(4);
    }
  });

  it('lets everybody follow everybody else once', () => {
    const followed = armsOf(4).flatMap((round) => {
      const order = turnOrder(armsOf(4), round);
      return order.slice(1).map((arm, index) => `${order[index]}→${arm}`);
    });
    expect(new Set(followed).size).toBe(12);
  });
});

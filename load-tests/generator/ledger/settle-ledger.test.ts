import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DeliveryLedger } from './delivery-ledger.ts';
import { roomOffsetOf, settleByOffset, settleLedger } from './settle-ledger.ts';

/** A ledger whose only client joined at `from` and got these offsets. */
function ledgerWith(from: number, offsets: readonly number[]): DeliveryLedger {
  const ledger = new DeliveryLedger(1);
  ledger.joined(0, from);
  for (const offset of offsets) ledger.delivery(0, offset, offset);
  return ledger;
}

describe('settling by the room’s offsets', () => {
  it('owes a member every offset between its two acknowledgements', () => {
    const ledger = ledgerWith(10, [11, 12, 14]);
    ledger.left(0, 15);
    expect(settleByOffset([ledger.books()], 15)).toMatchObject({
      expected: 5,
      unique: 3,
      lost: 2,
      undetermined: 0,
    });
  });

  it('owes nobody the offsets that someone else’s messages took', () => {
    const ledger = ledgerWith(0, [1, 2]);
    ledger.foreign(0, 3);
    ledger.delivery(0, 4, 4);
    ledger.left(0, 4);
    const totals = settleByOffset([ledger.books()], 4);
    expect(totals).toMatchObject({ expected: 3, unique: 3, lost: 0, foreign: 1, received: 4 });
  });

  it('tells a repeated offset from a late one', () => {
    const ledger = ledgerWith(0, [1, 3, 2, 2]);
    ledger.left(0, 3);
    expect(settleByOffset([ledger.books()], 3)).toMatchObject({ lost: 0, duplicated: 1, outOfOrder: 1 });
  });

  it('leaves open what came to the room before a connection’s end, as far as its worker saw it', () => {
    const ledger = new DeliveryLedger(2);
    for (const client of [0, 1]) ledger.joined(client, 0);
    ledger.delivery(0, 1, 1);
    for (const offset of [1, 2, 3]) ledger.delivery(1, offset, offset);
    ledger.ended(0, 500);
    for (const offset of [4, 5]) ledger.delivery(1, offset, offset);
    ledger.left(1, 5);
    const totals = settleByOffset([ledger.books()], 5);
    expect(totals).toMatchObject({ expected: 6, unique: 6, lost: 0, undetermined: 2 });
  });

  it('leaves open the rest of the room for a client that never answered', () => {
    const ledger = ledgerWith(0, [1, 3]);
    expect(settleByOffset([ledger.books()], 9)).toMatchObject({ expected: 3, lost: 1, undetermined: 6 });
  });

  it('knows how far the room came by what anyone saw or was told', () => {
    const seeing = ledgerWith(0, [1, 7]);
    const told = ledgerWith(0, [1]);
    told.left(0, 9);
    expect(roomOffsetOf([seeing.books()])).toBe(7);
    expect(roomOffsetOf([seeing.books(), told.books()])).toBe(9);
    expect(roomOffsetOf([])).toBe(0);
  });

  it('agrees with a list of all broadcasts', () => {
    const room = fc.array(fc.boolean(), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(room, fc.nat(20), (isDelivered, from) => {
        const offsets = isDelivered.flatMap((delivered, index) => (delivered ? [from + index + 1] : []));
        const ledger = ledgerWith(from, offsets);
        const to = from + isDelivered.length;
        ledger.left(0, to);
        const broadcasts = Array.from({ length: to + 5 }, (_, index) => ({
          offset: index + 1,
          sentUs: index,
        }));
        expect(settleByOffset([ledger.books()], to + 5)).toEqual(settleLedger([ledger.books()], broadcasts));
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DeliveryLedger, WINDOW_BITS } from './delivery-ledger.ts';
import { settleLedger } from './settle-ledger.ts';

/** Broadcasts at offsets 1 … count, sent at 1 ms, 2 ms, … */
function broadcasts(count: number) {
  return Array.from({ length: count }, (_, index) => ({ offset: index + 1, sentUs: (index + 1) * 1_000 }));
}

function ledgerWith(members: number): DeliveryLedger {
  const ledger = new DeliveryLedger(members);
  for (let client = 0; client < members; client += 1) ledger.joined(client, 0);
  return ledger;
}

/** Consecutive offsets and numbers. */
interface Row {
  readonly offset: number;
  readonly seq: number;
  readonly count: number;
}

const aRow = fc.record({ offset: fc.integer({ min: 1, max: 60 }), count: fc.integer({ min: 1, max: 90 }) });

/** @returns which of them were first copies */
function takeOneByOne(ledger: DeliveryLedger, { offset, seq, count }: Row): readonly boolean[] {
  return Array.from({ length: count }, (_, at) => ledger.delivery(0, offset + at, seq + at));
}

describe('the delivery ledger', () => {
  it('balances when everything came once and in order', () => {
    const ledger = ledgerWith(2);
    for (const client of [0, 1]) {
      for (let seq = 0; seq < 3; seq += 1) expect(ledger.delivery(client, seq + 1, seq)).toBe(true);
      ledger.left(client, 3);
    }
    expect(settleLedger([ledger.books()], broadcasts(3))).toEqual({
      expected: 6,
      received: 6,
      unique: 6,
      lost: 0,
      duplicated: 0,
      outOfOrder: 0,
      wrongRoom: 0,
      foreign: 0,
      corrupt: 0,
      undetermined: 0,
    });
  });

  it('owes a client only what lies between its two acknowledgements', () => {
    const ledger = new DeliveryLedger(1);
    ledger.joined(0, 4);
    ledger.delivery(0, 5, 4);
    ledger.delivery(0, 6, 5);
    ledger.left(0, 6);
    expect(settleLedger([ledger.books()], broadcasts(10))).toMatchObject({ expected: 2, unique: 2, lost: 0 });
  });

  it('tells lost, duplicated and swapped apart', () => {
    const ledger = ledgerWith(1);
    // Offset 2 is lost, 3 comes twice, 5 comes before 4.
    for (const offset of [1, 3, 3, 5, 4]) ledger.delivery(0, offset, offset - 1);
    ledger.left(0, 5);
    const totals = settleLedger([ledger.books()], broadcasts(5));
    expect(totals).toMatchObject({
      expected: 5,
      unique: 4,
      lost: 1,
      duplicated: 1,
      outOfOrder: 1,
      received: 5,
    });
    expect(ledger.gaps).toBe(1);
  });

  it('has the same books of rows that it takes at once, wherever they begin', () => {
    fc.assert(
      fc.property(fc.array(aRow, { maxLength: 20 }), fc.integer({ min: 0, max: 3 }), (rows, numberedFrom) => {
        const [atOnce, oneByOne] = [ledgerWith(1), ledgerWith(1)];
        for (const { offset, count } of rows) {
          const row = { offset, seq: offset - 1 + numberedFrom, count };
          takeOneByOne(oneByOne, row);
          if (!atOnce.deliveriesInOrder(0, row.offset, row.seq, row.count)) takeOneByOne(atOnce, row);
        }
        expect(atOnce.books()).toEqual(oneByOne.books());
        expect([atOnce.received, atOnce.gaps]).toEqual([oneByOne.received, oneByOne.gaps]);
        // What comes again is told from what is new as before.
        const again = { offset: 1, seq: numberedFrom, count: 150 };
        expect(takeOneByOne(atOnce, again)).toEqual(takeOneByOne(oneByOne, again));
      }),
    );
  });

  it('takes a row at once that goes on where the last one ended, and no other', () => {
    const ledger = ledgerWith(2);
    expect(ledger.deliveriesInOrder(0, 1, 5, 40)).toBe(false);
    takeOneByOne(ledger, { offset: 1, seq: 0, count: 1 });
    expect(ledger.deliveriesInOrder(0, 2, 1, 40)).toBe(true);
    expect(ledger.deliveriesInOrder(0, 42, 41, WINDOW_BITS)).toBe(true);
    expect(ledger.deliveriesInOrder(0, 42, 41, 1)).toBe(false);
    expect(ledger.deliveriesInOrder(0, 1_067, 1_066, 1)).toBe(false);
    expect(ledger.deliveriesInOrder(0, 1_066, 1_066, 1)).toBe(false);
    expect(ledger.deliveriesInOrder(0, 1_066, 1_065, WINDOW_BITS + 1)).toBe(false);
    ledger.left(0, 1_065);
    expect(ledger.deliveriesInOrder(0, 1_066, 1_065, 1)).toBe(false);
    expect(ledger.received).toBe(1_065);
  });

  it('judges order by the room, since two requests may overtake each other', () => {
    const ledger = ledgerWith(1);
    ledger.delivery(0, 1, 1);
    ledger.delivery(0, 2, 0);
    ledger.left(0, 2);
    expect(settleLedger([ledger.books()], broadcasts(2))).toMatchObject({
      outOfOrder: 0,
      lost: 0,
      unique: 2,
    });
  });

  it('counts what comes outside of a membership as of the wrong room', () => {
    const ledger = new DeliveryLedger(1);
    expect(ledger.delivery(0, 1, 0)).toBe(false);
    ledger.joined(0, 2);
    expect(ledger.delivery(0, 2, 1)).toBe(false);
    ledger.left(0, 2);
    expect(ledger.delivery(0, 3, 2)).toBe(false);
    expect(settleLedger([ledger.books()], broadcasts(3))).toMatchObject({
      wrongRoom: 3,
      received: 0,
      expected: 0,
    });
  });

  it('leaves open what a broken connection was owed after its last message', () => {
    const ledger = ledgerWith(1);
    ledger.delivery(0, 1, 0);
    ledger.delivery(0, 3, 2);
    // 4 and 5 were sent before the end (at 4 and 5 ms), 6 to 8 after it.
    ledger.ended(0, 5_500);
    expect(settleLedger([ledger.books()], broadcasts(8))).toMatchObject({
      expected: 3,
      unique: 2,
      lost: 1,
      undetermined: 2,
    });
  });

  it('leaves open what a client that never answered was owed', () => {
    const ledger = ledgerWith(1);
    ledger.delivery(0, 1, 0);
    expect(settleLedger([ledger.books()], broadcasts(4))).toMatchObject({
      expected: 1,
      lost: 0,
      undetermined: 3,
    });
  });

  it('counts a message older than the window as repeated, never as new', () => {
    const ledger = ledgerWith(1);
    ledger.delivery(0, 1, 0);
    ledger.delivery(0, WINDOW_BITS + 5, WINDOW_BITS + 4);
    expect(ledger.delivery(0, 2, 1)).toBe(false);
    expect(ledger.delivery(0, 10, 9)).toBe(true);
  });

  it('counts a message older than the window as new where its place in the room is new', () => {
    const ledger = ledgerWith(1);
    const sent = 3 * WINDOW_BITS;
    // A saturated server took the later requests first.
    for (let seq = WINDOW_BITS; seq < sent; seq += 1) ledger.delivery(0, seq - WINDOW_BITS + 1, seq);
    for (let seq = 0; seq < WINDOW_BITS; seq += 1) {
      expect(ledger.delivery(0, sent - WINDOW_BITS + seq + 1, seq)).toBe(true);
    }
    expect(ledger.delivery(0, sent, WINDOW_BITS - 1)).toBe(false);
    ledger.left(0, sent);
    expect(settleLedger([ledger.books()], broadcasts(sent))).toMatchObject({
      expected: sent,
      unique: sent,
      lost: 0,
      duplicated: 1,
      outOfOrder: 0,
    });
  });

  it('agrees with a set that remembers everything', () => {
    const arrivals = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 200 });
    fc.assert(
      fc.property(arrivals, fc.integer({ min: 0, max: 5_000 }), (seqs, base) => {
        const ledger = ledgerWith(1);
        const seen = new Set<number>();
        for (const seq of seqs) {
          // Steps of 17 reach across the window's words, and stay within the window.
          const number = base + seq * 17;
          expect(ledger.delivery(0, number + 1, number)).toBe(!seen.has(number));
          seen.add(number);
        }
        const highest = Math.max(...seqs.map((seq) => base + seq * 17 + 1), 0);
        ledger.left(0, highest);
        const totals = settleLedger([ledger.books()], broadcasts(base + 60 * 17 + 1));
        expect(totals.unique).toBe(seen.size);
        expect(totals.duplicated).toBe(seqs.length - seen.size);
        expect(totals.expected).toBe(totals.unique + totals.lost);
        expect(totals.received).toBe(totals.unique + totals.duplicated + totals.foreign);
        expect(ledger.gaps).toBe(totals.lost);
      }),
    );
  });
});

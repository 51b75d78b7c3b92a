/** Sets what clients received against what was broadcast: the conservation law of MEASUREMENT.md, rule 5. */

import type { DeliveryLedgerTotals } from '../load-result.ts';
import { type LedgerBooks, MEMBERSHIP } from './delivery-ledger.ts';
import type { Broadcast } from './known-broadcasts.ts';

/**
 * Settles the books of all workers.
 *
 * A member that left is owed `(from, to]`. One whose connection ended is owed what came before its last
 * message; what was broadcast after that and before the end is undetermined: nobody knows whether it was sent.
 *
 * @param broadcasts ascending by offset, see {@link knownBroadcasts}
 */
export function settleLedger(
  books: readonly LedgerBooks[],
  broadcasts: readonly Broadcast[],
): DeliveryLedgerTotals {
  const totals = { expected: 0, unique: 0, lost: 0, undetermined: 0 };
  const offsets = Float64Array.from(broadcasts, (broadcast) => broadcast.offset);
  const sentUs = Float64Array.from(broadcasts, (broadcast) => broadcast.sentUs);
  for (const book of books) settleClients(book, offsets, sentUs, totals);
  const duplicated = sum(books, (book) => book.duplicated);
  const foreign = sum(books, (book) => book.foreign);
  return {
    ...totals,
    received: totals.unique + duplicated + foreign,
    duplicated,
    outOfOrder: sum(books, (book) => book.outOfOrder),
    wrongRoom: sum(books, (book) => book.wrongRoom),
    foreign,
    corrupt: sum(books, (book) => book.corrupt),
  };
}

function settleClients(
  book: LedgerBooks,
  offsets: Float64Array,
  sentUs: Float64Array,
  totals: { expected: number; unique: number; lost: number; undetermined: number },
): void {
  for (let client = 0; client < book.membership.length; client += 1) {
    const membership = book.membership[client];
    if (membership === MEMBERSHIP.none) continue;
    const highest = book.highestOffset[client] ?? 0;
    const isOver = membership === MEMBERSHIP.left;
    const last = isOver ? Math.max(book.toOffset[client] ?? 0, highest) : highest;
    const end = countUpTo(offsets, last);
    const owed = end - countUpTo(offsets, book.fromOffset[client] ?? 0);
    const unique = book.unique[client] ?? 0;
    // More unique messages than broadcasts can't be, unless a 201 named a wrong offset: keep the law then too.
    totals.expected += Math.max(owed, unique);
    totals.unique += unique;
    totals.lost += Math.max(owed - unique, 0);
    if (!isOver) {
      const endedUs =
        membership === MEMBERSHIP.ended ? (book.endedUs[client] ?? 0) : Number.POSITIVE_INFINITY;
      totals.undetermined += countSentBy(sentUs, end, endedUs);
    }
  }
}

/** How many of the ascending `offsets` are at or below `offset`. */
function countUpTo(offsets: Float64Array, offset: number): number {
  let low = 0;
  let high = offsets.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((offsets[middle] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function countSentBy(sentUs: Float64Array, first: number, untilUs: number): number {
  let count = 0;
  for (let index = first; index < sentUs.length; index += 1) {
    if ((sentUs[index] ?? 0) <= untilUs) count += 1;
  }
  return count;
}

function sum(books: readonly LedgerBooks[], field: (book: LedgerBooks) => number): number {
  return books.reduce((total, book) => total + field(book), 0);
}

/** Sets what clients received against what was broadcast: the conservation law of MEASUREMENT.md, rule 5. */

import type { DeliveryLedgerTotals } from '../load-result.ts';
import { type LedgerBooks, MEMBERSHIP } from './delivery-ledger.ts';
import type { Broadcast } from './known-broadcasts.ts';

/** What was broadcast, as far as a client's row needs to know. */
interface Offer {
  /** Messages of this run that the client was owed up to the offset `last`. */
  owed(book: LedgerBooks, client: number, last: number): number;
  /** Those that may have been on their way when the client ended, or stopped answering, behind `last`. */
  undetermined(book: LedgerBooks, client: number, last: number): number;
}

/**
 * Settles the books of all workers against a list of broadcasts.
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
  const offsets = Float64Array.from(broadcasts, (broadcast) => broadcast.offset);
  const sentUs = Float64Array.from(broadcasts, (broadcast) => broadcast.sentUs);
  return settle(books, {
    owed: (book, client, last) => countUpTo(offsets, last) - countUpTo(offsets, book.fromOffset[client] ?? 0),
    undetermined: (book, client, last) =>
      countSentBy(sentUs, countUpTo(offsets, last), endOf(book, client, book.endedUs)),
  });
}

/**
 * Settles the books without a list: the room numbers its messages without gaps, so a member is owed each offset
 * of `(from, to]` but those that someone else's messages were seen to take.
 *
 * @param roomOffset the last offset of the room, see {@link roomOffsetOf}
 */
export function settleByOffset(books: readonly LedgerBooks[], roomOffset: number): DeliveryLedgerTotals {
  return settle(books, {
    owed: (book, client, last) =>
      Math.max(last - (book.fromOffset[client] ?? 0) - (book.foreignToMember[client] ?? 0), 0),
    undetermined: (book, client, last) =>
      Math.max(Math.min(endOf(book, client, book.endedOffset), roomOffset) - last, 0),
  });
}

/** The highest offset that any client saw, or was told of as it left. */
export function roomOffsetOf(books: readonly LedgerBooks[]): number {
  let highest = 0;
  for (const book of books) {
    for (const offset of book.highestOffset) highest = Math.max(highest, offset);
    for (const offset of book.toOffset) highest = Math.max(highest, offset);
  }
  return highest;
}

function settle(books: readonly LedgerBooks[], offer: Offer): DeliveryLedgerTotals {
  const totals = { expected: 0, unique: 0, lost: 0, undetermined: 0 };
  for (const book of books) settleClients(book, offer, totals);
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
  offer: Offer,
  totals: { expected: number; unique: number; lost: number; undetermined: number },
): void {
  for (let client = 0; client < book.membership.length; client += 1) {
    const membership = book.membership[client];
    if (membership === MEMBERSHIP.none) continue;
    const highest = book.highestOffset[client] ?? 0;
    const isOver = membership === MEMBERSHIP.left;
    const last = isOver ? Math.max(book.toOffset[client] ?? 0, highest) : highest;
    const owed = offer.owed(book, client, last);
    const unique = book.unique[client] ?? 0;
    // More unique messages than broadcasts can't be, unless a 201 named a wrong offset: keep the law then too.
    totals.expected += Math.max(owed, unique);
    totals.unique += unique;
    totals.lost += Math.max(owed - unique, 0);
    if (!isOver) totals.undetermined += offer.undetermined(book, client, last);
  }
}

/** When, or at which offset, a client's connection ended; never for one that is still a member. */
function endOf(book: LedgerBooks, client: number, ends: Float64Array): number {
  return book.membership[client] === MEMBERSHIP.ended ? (ends[client] ?? 0) : Number.POSITIVE_INFINITY;
}

/** How many of the ascending `offsets` are at or below `offset`. */
export function countUpTo(offsets: Float64Array, offset: number): number {
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

/** Settles the workers' books into one ledger, and the slow readers' beside it. Pure. */

import type { LedgerBooks } from '../ledger/delivery-ledger.ts';
import { knownBroadcasts } from '../ledger/known-broadcasts.ts';
import { roomOffsetOf, settleByOffset, settleLedger } from '../ledger/settle-ledger.ts';
import type { LoadPlan } from '../load-plan.ts';
import type { DeliveryLedgerTotals, LoadResult } from '../load-result.ts';
import type { PublishReport, SubscriberReport } from '../worker-messages.ts';
import { mergeFailures, total } from './merge-parts.ts';

/** What settling needs to know of a tier. */
export interface DeliveredTier {
  readonly plan: LoadPlan;
  /** Null when the load never began. */
  readonly publish: PublishReport | null;
}

/** The ledger, and the slow readers beside it. */
export function mergeDeliveries(
  tier: DeliveredTier,
  subscribers: readonly SubscriberReport[],
): Pick<LoadResult, 'ledger' | 'slowReaders'> {
  const books = subscribers.map((report) => report.books);
  const settle = settlement(tier, subscribers, roomOffsetOf(books));
  const ledger = settle(books);
  if ((tier.plan.slowReaders ?? 0) === 0) return { ledger };
  const slow = settle(subscribers.map((report) => report.slowReaders.books));
  const reports = subscribers.map((report) => report.slowReaders);
  return {
    // What slow readers had not got when they stopped may lie anywhere between the server and them.
    ledger: { ...ledger, undetermined: ledger.undetermined + slow.lost + slow.undetermined },
    slowReaders: {
      count: total(reports, (report) => report.count),
      received: slow.unique,
      ended: mergeFailures(reports.map((report) => report.ended)),
    },
  };
}

/** How books are settled: by the publisher's list or, of a closed load, which has none, by the room's offsets. */
function settlement(
  { plan, publish }: DeliveredTier,
  subscribers: readonly SubscriberReport[],
  roomOffset: number,
): (books: readonly LedgerBooks[]) => DeliveryLedgerTotals {
  if (plan.closedPublishers !== undefined) return (books) => settleByOffset(books, roomOffset);
  const broadcasts = knownBroadcasts(
    publish?.accepted ?? [],
    publish?.unconfirmed ?? [],
    subscribers.flatMap((report) => report.sightings),
  );
  return (books) => settleLedger(books, broadcasts);
}

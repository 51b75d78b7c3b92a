/** What was lost and doubled, from the readers' books and, where ticks carry no numbers, the server's count. */

import type { FirehoseCell } from '../../record/firehose-record.ts';
import type { TickCounterCheck, TickLedger } from './firehose-analysis.ts';

/**
 * JSON ticks are numbered: what is missing between two numbers and was not called skipped is lost. Binary ticks are
 * not: what the server flushed and no reader got is lost, and what came beyond it came twice. A tick that is reused
 * for a millisecond repeats its number, so there the server's count tells as well.
 */
export function tickLedger(cell: FirehoseCell): TickLedger {
  const { ledger } = cell.load;
  const { lost, duplicated } = hasNumbers(cell) ? byNumbers(cell) : byServer(cell);
  const repeated = isReused(cell) ? 0 : (duplicated ?? 0);
  return {
    received: ledger.received,
    lost,
    duplicated,
    outOfOrder: ledger.outOfOrder,
    sharedTimestamps: Math.max(0, ledger.sharedTimestamps - repeated),
    corrupt: ledger.corrupt,
    foreignText: ledger.foreignText,
    skipped: ledger.skipped,
    conflations: ledger.conflations,
    undeterminedReaders: ledger.undetermined,
  };
}

/** Flushed by the server against received. */
export function tickCounterCheck(cell: FirehoseCell): TickCounterCheck {
  const client = cell.load.ledger.received;
  const server = flushedToReaders(cell);
  if (server === null) return { client, server, difference: null, unexplained: null };
  const difference = server - client;
  const { lost, duplicated } = tickLedger(cell);
  const above = Math.max(0, difference - (lost ?? 0));
  const below = Math.max(0, -difference - (duplicated ?? 0));
  return { client, server, difference, unexplained: above - below };
}

interface Found {
  readonly lost: number | null;
  readonly duplicated: number | null;
}

function byNumbers({ load: { ledger } }: FirehoseCell): Found {
  return {
    lost: ledger.gaps === null ? null : Math.max(0, ledger.gaps - ledger.skipped),
    duplicated: ledger.duplicated,
  };
}

function byServer(cell: FirehoseCell): Found {
  const flushed = flushedToReaders(cell);
  if (flushed === null) return { lost: null, duplicated: null };
  const { received } = cell.load.ledger;
  return {
    lost: Math.max(0, flushed - received),
    duplicated: Math.max(0, received - flushed),
  };
}

/** Null where it was flushed to others, too, or where a reader left before all of it could reach it. */
function flushedToReaders({ setup, whole, load }: FirehoseCell): number | null {
  return setup.slowReaders > 0 || load.ledger.undetermined > 0 ? null : whole.flushed;
}

function hasNumbers(cell: FirehoseCell): boolean {
  return cell.setup.format === 'json' && !isReused(cell);
}

function isReused({ setup }: FirehoseCell): boolean {
  return setup.source === 'cached-1ms';
}

/** The same events counted at both ends: sent = received + dropped + in flight. */

import type { LoadResult } from '../../load-tests/generator/load-result.ts';
import type { TierRecord } from '../record/tier-record.ts';
import type { CounterCheck } from './tier-analysis.ts';

/** How far server − client may go each way, by events that are known and counted elsewhere. */
export interface Allowance {
  readonly serverMore: number;
  readonly clientMore: number;
}

/** Compares the clients' counts of a tier with the target's own. */
export function counterChecks(tier: TierRecord): readonly CounterCheck[] {
  const { load, serverCounters: server } = tier;
  return [
    // An attempt that the client gave up on (a timeout) may still have been accepted.
    compareCounts('connections', [load.connect.connected, server.opened], {
      serverMore: load.connect.attempted - load.connect.connected,
      clientMore: 0,
    }),
    // A publish whose answer was lost may still have been broadcast.
    compareCounts('broadcasts', [load.publish.accepted, server.broadcasts], {
      serverMore: load.publish.sent - load.publish.accepted,
      clientMore: 0,
    }),
    compareCounts('deliveries', [clientDeliveries(load), server.deliveries], deliveryAllowance(load)),
  ];
}

/** Every broadcast copy that arrived, unreadable ones and those of slow readers too. */
function clientDeliveries(load: LoadResult): number {
  const { received, corrupt } = load.ledger;
  return received + corrupt + (load.slowReaders?.received ?? 0);
}

/**
 * A copy the server handed over and the ledger lacks is `lost` or `undetermined`; one the client has twice, or
 * from another room, may have come from below the counter.
 */
function deliveryAllowance(load: LoadResult): Allowance {
  const { lost, undetermined, duplicated, wrongRoom, corrupt } = load.ledger;
  return {
    serverMore: lost + undetermined + wrongRoom,
    clientMore: duplicated + wrongRoom + corrupt,
  };
}

/** One count at both ends, and how much of the difference is not explained. */
export function compareCounts(
  name: CounterCheck['name'],
  [client, server]: readonly [number, number | null],
  allowance: Allowance,
): CounterCheck {
  if (server === null) return { name, client, server, difference: null, unexplained: null };
  const difference = server - client;
  const above = Math.max(0, difference - allowance.serverMore);
  const below = Math.max(0, -difference - allowance.clientMore);
  return { name, client, server, difference, unexplained: above - below };
}

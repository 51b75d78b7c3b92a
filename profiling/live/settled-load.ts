/** What a load came to, whatever its kind, in the terms of the live metrics. */

import type { ChurnResult } from '../../load-tests/generator/churn/churn-result.ts';
import type {
  DeliveryLedgerTotals,
  FailureCount,
  LoadResult,
} from '../../load-tests/generator/load-result.ts';
import type { TickResult } from '../../load-tests/generator/ticks/tick-result.ts';

/** How a delivery can be amiss. */
export const AMISS_KINDS = [
  'lost',
  'duplicated',
  'out_of_order',
  'wrong_room',
  'foreign',
  'corrupt',
  'undetermined',
] as const;
export type AmissKind = (typeof AMISS_KINDS)[number];

/** Histograms are encoded, as results carry them. */
export interface SettledLoad {
  readonly attempted: number;
  readonly connectFailures: readonly FailureCount[];
  readonly connectLatency: readonly string[];
  readonly disconnects: readonly FailureCount[];
  readonly sent: number;
  readonly accepted: number;
  readonly publishFailures: readonly FailureCount[];
  readonly scheduleLag: readonly string[];
  readonly received: number;
  /** Of the measured window. */
  readonly latency: readonly string[];
  readonly expected: number;
  readonly amiss: Readonly<Partial<Record<AmissKind, number>>>;
}

/** @param result of a tier */
export function settledTier(result: LoadResult): SettledLoad {
  const { connect, publish, ledger, latency, disconnects, slowReaders } = result;
  return {
    attempted: connect.attempted,
    connectFailures: connect.failures,
    connectLatency: [connect.latency],
    disconnects,
    ...publishing(publish),
    received: ledger.received + (slowReaders?.received ?? 0),
    latency: [latency.response],
    expected: ledger.expected,
    amiss: amissOf(ledger),
  };
}

/** @param result of a churn, and of its storm */
export function settledChurn(result: ChurnResult): SettledLoad {
  const { connect, publish, ledger, ends, storm } = result;
  const ledgers = storm === null ? [ledger] : [ledger, storm.ledger];
  const publishes = [publishing(publish), ...(storm === null ? [] : [publishing(storm.publish)])];
  const stormFailures = storm === null ? [] : [...storm.gatherFailures, ...storm.failures];
  const stormConnects = storm === null ? 0 : storm.clients + storm.recovered;
  return {
    attempted: connect.attempted + stormConnects + sum(stormFailures, ({ count }) => count),
    connectFailures: [...connect.failures, ...stormFailures],
    connectLatency: [connect.latency, ...(storm === null ? [] : [storm.handshake])],
    disconnects: [...ends.unasked, ...(storm?.disconnects ?? [])],
    sent: sum(publishes, ({ sent }) => sent),
    accepted: sum(publishes, ({ accepted }) => accepted),
    publishFailures: publishes.flatMap(({ publishFailures }) => publishFailures),
    scheduleLag: publishes.flatMap(({ scheduleLag }) => scheduleLag),
    received: sum(ledgers, ({ received }) => received),
    latency: [],
    expected: sum(ledgers, ({ expected }) => expected),
    amiss: Object.fromEntries(
      AMISS_KINDS.map((kind) => [kind, sum(ledgers, (each) => amissOf(each)[kind] ?? 0)]),
    ),
  };
}

/** @param result of a tick feed; of a binary one nobody but the server knows what was lost */
export function settledTicks(result: TickResult): SettledLoad {
  const { connect, ledger, latency, disconnects } = result;
  const { numbered, gaps, duplicated, skipped } = ledger;
  return {
    attempted: connect.attempted,
    connectFailures: connect.failures,
    connectLatency: [connect.latency],
    disconnects,
    ...{ sent: 0, accepted: 0, publishFailures: [], scheduleLag: [] },
    received: ledger.received,
    latency: [latency.response],
    expected: Math.max((numbered ?? 0) - (numbered === null ? 0 : skipped), 0),
    amiss: {
      lost: Math.max((gaps ?? 0) - (gaps === null ? 0 : skipped), 0),
      duplicated: duplicated ?? 0,
      out_of_order: ledger.outOfOrder,
      foreign: ledger.foreignText,
      corrupt: ledger.corrupt,
    },
  };
}

function publishing({ sent, accepted, failures, scheduleLag }: LoadResult['publish']) {
  return { sent, accepted, publishFailures: failures, scheduleLag: [scheduleLag] };
}

function amissOf(ledger: DeliveryLedgerTotals): Readonly<Record<AmissKind, number>> {
  const { lost, duplicated, outOfOrder, wrongRoom, foreign, corrupt, undetermined } = ledger;
  return {
    ...{ lost, duplicated, foreign, corrupt, undetermined },
    out_of_order: outOfOrder,
    wrong_room: wrongRoom,
  };
}

function sum<Item>(items: readonly Item[], field: (item: Item) => number): number {
  return items.reduce((total, item) => total + field(item), 0);
}

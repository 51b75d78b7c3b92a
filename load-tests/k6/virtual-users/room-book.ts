/** What a client knows of its match: the ledger of what it is owed, and what it tells k6 of it. */

import { DeliveryLedger } from '../lib/delivery-ledger.ts';
import { readLedgerText } from '../lib/ledger-text.ts';
import type { RunStart } from '../lib/run-plan.ts';
import type { Sampler } from '../lib/sampling.ts';
import * as metrics from './load-metrics.ts';

/** A `commentary` event, as far as it matters here. */
export interface Commentary {
  readonly matchId: number;
  readonly offset: number;
  readonly data: { readonly text: string };
}

export class RoomBook {
  readonly #matchId: number;
  readonly #start: RunStart;
  readonly #sampler: Sampler;
  #ledger: DeliveryLedger | undefined;

  constructor(matchId: number, start: RunStart, sampler: Sampler) {
    this.#matchId = matchId;
    this.#start = start;
    this.#sampler = sampler;
  }

  /** Where a resume goes on from; 0 before the first subscribe. */
  get offset(): number {
    return this.#ledger?.offset ?? 0;
  }

  /** What comes after this offset is owed. */
  begin(offset: number): void {
    this.#ledger = new DeliveryLedger(offset);
  }

  /** @param receivedAtMs epoch ms, of k6's `event.timestamp`: taken before the event waits for its handler */
  take(event: Commentary, receivedAtMs: number): void {
    if (event.matchId !== this.#matchId) {
      metrics.deliveriesAmiss.add(1, { kind: 'wrong_room' });
      return;
    }
    metrics.deliveries.add(1);
    this.#enter(event.offset);
    const { runId, startedAtMs } = this.#start;
    const entry = readLedgerText(runId, event.data.text);
    if (entry === null) metrics.deliveriesAmiss.add(1, { kind: 'foreign' });
    else if (this.#sampler.takes())
      metrics.deliveryLatency.add(receivedAtMs - startedAtMs - entry.intendedMs);
  }

  /** What a resume gave back; it is neither a delivery nor timed. */
  takeMissed(events: readonly Commentary[]): void {
    metrics.resumedMessages.add(events.length);
    for (const { offset } of events) this.#enter(offset);
  }

  /** The book is closed: what is not there by now never comes. */
  settle(lastOffset: number): void {
    const ledger = this.#ledger;
    if (ledger === undefined) return;
    metrics.deliveriesAmiss.add(ledger.settle(lastOffset), { kind: 'lost' });
    metrics.deliveriesExpected.add(ledger.expected);
    this.#ledger = undefined;
  }

  #enter(offset: number): void {
    const sighting = this.#ledger?.take(offset);
    if (sighting === 'duplicate') metrics.deliveriesAmiss.add(1, { kind: 'duplicated' });
    if (sighting === 'out-of-order') metrics.deliveriesAmiss.add(1, { kind: 'out_of_order' });
  }
}

/** What a client knows of its match: the ledger of what it is owed, and what it tells k6 of it. */

import { DeliveryLedger } from '../lib/delivery-ledger.ts';
import { readLedgerText } from '../lib/ledger-text.ts';
import { NextInOrder } from '../lib/next-in-order.ts';
import type { RunStart } from '../lib/run-plan.ts';
import type { Sampler } from '../lib/sampling.ts';
import * as metrics from './load-metrics.ts';
import type { Received } from './load-socket.ts';

/** A `commentary` event, as far as it matters here. */
export interface Commentary {
  readonly matchId: number;
  readonly offset: number;
  readonly data: { readonly text: string };
}

/** Telling k6 of each delivery costs as much as the delivery; the board looks once a second. */
const TELL_EVERY_MS = 500;

export class RoomBook {
  readonly #matchId: number;
  readonly #start: RunStart;
  readonly #sampler: Sampler;
  readonly #next: NextInOrder;
  #ledger: DeliveryLedger | undefined;
  #untold = 0;
  #toldAtMs = 0;

  constructor(matchId: number, start: RunStart, sampler: Sampler) {
    this.#matchId = matchId;
    this.#start = start;
    this.#sampler = sampler;
    this.#next = new NextInOrder(matchId, start.runId);
  }

  /** Where a resume goes on from; 0 before the first subscribe. */
  get offset(): number {
    return this.#ledger?.offset ?? 0;
  }

  /** What comes after this offset is owed. */
  begin(offset: number): void {
    this.#ledger = new DeliveryLedger(offset);
  }

  /**
   * Takes a message that is the one which is due, unparsed.
   *
   * @returns whether it was; else it is for {@link take}
   */
  takeNext(message: string, received: Received): boolean {
    const ledger = this.#ledger;
    if (ledger === undefined) return false;
    const due = ledger.offset + 1;
    const textStart = this.#next.textStart(message, due);
    if (textStart === undefined) return false;
    ledger.take(due);
    this.#count();
    if (this.#sampler.takes()) this.#time(message.slice(textStart), received);
    return true;
  }

  take(event: Commentary, received: Received): void {
    if (event.matchId !== this.#matchId) {
      metrics.deliveriesAmiss.add(1, { kind: 'wrong_room' });
      return;
    }
    this.#count();
    this.#enter(event.offset);
    const { text } = event.data;
    if (readLedgerText(this.#start.runId, text) === null) metrics.deliveriesAmiss.add(1, { kind: 'foreign' });
    else if (this.#sampler.takes()) this.#time(text, received);
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
    this.#tell();
    metrics.deliveriesAmiss.add(ledger.settle(lastOffset), { kind: 'lost' });
    metrics.deliveriesExpected.add(ledger.expected);
    this.#ledger = undefined;
  }

  #time(text: string, { timestamp }: Received): void {
    const { runId, startedAtMs } = this.#start;
    const entry = readLedgerText(runId, text);
    if (entry !== null) metrics.deliveryLatency.add(timestamp - startedAtMs - entry.intendedMs);
  }

  #count(): void {
    this.#untold += 1;
    const now = Date.now();
    if (now - this.#toldAtMs < TELL_EVERY_MS) return;
    this.#toldAtMs = now;
    this.#tell();
  }

  #tell(): void {
    metrics.deliveries.add(this.#untold);
    this.#untold = 0;
  }

  #enter(offset: number): void {
    const sighting = this.#ledger?.take(offset);
    if (sighting === 'duplicate') metrics.deliveriesAmiss.add(1, { kind: 'duplicated' });
    if (sighting === 'out-of-order') metrics.deliveriesAmiss.add(1, { kind: 'out_of_order' });
  }
}

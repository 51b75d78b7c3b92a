/** Reads what the server sends to the clients of one worker, and enters every delivery in the books. */

import type { ServerEvent, ServerReading, Workload } from '../../../workloads/workload.ts';
import { DeliveryCounts } from '../../latency/delivery-counts.ts';
import { FanOutBook, fanOutSampling } from '../../latency/fan-out-book.ts';
import { LatencyBook, type LoadWindow } from '../../latency/latency-book.ts';
import { DeliveryLedger, type LedgerBooks } from '../../ledger/delivery-ledger.ts';
import { Sightings } from '../../ledger/sightings.ts';
import type { LoadPlan } from '../../load-plan.ts';
import type { SubscriberReport } from '../../worker-messages.ts';
import type { SharedBroadcasts } from './shared-broadcasts.ts';

export interface RecorderOptions {
  readonly plan: LoadPlan;
  readonly clients: number;
  /** Of the clients, the last ones; theirs are books of their own. */
  readonly slowReaders: number;
  /** Entries of another publisher are foreign. */
  readonly publisher: number;
  readonly workload: Workload;
}

type DeliveryReport = Pick<SubscriberReport, 'books' | 'latency' | 'counts' | 'fanOut' | 'sightings'>;

export class DeliveryRecorder {
  /** What the message that was read last says; filled anew by each. */
  readonly reading: ServerReading;
  /** Set by {@link read}, for whoever resets it before and wants to know whether one came. */
  lastWasDelivery = false;
  readonly #options: RecorderOptions;
  readonly #workload: Workload;
  readonly #publisher: number;
  readonly #isClosed: boolean;
  readonly #firstSlow: number;
  readonly #ledger: DeliveryLedger;
  readonly #slowLedger: DeliveryLedger;
  readonly #sightings = new Sightings();
  readonly #acknowledgedUs: Float64Array;
  #latency: LatencyBook | null = null;
  #counts: DeliveryCounts | null = null;
  #fanOut: FanOutBook | null = null;
  /** When the bytes that are being looked at came. */
  #receivedUs = 0;
  #reads = 0;

  constructor(options: RecorderOptions) {
    this.#options = options;
    const { clients, slowReaders, plan, workload } = options;
    this.reading = workload.reading;
    this.#workload = workload;
    this.#publisher = options.publisher;
    this.#isClosed = plan.closedPublishers !== undefined;
    this.#firstSlow = clients - slowReaders;
    this.#ledger = new DeliveryLedger(clients);
    this.#slowLedger = new DeliveryLedger(clients);
    this.#acknowledgedUs = new Float64Array(this.#firstSlow);
  }

  /** Messages of the room so far, but for those of slow readers. */
  get deliveries(): number {
    return this.#ledger.received;
  }

  get gaps(): number {
    return this.#ledger.gaps;
  }

  get reads(): number {
    return this.#reads;
  }

  get latency(): LatencyBook | null {
    return this.#latency;
  }

  /** When the message that was read last came, µs. */
  get receivedUs(): number {
    return this.#receivedUs;
  }

  isSlow(client: number): boolean {
    return client >= this.#firstSlow;
  }

  /** Whether the client is owed what comes; a slow reader never is. */
  isMember(client: number): boolean {
    return this.#ledger.isMember(client);
  }

  /** Whether the server confirmed that the client is no member any more. */
  hasLeft(client: number): boolean {
    return this.#ledger.hasLeft(client);
  }

  /** From now on deliveries are timed, or counted, by this window. */
  load(window: LoadWindow): void {
    const { plan } = this.#options;
    if (this.#isClosed) {
      this.#counts = new DeliveryCounts(window);
      return;
    }
    this.#latency = new LatencyBook(window, plan.latencySlots);
    if (plan.fanOutShape === true) {
      this.#fanOut = new FanOutBook({ clients: this.#firstSlow, window, sampling: fanOutSampling(plan) });
    }
  }

  received(receivedUs: number): void {
    this.#receivedUs = receivedUs;
    this.#latency?.received(receivedUs);
    this.#reads += 1;
  }

  /** Reads the message `bytes[start, end)` to `client`, and says what it was; its delivery is entered already. */
  read(client: number, bytes: Buffer, start: number, end: number): ServerEvent {
    const event = this.#workload.read(bytes, start, end);
    if (event === 'delivery') {
      this.lastWasDelivery = true;
      this.#delivery(client);
    } else this.#enter(event, client);
    return event;
  }

  /** Enters `frames` deliveries from the offset `first` on, which came as they stand in `shared`. */
  knownDeliveries(
    client: number,
    shared: SharedBroadcasts,
    { first, frames }: { readonly first: number; readonly frames: number },
  ): void {
    const isCounted =
      shared.isStraight(first, frames) && this.#countInOrder(client, shared, { first, frames });
    for (let offset = first; offset < first + frames; offset += 1) {
      shared.readInto(this.reading, offset);
      if (isCounted) this.#time(client);
      else this.#delivery(client);
    }
  }

  binary(): void {
    this.#ledger.corrupt();
  }

  /** The connection ended, or did not answer any more. Of slow readers nobody sees when. */
  ended(client: number, atUs: number): void {
    this.#acknowledgedUs[client] = 0;
    if (!this.isSlow(client)) this.#ledger.ended(client, atUs);
  }

  report(unconfirmedSeqs: readonly number[]): DeliveryReport {
    return {
      books: this.#ledger.books(),
      latency: this.#latency?.report() ?? null,
      counts: this.#counts?.report() ?? null,
      fanOut: this.#fanOut?.report(this.#acknowledgedUs) ?? null,
      sightings: this.#sightings.find(unconfirmedSeqs),
    };
  }

  /** The slow readers' part of {@link report}. */
  slowBooks(): LedgerBooks {
    return this.#slowLedger.books();
  }

  #delivery(client: number): void {
    const { entry, offset } = this.reading;
    if (entry.publisher !== this.#publisher) this.#ledgerOf(client).foreign(client, offset);
    else if (this.#isClosed) this.#closedDelivery(client, offset);
    else if (this.isSlow(client)) this.#slowLedger.delivery(client, offset, entry.seq);
    else if (this.#ledger.delivery(client, offset, entry.seq)) this.#time(client);
  }

  /** Of a straight row of frames. @returns whether the ledger has them, each the client's first copy */
  #countInOrder(
    client: number,
    shared: SharedBroadcasts,
    { first, frames }: { readonly first: number; readonly frames: number },
  ): boolean {
    if (this.#isClosed || this.isSlow(client)) return false;
    shared.readInto(this.reading, first);
    const { publisher, seq } = this.reading.entry;
    return publisher === this.#publisher && this.#ledger.deliveriesInOrder(client, first, seq, frames);
  }

  /** The client's first copy of the message that was read last came: where it was seen, and when. */
  #time(client: number): void {
    const { entry, offset } = this.reading;
    this.#sightings.note(entry.seq, offset);
    this.#latency?.record(entry);
    this.#fanOut?.record(client, entry, this.#receivedUs);
  }

  /** All messages of a closed load carry one entry: the room's offset tells them apart. */
  #closedDelivery(client: number, offset: number): void {
    const isFirst = this.#ledgerOf(client).delivery(client, offset, offset);
    if (isFirst && !this.isSlow(client)) this.#counts?.count(this.#receivedUs);
  }

  #ledgerOf(client: number): DeliveryLedger {
    return this.isSlow(client) ? this.#slowLedger : this.#ledger;
  }

  #enter(event: ServerEvent, client: number): void {
    const { offset } = this.reading;
    const ledger = this.#ledgerOf(client);
    switch (event) {
      case 'joined':
        // An acknowledgement that comes too late is a failed join, and yet the client is a member from here on.
        ledger.joined(client, offset);
        if (!this.isSlow(client)) this.#acknowledgedUs[client] = this.#receivedUs;
        break;
      case 'left':
        ledger.left(client, offset);
        break;
      case 'foreign':
        ledger.foreign(client, offset);
        break;
      case 'wrong-room':
        ledger.wrongRoom();
        break;
      case 'corrupt':
        ledger.corrupt();
        break;
      default:
    }
  }
}

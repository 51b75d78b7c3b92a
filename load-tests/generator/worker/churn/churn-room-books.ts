/** Enters what clients of a churn receive of their room into a ledger: as it comes, and as it is given back. */

import type { ServerEvent, Workload } from '../../../workloads/workload.ts';
import { DeliveryLedger } from '../../ledger/delivery-ledger.ts';
import type { Sighting } from '../../ledger/known-broadcasts.ts';
import { Sightings } from '../../ledger/sightings.ts';

export interface RoomBooksOptions {
  readonly clients: number;
  /** Entries of another publisher are foreign. */
  readonly publisher: number;
  readonly workload: Workload;
}

/** A client's absence as room offsets: it had seen `from`, and was a member again from `to` on. */
export interface Absence {
  readonly from: number;
  readonly to: number;
}

export class RoomBooks {
  readonly ledger: DeliveryLedger;
  readonly #publisher: number;
  readonly #workload: Workload;
  readonly #highestOffset: Float64Array;
  readonly #sightings = new Sightings();

  constructor({ clients, publisher, workload }: RoomBooksOptions) {
    this.ledger = new DeliveryLedger(clients);
    this.#publisher = publisher;
    this.#workload = workload;
    this.#highestOffset = this.ledger.books().highestOffset;
  }

  /** The highest offset a client has seen; that of its first `subscribed` before any message. */
  lastOffset(client: number): number {
    return this.#highestOffset[client] ?? 0;
  }

  /** Enters the message the workload has just read; what is not about the room changes nothing. */
  enter(client: number, event: ServerEvent): void {
    const { offset } = this.#workload.reading;
    switch (event) {
      case 'delivery':
        this.#delivery(client);
        break;
      case 'joined':
        this.ledger.joined(client, offset);
        break;
      case 'left':
        this.ledger.left(client, offset);
        break;
      case 'foreign':
        this.ledger.foreign(client, offset);
        break;
      case 'wrong-room':
        this.ledger.wrongRoom();
        break;
      case 'corrupt':
        this.ledger.corrupt();
        break;
      default:
    }
  }

  /**
   * Enters what the `joined` that the workload has just read gave back. Membership goes on through an absence: the
   * client is owed each message once, and a copy that comes again, given back or live, is a duplicate.
   *
   * @returns how many messages of the absence it gave back, each counted once
   */
  enterMissed(client: number, absence: Absence): number {
    const { resume } = this.#workload.reading;
    if (resume?.recovered !== true) return 0;
    let givenBack = 0;
    for (let index = 0; index < resume.missed; index += 1) {
      const event = this.#workload.readMissed(index);
      const isFirstCopy = event === 'delivery' && this.#delivery(client);
      if (event !== 'delivery') this.enter(client, event);
      const { offset } = this.#workload.reading;
      if (isFirstCopy && offset > absence.from && offset <= absence.to) givenBack += 1;
    }
    return givenBack;
  }

  sightings(seqs: readonly number[]): readonly Sighting[] {
    return this.#sightings.find(seqs);
  }

  /** @returns whether it is the client's first copy of a message of this run */
  #delivery(client: number): boolean {
    const { entry, offset } = this.#workload.reading;
    if (entry.publisher !== this.#publisher) {
      this.ledger.foreign(client, offset);
      return false;
    }
    if (!this.ledger.delivery(client, offset, entry.seq)) return false;
    this.#sightings.note(entry.seq, offset);
    return true;
  }
}

/**
 * The churn's clients of one worker, who come when the schedule says. Only those that are there now take memory
 * beyond a row of the ledger.
 */

import type { Workload } from '../../../workloads/workload.ts';
import type { ChurnPlan } from '../../churn/churn-plan.ts';
import type { Client, ClientHandler } from '../../client/client.ts';
import { monotonicUs } from '../../monotonic-clock.ts';
import type { ChurnTotals } from '../../worker-messages.ts';
import { ChurnBook, type ChurnCounts } from './churn-book.ts';
import { ChurnGuest, type GuestHost } from './churn-guest.ts';
import { RoomBooks } from './churn-room-books.ts';
import type { ChurnSchedule, Visit } from './churn-schedule.ts';

/** Opens the worker's client number `client`. */
export type OpenNumbered = (client: number, handler: ClientHandler) => Client;

export interface ChurnFleetOptions {
  readonly plan: ChurnPlan;
  readonly schedule: ChurnSchedule;
  /** The first intended connect, µs of the shared clock. */
  readonly startUs: number;
  /** How many visits the schedule has at most. */
  readonly clients: number;
  readonly publisher: number;
  readonly workload: Workload;
  readonly open: OpenNumbered;
}

export class ChurnFleet implements ClientHandler {
  readonly books: RoomBooks;
  readonly #options: ChurnFleetOptions;
  readonly #book: ChurnBook;
  readonly #host: GuestHost;
  /** Those that are there now. */
  readonly #guests = new Map<number, ChurnGuest>();
  #silent = 0;
  #next = 0;
  #isOver = false;
  #isQuiet = false;
  #timer: NodeJS.Timeout | undefined;
  #receivedUs = 0;
  #reads = 0;
  /** Called once when nobody comes any more and only silent clients are left. */
  onQuiet: () => void = () => undefined;
  /** Called once when nobody is left. */
  onSettled: () => void = () => undefined;

  constructor(options: ChurnFleetOptions) {
    this.#options = options;
    const { plan, startUs, clients, publisher, workload } = options;
    this.#book = new ChurnBook({ startUs, endUs: startUs + plan.churnMs * 1_000 });
    this.books = new RoomBooks({ clients, publisher, workload });
    this.#host = {
      plan,
      workload,
      book: this.#book,
      ledger: this.books.ledger,
      onSilent: () => {
        this.#silent += 1;
        this.#watchEnd();
      },
      onOver: (guest) => this.#forget(guest),
    };
  }

  get open(): number {
    return this.#book.open;
  }

  get totals(): ChurnTotals {
    return this.#book.totals;
  }

  get reads(): number {
    return this.#reads;
  }

  /** Follows the schedule from now on. */
  start(): void {
    this.#tick();
  }

  /** Opens no more and cuts everyone: what was under way counts as `interrupted`. */
  halt(): void {
    clearTimeout(this.#timer);
    this.#isOver = true;
    for (const guest of this.#guests.values()) guest.halt();
    this.#watchEnd();
  }

  counts(): ChurnCounts {
    return this.#book.report();
  }

  received(receivedUs: number): void {
    this.#receivedUs = receivedUs;
    this.#reads += 1;
  }

  text(number: number, bytes: Buffer, start: number, end: number): void {
    const { workload } = this.#options;
    const event = workload.read(bytes, start, end);
    this.books.enter(number, event);
    this.#guests.get(number)?.take(event, this.#receivedUs);
  }

  binary(): void {
    this.books.ledger.corrupt();
  }

  ended(number: number, reason: string): void {
    this.#guests.get(number)?.ended(reason);
  }

  #tick(): void {
    const { schedule } = this.#options;
    let dueUs = schedule.peekUs();
    while (dueUs !== null && dueUs <= monotonicUs()) {
      const visit = schedule.take();
      if (visit !== null) this.#admit(visit);
      dueUs = schedule.peekUs();
    }
    if (dueUs !== null) {
      this.#timer = setTimeout(() => this.#tick(), (dueUs - monotonicUs()) / 1_000);
      return;
    }
    this.#isOver = true;
    this.#watchEnd();
  }

  #admit(visit: Visit): void {
    const number = this.#next;
    this.#next += 1;
    const guest = new ChurnGuest(number, visit, this.#host);
    this.#guests.set(number, guest);
    guest.connect(() => this.#options.open(number, this));
  }

  #forget(guest: ChurnGuest): void {
    if (guest.isSilent) this.#silent -= 1;
    this.#guests.delete(guest.number);
    this.#watchEnd();
  }

  #watchEnd(): void {
    if (!this.#isOver || this.#guests.size > this.#silent) return;
    if (!this.#isQuiet) {
      this.#isQuiet = true;
      this.onQuiet();
    }
    if (this.#guests.size === 0) {
      // Once: a halt of a churn that has settled finds nobody either.
      this.onSettled();
      this.onSettled = () => undefined;
    }
  }
}

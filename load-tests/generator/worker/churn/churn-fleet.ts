/**
 * The churn's clients of one worker: each comes at its time, joins, stays and goes as its visit says. Only those
 * that are there now take memory beyond a row of the ledger.
 *
 *     connecting ─welcome─▶ joining ─subscribed─▶ staying ─▶ leaving ─unsubscribed─▶ closing ─▶ over
 *                                                       ├──▶ reset, over
 *                                                       └──▶ silent ─ended by the server, or given up─▶ over
 */

import type { Workload } from '../../../workloads/workload.ts';
import type { ChurnPlan } from '../../churn/churn-plan.ts';
import type { Client, ClientHandler } from '../../client/client.ts';
import { monotonicUs } from '../../monotonic-clock.ts';
import type { ChurnTotals } from '../../worker-messages.ts';
import { ChurnBook, type ChurnCounts, type VisitOutcome } from './churn-book.ts';
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

/** A client that is there now. */
interface Guest {
  readonly visit: Visit;
  stage: 'connecting' | 'joining' | 'staying' | 'leaving' | 'closing' | 'silent';
  /** Null only while it is being opened. */
  client: Client | null;
  /** When it began to connect, then when it had its welcome, then when it fell silent; µs. */
  sinceUs: number;
  /** Ends the stage it is in. */
  timer: NodeJS.Timeout | undefined;
}

export class ChurnFleet implements ClientHandler {
  readonly books: RoomBooks;
  readonly #options: ChurnFleetOptions;
  readonly #book: ChurnBook;
  readonly #guests = new Map<number, Guest>();
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
    for (const [number, guest] of this.#guests) {
      guest.client?.destroy();
      if (guest.stage === 'connecting') this.#refuse(number, 'interrupted');
      else if (guest.stage === 'silent') this.#end(number, { kind: 'cut' });
      else this.#end(number, { kind: 'failed', reason: 'interrupted' });
    }
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
    const guest = this.#guests.get(number);
    if (guest === undefined) return;
    if (event === 'welcome' && guest.stage === 'connecting') this.#join(number, guest);
    else if (event === 'joined' && guest.stage === 'joining') this.#stay(number, guest);
    else if (event === 'left' && guest.stage === 'leaving') this.#close(number, guest);
    else if (event === 'error') this.#takeError(number, guest);
  }

  binary(): void {
    this.books.ledger.corrupt();
  }

  ended(number: number, reason: string): void {
    const guest = this.#guests.get(number);
    switch (guest?.stage) {
      case undefined:
        break;
      case 'connecting':
        this.#refuse(number, reason);
        break;
      case 'closing':
        this.#end(number, isWholeClose(reason) ? { kind: 'clean' } : { kind: 'failed', reason });
        break;
      case 'silent':
        this.#end(number, { kind: 'detected', reason, silentUs: guest.sinceUs });
        break;
      default:
        this.#end(number, { kind: 'unasked', reason });
    }
  }

  #tick(): void {
    const { schedule } = this.#options;
    let dueUs = schedule.peekUs();
    while (dueUs !== null && dueUs <= monotonicUs()) {
      const visit = schedule.take();
      if (visit !== null) this.#connect(visit);
      dueUs = schedule.peekUs();
    }
    if (dueUs !== null) {
      this.#timer = setTimeout(() => this.#tick(), (dueUs - monotonicUs()) / 1_000);
      return;
    }
    this.#isOver = true;
    this.#watchEnd();
  }

  #connect(visit: Visit): void {
    const { plan, open } = this.#options;
    const number = this.#next;
    this.#next += 1;
    const sinceUs = monotonicUs();
    const guest: Guest = { visit, stage: 'connecting', client: null, sinceUs, timer: undefined };
    this.#guests.set(number, guest);
    this.#book.attempted(visit.intendedUs, sinceUs);
    guest.client = open(number, this);
    // One that fails at once is over already.
    if (!this.#guests.has(number)) return;
    this.#limit(guest, plan.connectTimeoutMs, () => {
      guest.client?.destroy();
      this.#refuse(number, 'timeout');
    });
  }

  #join(number: number, guest: Guest): void {
    const { plan, workload } = this.#options;
    this.#book.accepted(guest.sinceUs, this.#receivedUs);
    guest.sinceUs = this.#receivedUs;
    guest.stage = 'joining';
    guest.client?.send(workload.joinText);
    this.#limit(guest, plan.connectTimeoutMs, () => this.#giveUp(number, guest, 'subscribe_timeout'));
  }

  #stay(number: number, guest: Guest): void {
    guest.stage = 'staying';
    const stayedMs = (monotonicUs() - guest.sinceUs) / 1_000;
    this.#limit(guest, Math.max(guest.visit.stayMs - stayedMs, 0), () => this.#go(number, guest));
  }

  #go(number: number, guest: Guest): void {
    const { plan, workload } = this.#options;
    switch (guest.visit.end) {
      case 'clean':
        guest.stage = 'leaving';
        guest.client?.send(workload.leaveText);
        this.#limit(guest, plan.drainTimeoutMs, () => this.#giveUp(number, guest, 'unsubscribe_timeout'));
        break;
      case 'reset':
        guest.client?.reset();
        this.#end(number, { kind: 'reset' });
        break;
      case 'half-open':
        guest.client?.silence();
        guest.stage = 'silent';
        guest.sinceUs = monotonicUs();
        this.#silent += 1;
        this.#limit(guest, plan.silentTimeoutMs, () => {
          guest.client?.destroy();
          this.#end(number, { kind: 'undetected' });
        });
        this.#watchEnd();
        break;
    }
  }

  #close(number: number, guest: Guest): void {
    guest.stage = 'closing';
    guest.client?.close();
    this.#limit(guest, this.#options.plan.drainTimeoutMs, () => this.#giveUp(number, guest, 'close_timeout'));
  }

  /** An error that comes while nothing was asked concerns nobody's end. */
  #takeError(number: number, guest: Guest): void {
    const { error } = this.#options.workload.reading;
    if (guest.stage === 'joining') this.#giveUp(number, guest, `subscribe_error_${error}`);
    if (guest.stage === 'leaving') this.#giveUp(number, guest, `unsubscribe_error_${error}`);
  }

  #giveUp(number: number, guest: Guest, reason: string): void {
    guest.client?.destroy();
    this.#end(number, { kind: 'failed', reason });
  }

  #refuse(number: number, reason: string): void {
    this.#book.refused(reason, monotonicUs());
    this.#forget(number);
  }

  #end(number: number, outcome: VisitOutcome): void {
    const nowUs = monotonicUs();
    // Of one that left, the books are closed already.
    this.books.ledger.ended(number, nowUs);
    this.#book.over(outcome, nowUs);
    this.#forget(number);
  }

  #forget(number: number): void {
    const guest = this.#guests.get(number);
    if (guest === undefined) return;
    clearTimeout(guest.timer);
    if (guest.stage === 'silent') this.#silent -= 1;
    this.#guests.delete(number);
    this.#watchEnd();
  }

  #limit(guest: Guest, ms: number, then: () => void): void {
    clearTimeout(guest.timer);
    guest.timer = setTimeout(then, ms);
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

/** Whether both sides said close; 1006 stands for none. */
function isWholeClose(reason: string): boolean {
  return reason.startsWith('close_') && reason !== 'close_1006';
}

/**
 * The storm's clients of one worker: they gather, are cut all at once, come back all at once asking for what they
 * missed, and leave. One ledger runs through it all, absence included.
 */

import { setTimeout as waitMs } from 'node:timers/promises';
import type { Workload } from '../../../workloads/workload.ts';
import type { GatherReport, ReturnReport, StormReport } from '../../churn/churn-messages.ts';
import type { ChurnPlan } from '../../churn/churn-plan.ts';
import type { Client, ClientHandler } from '../../client/client.ts';
import { FailureTally } from '../../failure-tally.ts';
import { monotonicUs } from '../../monotonic-clock.ts';
import { AnswerRound } from '../answer-round.ts';
import { Absences } from './churn-absences.ts';
import { Arrival } from './churn-arrival.ts';
import type { OpenNumbered } from './churn-fleet.ts';
import { RoomBooks } from './churn-room-books.ts';

export interface StormFleetOptions {
  readonly plan: ChurnPlan;
  readonly clients: number;
  readonly publisher: number;
  readonly workload: Workload;
  readonly open: OpenNumbered;
}

export class StormFleet implements ClientHandler {
  readonly #options: StormFleetOptions;
  readonly #books: RoomBooks;
  readonly #absences: Absences;
  readonly #clients = new Map<number, Client>();
  readonly #disconnects = new FailureTally();
  #arrival: Arrival | null = null;
  #leaving: AnswerRound | null = null;
  #closing: AnswerRound | null = null;
  /** When all were cut; null before. */
  #cutUs: number | null = null;
  #receivedUs = 0;
  #isHalted = false;

  constructor(options: StormFleetOptions) {
    this.#options = options;
    this.#books = new RoomBooks(options);
    this.#absences = new Absences(this.#books, options.workload);
  }

  /** Connections that are open now, or opening. */
  get open(): number {
    return this.#clients.size;
  }

  /** Messages of the room so far. */
  get deliveries(): number {
    return this.#books.ledger.received;
  }

  get gaps(): number {
    return this.#books.ledger.gaps;
  }

  /** Connects all, a bounded number at a time, and makes them members. */
  async gather(): Promise<GatherReport> {
    const { clients, plan } = this.#options;
    const numbers = Array.from({ length: clients }, (_, number) => number);
    const { recovered, failures } = await this.#arrive(numbers, plan.connectsInFlight);
    return { attempted: clients, members: recovered, failures };
  }

  /**
   * Cuts every member by a TCP reset.
   *
   * @returns how many, and when (µs)
   */
  cut(): { readonly cut: number; readonly atUs: number } {
    const cutUs = monotonicUs();
    this.#cutUs = cutUs;
    const cut = this.#clients.size;
    for (const [number, client] of this.#clients) {
      client.reset();
      this.#absences.begin(number);
    }
    this.#clients.clear();
    return { cut, atUs: cutUs };
  }

  /** Opens all that were cut in one go at `atUs`; each asks for what it missed. */
  async comeBack(atUs: number): Promise<ReturnReport> {
    // Timers round down.
    await waitMs(Math.max(Math.ceil((atUs - monotonicUs()) / 1_000), 0));
    const numbers = this.#absences.clients();
    const report = await this.#arrive(numbers, numbers.length);
    for (const number of this.#absences.missing()) this.#books.ledger.ended(number, this.#cutUs ?? atUs);
    return report;
  }

  /** Ends every membership; what does not answer in time is undetermined. */
  async leave(timeoutMs: number): Promise<void> {
    const { clients, workload } = this.#options;
    const members = [...this.#clients.keys()].filter((number) => this.#books.ledger.isMember(number));
    const round = new AnswerRound(clients, members, timeoutMs);
    this.#leaving = round;
    for (const number of members) this.#clients.get(number)?.send(workload.leaveText);
    await round.done;
    for (const number of round.missing()) {
      this.#disconnects.add(this.#isHalted ? 'interrupted' : 'unsubscribe_timeout');
      this.#books.ledger.ended(number, monotonicUs());
    }
  }

  /** Closes every connection cleanly; cuts those whose server does not answer in time. */
  async close(timeoutMs: number): Promise<void> {
    const round = new AnswerRound(this.#options.clients, [...this.#clients.keys()], timeoutMs);
    this.#closing = round;
    for (const client of this.#clients.values()) client.close();
    await round.done;
    for (const number of round.missing()) this.#letGo(number);
  }

  /** Opens no more, and waits for nothing longer than `graceMs`. */
  halt(graceMs: number): void {
    this.#isHalted = true;
    this.#arrival?.halt(graceMs);
    for (const round of [this.#leaving, this.#closing]) round?.limit(graceMs);
  }

  report(unconfirmedSeqs: readonly number[]): StormReport {
    return {
      books: this.#books.ledger.books(),
      sightings: this.#books.sightings(unconfirmedSeqs),
      disconnects: this.#disconnects.list(),
      ...this.#absences.report(),
    };
  }

  received(receivedUs: number): void {
    this.#receivedUs = receivedUs;
  }

  text(number: number, bytes: Buffer, start: number, end: number): void {
    const { workload } = this.#options;
    const event = workload.read(bytes, start, end);
    switch (event) {
      case 'welcome':
        this.#arrival?.welcomed(number, this.#receivedUs);
        break;
      case 'joined':
        this.#joined(number);
        break;
      case 'error':
        this.#refused(number, workload.reading.error);
        break;
      default:
        if (!this.#absences.isAdrift(number)) this.#books.enter(number, event);
        if (event === 'left') this.#leaving?.settle(number);
    }
  }

  binary(): void {
    this.#books.ledger.corrupt();
  }

  ended(number: number, reason: string): void {
    this.#clients.delete(number);
    if (this.#arrival?.failed(number, reason) === true) return;
    if (this.#closing?.settle(number) === true) return;
    this.#disconnects.add(reason);
    this.#books.ledger.ended(number, monotonicUs());
    this.#leaving?.settle(number);
  }

  async #arrive(numbers: readonly number[], inFlight: number): Promise<ReturnReport> {
    const { plan, open } = this.#options;
    const arrival = new Arrival({
      numbers,
      inFlight,
      timeoutMs: plan.connectTimeoutMs,
      open: (number) => this.#clients.set(number, open(number, this)),
      abandon: (number) => this.#letGo(number),
      join: (number) => this.#clients.get(number)?.send(this.#absences.resumeText(number)),
    });
    this.#arrival = arrival;
    if (this.#isHalted) arrival.halt(0);
    await arrival.run();
    this.#arrival = null;
    return arrival.report();
  }

  #joined(number: number): void {
    if (this.#cutUs === null) {
      this.#books.enter(number, 'joined');
      this.#absences.joined(number);
      this.#arrival?.joined(number, this.#receivedUs, 'joined');
    } else {
      const result = this.#absences.end(number, this.#cutUs);
      this.#arrival?.joined(number, this.#receivedUs, result);
    }
  }

  #refused(number: number, error: string): void {
    if (this.#arrival?.failed(number, `subscribe_error_${error}`) === true) this.#letGo(number);
    if (this.#leaving?.settle(number) === true) this.#disconnects.add(`unsubscribe_error_${error}`);
  }

  #letGo(number: number): void {
    this.#clients.get(number)?.destroy();
    this.#clients.delete(number);
  }
}

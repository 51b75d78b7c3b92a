/** The life of one worker's clients: opens them, makes them members, pauses slow ones, lets them go. */

import type { ServerEvent, Workload } from '../../workloads/workload.ts';
import type { ClientHandler, OpenClient } from '../client/client.ts';
import { FailureTally } from '../failure-tally.ts';
import type { LoadWindow } from '../latency/latency-book.ts';
import type { LoadPlan } from '../load-plan.ts';
import type { FailureCount } from '../load-result.ts';
import { monotonicUs } from '../monotonic-clock.ts';
import type { ConnectReport, JoinReport, SubscriberReport } from '../worker-messages.ts';
import { AnswerRound } from './answer-round.ts';
import { ClientRoster } from './client-roster.ts';
import { DeliveryRecorder } from './delivery-recorder.ts';
import { Establishment } from './establishment.ts';
import { PingExchange } from './ping-exchange.ts';
import { SlowReaders } from './slow-readers.ts';

export interface FleetOptions {
  readonly plan: LoadPlan;
  readonly clients: number;
  /** Of these, the last ones. */
  readonly slowReaders: number;
  readonly publisher: number;
  readonly sourceAddresses: readonly string[];
  /** The target's address, resolved once. */
  readonly address: string;
  readonly workload: Workload;
  readonly openClient: OpenClient;
}

export class SubscriberFleet implements ClientHandler {
  readonly #options: FleetOptions;
  readonly #roster: ClientRoster;
  readonly #recorder: DeliveryRecorder;
  readonly #slow: SlowReaders;
  readonly #disconnects = new FailureTally();
  readonly #joinFailures = new FailureTally();
  #establishment: Establishment | null = null;
  #joining: AnswerRound | null = null;
  #pings: PingExchange | null = null;
  #leaving: AnswerRound | null = null;
  #closing: AnswerRound | null = null;
  #connected = 0;
  #acknowledged = { all: 0, slow: 0 };
  #isHalted = false;
  /** Called when the last connection is gone though nobody closed it. */
  onDeserted: () => void = () => undefined;

  constructor(options: FleetOptions) {
    this.#options = options;
    this.#roster = new ClientRoster({ ...options, url: new URL(options.plan.target.wsUrl), handler: this });
    this.#recorder = new DeliveryRecorder(options);
    this.#slow = new SlowReaders(this.#roster);
  }

  /** Connections that are open now. */
  get connected(): number {
    return this.#connected;
  }

  /** Those of them that do not read. */
  get paused(): number {
    return this.#slow.open;
  }

  /** What came so far. */
  get recorder(): DeliveryRecorder {
    return this.#recorder;
  }

  /** Opens every client; resolves when each has its welcome or has failed. */
  async connect(): Promise<ConnectReport> {
    const { clients, plan } = this.#options;
    const establishment = new Establishment({
      clients,
      inFlight: plan.connectsInFlight,
      timeoutMs: plan.connectTimeoutMs,
      open: (client) => this.#roster.open(client),
      abandon: (client) => this.#roster.letGo(client),
    });
    this.#establishment = establishment;
    establishment.start();
    if (this.#isHalted) establishment.halt();
    await establishment.done;
    return establishment.report();
  }

  /** Makes every open client a member; resolves when each was acknowledged or has failed. */
  async join(): Promise<JoinReport> {
    const { plan, workload } = this.#options;
    const round = this.#ask(this.#roster.openClients(), plan.connectTimeoutMs);
    this.#joining = round;
    await this.#roster.sendAll(round.missing(), workload.joinText);
    await round.done;
    for (const _ of round.missing()) this.#joinFailures.add(this.#isHalted ? 'interrupted' : 'timeout');
    this.#joining = null;
    const { all, slow } = this.#acknowledged;
    return { acknowledged: all, slowReaders: slow, failures: this.#joinFailures.list() };
  }

  /** Has every open client send its pings; resolves when all are answered, or will not be. */
  async ping(perClient: number, timeoutMs: number): Promise<readonly FailureCount[]> {
    const { clients, workload } = this.#options;
    const pings = new PingExchange({
      clients,
      perClient,
      timeoutMs,
      send: (client) => this.#roster.send(client, workload.pingText),
    });
    this.#pings = pings;
    const failures = await pings.run(this.#roster.openClients());
    this.#pings = null;
    return failures;
  }

  /** From now on deliveries are timed by this window; slow readers stop as it begins. */
  load(window: LoadWindow): void {
    this.#recorder.load(window);
    if (this.#options.slowReaders === 0) return;
    this.#slow.pauseAt(window.measureStartUs, () =>
      this.#roster.openClients().filter((client) => this.#recorder.isSlow(client)),
    );
  }

  /**
   * Ends the membership of the first `count` members, which stay connected.
   *
   * @returns how many were acknowledged; the others are undetermined
   */
  async leaveEarly(count: number, timeoutMs: number): Promise<number> {
    const members = this.#members().slice(0, count);
    await this.#leaveRoom(members, timeoutMs);
    return members.filter((client) => this.#recorder.hasLeft(client)).length;
  }

  /** Ends every membership that is left; what does not answer in time is undetermined. */
  async leave(timeoutMs: number): Promise<void> {
    this.#slow.stopWaiting();
    await this.#leaveRoom(this.#members(), timeoutMs);
  }

  report(unconfirmedSeqs: readonly number[]): SubscriberReport {
    return {
      ...this.#recorder.report(unconfirmedSeqs),
      disconnects: this.#disconnects.list(),
      slowReaders: { ...this.#slow.report(), books: this.#recorder.slowBooks() },
    };
  }

  /** Closes every connection cleanly; cuts slow readers, and those whose server does not answer in time. */
  async close(timeoutMs: number): Promise<void> {
    const open = this.#roster.openClients();
    const readers = open.filter((client) => !this.#recorder.isSlow(client));
    for (const client of open) if (this.#recorder.isSlow(client)) this.#roster.letGo(client);
    const round = this.#ask(readers, timeoutMs);
    this.#closing = round;
    await this.#roster.closeAll(readers);
    await round.done;
    for (const client of round.missing()) this.#roster.letGo(client);
    this.#connected = 0;
  }

  /** Opens no more, and waits for nothing longer than `graceMs`. */
  halt(graceMs: number): void {
    this.#isHalted = true;
    this.#establishment?.halt();
    for (const round of [this.#joining, this.#pings, this.#leaving, this.#closing]) round?.limit(graceMs);
  }

  received(receivedUs: number): void {
    this.#recorder.received(receivedUs);
  }

  text(client: number, bytes: Buffer, start: number, end: number): void {
    const event = this.#recorder.read(client, bytes, start, end);
    if (event !== 'delivery') this.#takeAnswer(event, client);
  }

  binary(): void {
    this.#recorder.binary();
  }

  ended(client: number, reason: string): void {
    this.#roster.forget(client);
    if (this.#establishment?.failed(client, reason) === true) return;
    this.#connected -= 1;
    if (this.#closing?.settle(client) === true) return;
    this.#recorder.ended(client, monotonicUs());
    if (!this.#slow.ended(client, reason)) this.#disconnects.add(reason);
    if (this.#joining?.settle(client) === true) this.#joinFailures.add(reason);
    this.#pings?.failed(client, reason);
    this.#leaving?.settle(client);
    if (this.#connected - this.#slow.open === 0) this.onDeserted();
  }

  #takeAnswer(event: ServerEvent, client: number): void {
    switch (event) {
      case 'welcome':
        if (this.#establishment?.welcomed(client, this.#recorder.receivedUs) === true) this.#connected += 1;
        break;
      case 'joined':
        if (this.#joining?.settle(client) === true) this.#countAcknowledged(client);
        break;
      case 'pong':
        this.#pings?.answered(client);
        break;
      case 'left':
        this.#leaving?.settle(client);
        break;
      case 'error':
        this.#takeError(`error_${this.#recorder.reading.error}`, client);
        break;
      default:
    }
  }

  #takeError(reason: string, client: number): void {
    if (this.#joining?.settle(client) === true) this.#joinFailures.add(reason);
    this.#pings?.failed(client, reason);
    this.#leaving?.settle(client);
  }

  #countAcknowledged(client: number): void {
    this.#acknowledged.all += 1;
    if (this.#recorder.isSlow(client)) this.#acknowledged.slow += 1;
  }

  #members(): readonly number[] {
    return this.#roster.openClients().filter((client) => this.#recorder.isMember(client));
  }

  async #leaveRoom(members: readonly number[], timeoutMs: number): Promise<void> {
    const round = this.#ask(members, timeoutMs);
    this.#leaving = round;
    await this.#roster.sendAll(members, this.#options.workload.leaveText);
    await round.done;
    for (const client of round.missing()) {
      this.#disconnects.add('unsubscribe_timeout');
      this.#recorder.ended(client, monotonicUs());
    }
    this.#leaving = null;
  }

  #ask(clients: readonly number[], timeoutMs: number): AnswerRound {
    return new AnswerRound(this.#options.clients, clients, timeoutMs);
  }
}

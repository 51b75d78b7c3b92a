/** All clients of one worker: opens them, makes them members, counts what they get, lets them go. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ServerEvent, Workload } from '../../workloads/workload.ts';
import type { Client, ClientHandler, OpenClient } from '../client/client.ts';
import { FailureTally } from '../failure-tally.ts';
import { LatencyBook, type LoadWindow } from '../latency/latency-book.ts';
import { DeliveryLedger } from '../ledger/delivery-ledger.ts';
import { Sightings } from '../ledger/sightings.ts';
import type { LoadPlan } from '../load-plan.ts';
import { monotonicUs } from '../monotonic-clock.ts';
import type { ConnectReport, JoinReport, SubscriberReport } from '../worker-messages.ts';
import { AnswerRound } from './answer-round.ts';
import { Establishment } from './establishment.ts';

/** Clients that are asked for something in one turn of the loop, so that reading goes on meanwhile. */
const ASKED_PER_TURN = 256;

export interface FleetOptions {
  readonly plan: LoadPlan;
  readonly clients: number;
  readonly publisher: number;
  readonly sourceAddresses: readonly string[];
  /** The target's address, resolved once. */
  readonly address: string;
  readonly workload: Workload;
  readonly openClient: OpenClient;
}

export class SubscriberFleet implements ClientHandler {
  readonly #options: FleetOptions;
  readonly #url: URL;
  readonly #clients: (Client | undefined)[];
  readonly #ledger: DeliveryLedger;
  readonly #sightings = new Sightings();
  readonly #disconnects = new FailureTally();
  readonly #joinFailures = new FailureTally();
  #latency: LatencyBook | null = null;
  #establishment: Establishment | null = null;
  #joining: AnswerRound | null = null;
  #leaving: AnswerRound | null = null;
  #closing: AnswerRound | null = null;
  #connected = 0;
  #acknowledged = 0;
  #isHalted = false;
  /** When the bytes that are being looked at came. */
  #receivedUs = 0;
  #reads = 0;
  /** Called when the last connection is gone though nobody closed it. */
  onDeserted: () => void = () => undefined;

  constructor(options: FleetOptions) {
    this.#options = options;
    this.#url = new URL(options.plan.target.wsUrl);
    this.#clients = new Array<Client | undefined>(options.clients).fill(undefined);
    this.#ledger = new DeliveryLedger(options.clients);
  }

  /** Connections that are open now. */
  get connected(): number {
    return this.#connected;
  }

  /** Messages of the room so far. */
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

  /** Opens every client; resolves when each has its welcome or has failed. */
  async connect(): Promise<ConnectReport> {
    const { clients, plan } = this.#options;
    const establishment = new Establishment({
      clients,
      inFlight: plan.connectsInFlight,
      timeoutMs: plan.connectTimeoutMs,
      open: (client) => this.#openOne(client),
      abandon: (client) => this.#letGo(client),
    });
    this.#establishment = establishment;
    establishment.start();
    if (this.#isHalted) establishment.halt();
    await establishment.done;
    return establishment.report();
  }

  /** Makes every open client a member; resolves when each was acknowledged or has failed. */
  async join(): Promise<JoinReport> {
    const round = new AnswerRound(
      this.#clients.length,
      this.#openClients(),
      this.#options.plan.connectTimeoutMs,
    );
    this.#joining = round;
    await this.#ask(round, this.#options.workload.joinText);
    await round.done;
    for (const _ of round.missing()) this.#joinFailures.add(this.#isHalted ? 'interrupted' : 'timeout');
    this.#joining = null;
    return { acknowledged: this.#acknowledged, failures: this.#joinFailures.list() };
  }

  /** From now on deliveries are timed by this window. */
  load(window: LoadWindow): void {
    this.#latency = new LatencyBook(window);
  }

  /** Ends every membership; what does not answer in time is undetermined. */
  async leave(timeoutMs: number): Promise<void> {
    const members = this.#openClients().filter((client) => this.#ledger.isMember(client));
    const round = new AnswerRound(this.#clients.length, members, timeoutMs);
    this.#leaving = round;
    await this.#ask(round, this.#options.workload.leaveText);
    await round.done;
    for (const client of round.missing()) {
      this.#disconnects.add('unsubscribe_timeout');
      this.#ledger.ended(client, monotonicUs());
    }
  }

  report(unconfirmedSeqs: readonly number[]): SubscriberReport {
    return {
      books: this.#ledger.books(),
      latency: this.#latency?.report() ?? null,
      sightings: this.#sightings.find(unconfirmedSeqs),
      disconnects: this.#disconnects.list(),
    };
  }

  /** Closes every connection cleanly; cuts those whose server does not answer in time. */
  async close(timeoutMs: number): Promise<void> {
    const round = new AnswerRound(this.#clients.length, this.#openClients(), timeoutMs);
    this.#closing = round;
    for (const client of this.#openClients()) {
      this.#clients[client]?.close();
      if (client % ASKED_PER_TURN === 0) await nextTurn();
    }
    await round.done;
    for (const client of round.missing()) this.#letGo(client);
    this.#connected = 0;
  }

  /** Opens no more, and waits for nothing longer than `graceMs`. */
  halt(graceMs: number): void {
    this.#isHalted = true;
    this.#establishment?.halt();
    for (const round of [this.#joining, this.#leaving, this.#closing]) round?.limit(graceMs);
  }

  received(receivedUs: number): void {
    this.#receivedUs = receivedUs;
    this.#latency?.received(receivedUs);
    this.#reads += 1;
  }

  text(client: number, bytes: Buffer, start: number, end: number): void {
    const { workload, publisher } = this.#options;
    const event = workload.read(bytes, start, end);
    const { entry, offset } = workload.reading;
    if (event !== 'delivery') {
      this.#takeOther(event, client);
    } else if (entry.publisher !== publisher) {
      this.#ledger.foreign(client, offset);
    } else if (this.#ledger.delivery(client, offset, entry.seq)) {
      this.#sightings.note(entry.seq, offset);
      this.#latency?.record(entry);
    }
  }

  binary(): void {
    this.#ledger.corrupt();
  }

  ended(client: number, reason: string): void {
    this.#clients[client] = undefined;
    if (this.#establishment?.failed(client, reason) === true) return;
    this.#connected -= 1;
    if (this.#closing?.settle(client) === true) return;
    this.#ledger.ended(client, monotonicUs());
    this.#disconnects.add(reason);
    if (this.#joining?.settle(client) === true) this.#joinFailures.add(reason);
    this.#leaving?.settle(client);
    if (this.#connected === 0) this.onDeserted();
  }

  #takeOther(event: ServerEvent, client: number): void {
    const { offset, error } = this.#options.workload.reading;
    switch (event) {
      case 'welcome':
        if (this.#establishment?.welcomed(client, this.#receivedUs) === true) this.#connected += 1;
        break;
      case 'joined':
        // An acknowledgement that comes too late is a failed join, and yet the client is a member from here on.
        this.#ledger.joined(client, offset);
        if (this.#joining?.settle(client) === true) this.#acknowledged += 1;
        break;
      case 'left':
        this.#ledger.left(client, offset);
        this.#leaving?.settle(client);
        break;
      case 'foreign':
        this.#ledger.foreign(client, offset);
        break;
      case 'wrong-room':
        this.#ledger.wrongRoom();
        break;
      case 'corrupt':
        this.#ledger.corrupt();
        break;
      case 'error':
        if (this.#joining?.settle(client) === true) this.#joinFailures.add(`error_${error}`);
        this.#leaving?.settle(client);
        break;
      default:
    }
  }

  #openOne(client: number): void {
    const { sourceAddresses, address, openClient } = this.#options;
    this.#clients[client] = openClient({
      client,
      url: this.#url,
      address,
      localAddress: sourceAddresses[client % sourceAddresses.length],
      handler: this,
    });
  }

  #letGo(client: number): void {
    this.#clients[client]?.destroy();
    this.#clients[client] = undefined;
  }

  /** The clients that are open now. */
  #openClients(): readonly number[] {
    return this.#clients.flatMap((client, index) => (client === undefined ? [] : [index]));
  }

  async #ask(round: AnswerRound, text: string): Promise<void> {
    let asked = 0;
    for (const client of round.missing()) {
      this.#clients[client]?.send(text);
      asked += 1;
      if (asked % ASKED_PER_TURN === 0) await nextTurn();
    }
  }
}

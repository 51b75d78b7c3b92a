/** The connections of one worker from the first handshake to the last close, and who takes what they bring. */

import type { Workload } from '../../../workloads/workload.ts';
import type { Client, ClientHandler, ClientOptions } from '../../client/client.ts';
import { FailureTally } from '../../failure-tally.ts';
import type { LoadWindow } from '../../latency/latency-book.ts';
import type { LoadPlan } from '../../load-plan.ts';
import { monotonicUs } from '../../monotonic-clock.ts';
import type { ConnectReport, SubscriberReport } from '../../worker-messages.ts';
import { AnswerRound } from '../answer-round.ts';
import { Establishment } from '../establishment.ts';
import { ClientRoster } from './client-roster.ts';
import { DeliveryRecorder } from './delivery-recorder.ts';
import { Membership } from './membership.ts';
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
  /** Opens a client, whose reader may enter deliveries into the books by itself. */
  readonly openClient: (options: ClientOptions, recorder: DeliveryRecorder) => Client;
}

export class SubscriberFleet implements ClientHandler {
  /** What came so far. */
  readonly recorder: DeliveryRecorder;
  /** Joining the room, pinging and leaving it. */
  readonly membership: Membership;
  readonly #options: FleetOptions;
  readonly #roster: ClientRoster;
  readonly #slow: SlowReaders;
  readonly #disconnects = new FailureTally();
  #establishment: Establishment | null = null;
  #closing: AnswerRound | null = null;
  #connected = 0;
  #isHalted = false;
  /** Called when the last connection that reads is gone though nobody closed it. */
  onDeserted: () => void = () => undefined;

  constructor(options: FleetOptions) {
    this.#options = options;
    const { clients, plan, workload } = options;
    this.recorder = new DeliveryRecorder(options);
    this.#roster = new ClientRoster({
      ...options,
      url: new URL(plan.target.wsUrl),
      handler: this,
      openClient: (client) => options.openClient(client, this.recorder),
    });
    this.#slow = new SlowReaders(this.#roster);
    this.membership = new Membership({ clients, workload, roster: this.#roster, recorder: this.recorder });
  }

  /** Connections that are open now. */
  get connected(): number {
    return this.#connected;
  }

  /** Those of them that do not read. */
  get paused(): number {
    return this.#slow.open;
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

  /** From now on deliveries are timed by this window; slow readers stop as it begins. */
  load(window: LoadWindow): void {
    this.recorder.load(window);
    if (this.#options.slowReaders === 0) return;
    this.#slow.pauseAt(window.measureStartUs, () => this.#openOnes({ slow: true }));
  }

  report(unconfirmedSeqs: readonly number[]): SubscriberReport {
    const disconnects = new FailureTally();
    disconnects.merge(this.#disconnects.list());
    disconnects.merge(this.membership.leaveFailures);
    return {
      ...this.recorder.report(unconfirmedSeqs),
      disconnects: disconnects.list(),
      slowReaders: { ...this.#slow.report(), books: this.recorder.slowBooks() },
    };
  }

  /** Closes every connection cleanly; cuts slow readers, and those whose server does not answer in time. */
  async close(timeoutMs: number): Promise<void> {
    this.#slow.stopWaiting();
    for (const client of this.#openOnes({ slow: true })) this.#roster.letGo(client);
    const readers = this.#openOnes({ slow: false });
    const round = new AnswerRound(this.#options.clients, readers, timeoutMs);
    this.#closing = round;
    await this.#roster.closeAll(readers);
    await round.done;
    for (const client of round.missing()) this.#roster.letGo(client);
    this.#connected = 0;
  }

  /** Opens no more, and waits for nothing longer than `graceMs`. */
  halt(graceMs: number): void {
    this.#isHalted = true;
    this.#slow.stopWaiting();
    this.#establishment?.halt();
    this.membership.halt(graceMs);
    this.#closing?.limit(graceMs);
  }

  received(receivedUs: number): void {
    this.recorder.received(receivedUs);
  }

  text(client: number, bytes: Buffer, start: number, end: number): void {
    const event = this.recorder.read(client, bytes, start, end);
    if (event === 'delivery') return;
    if (event === 'welcome') this.#welcome(client);
    else this.membership.answered(client, event);
  }

  binary(): void {
    this.recorder.binary();
  }

  ended(client: number, reason: string): void {
    this.#roster.forget(client);
    if (this.#establishment?.failed(client, reason) === true) return;
    this.#connected -= 1;
    if (this.#closing?.settle(client) === true) return;
    this.recorder.ended(client, monotonicUs());
    if (!this.#slow.ended(client, reason)) this.#disconnects.add(reason);
    this.membership.failed(client, reason);
    if (this.#connected === this.#slow.open) this.onDeserted();
  }

  #welcome(client: number): void {
    if (this.#establishment?.welcomed(client, this.recorder.receivedUs) === true) this.#connected += 1;
  }

  #openOnes({ slow }: { readonly slow: boolean }): readonly number[] {
    return this.#roster.openClients().filter((client) => this.recorder.isSlow(client) === slow);
  }
}

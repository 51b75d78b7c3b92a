/** The lean or `ws` readers of one worker, from the first handshake to the last close. */

import type { Client, ClientHandler, ClientOptions } from '../../client/client.ts';
import { openLeanClient } from '../../client/lean-client.ts';
import { openWsClient } from '../../client/ws-client.ts';
import { FailureTally } from '../../failure-tally.ts';
import type { LoadWindow } from '../../latency/latency-book.ts';
import type { PackedCounts } from '../../latency/latency-histogram.ts';
import { monotonicUs } from '../../monotonic-clock.ts';
import type { TickHello } from '../../ticks/reading/tick-control.ts';
import type { TickLedger } from '../../ticks/reading/tick-ledger.ts';
import { TickStream } from '../../ticks/reading/tick-stream.ts';
import type { TickReport, TickShare } from '../../ticks/tick-messages.ts';
import { type FullTickPlan, readerId, tickUrl } from '../../ticks/tick-plan.ts';
import type { ConnectReport } from '../../worker-messages.ts';
import { AnswerRound } from '../answer-round.ts';
import { Establishment } from '../establishment.ts';
import { ClientRoster } from '../subscribing/client-roster.ts';
import { SlowReaders } from '../subscribing/slow-readers.ts';
import { ReaderReports, STATS_INTERVAL_MS } from './reader-reports.ts';
import { TickMeter } from './tick-meter.ts';
import type { TickReaders } from './tick-readers.ts';
import { WsTickReader } from './ws-tick-reader.ts';

/** Half a µs of either clock's rounding. */
const CLOCK_ERROR_US = 1;

export interface TickFleetOptions {
  readonly plan: FullTickPlan;
  readonly share: TickShare;
  /** The target's address, resolved once. */
  readonly address: string;
}

/** One connection that had its hello. */
interface Connected {
  readonly ledger: TickLedger;
  readonly reports: ReaderReports;
  /** Its stream ended with a close frame: everything before that has come. */
  isComplete: boolean;
}

export class TickFleet implements TickReaders, ClientHandler {
  readonly #options: TickFleetOptions;
  readonly #roster: ClientRoster;
  readonly #slow: SlowReaders;
  readonly #meter = new TickMeter();
  /** Slow readers stand outside of what is measured. */
  readonly #slowMeter = new TickMeter();
  /** Before its hello a client is not in here. */
  readonly #connectedOnes = new Map<number, Connected>();
  readonly #wsReaders = new Map<number, WsTickReader>();
  readonly #disconnects = new FailureTally();
  #establishment: Establishment | null = null;
  #closing: AnswerRound | null = null;
  #timers: readonly NodeJS.Timeout[] = [];
  #connected = 0;
  #isHalted = false;
  onDeserted: () => void = () => undefined;

  constructor(options: TickFleetOptions) {
    this.#options = options;
    const { plan, share } = options;
    this.#roster = new ClientRoster({
      clients: share.readers,
      url: tickUrl(plan),
      address: options.address,
      sourceAddresses: share.sourceAddresses,
      openClient: (client) => this.#open(client),
      handler: this,
    });
    this.#slow = new SlowReaders(this.#roster);
  }

  get connected(): number {
    return this.#connected;
  }

  get paused(): number {
    return this.#slow.open;
  }

  get ticks(): number {
    return this.#meter.received;
  }

  get reads(): number {
    return this.#meter.reads;
  }

  get lost(): number {
    return this.#measured().reduce((sum, { ledger }) => sum + ledger.unexplainedGaps, 0);
  }

  async connect(): Promise<ConnectReport> {
    const { plan, share } = this.#options;
    const establishment = new Establishment({
      clients: share.readers,
      inFlight: plan.connectsInFlight,
      timeoutMs: plan.connectTimeoutMs,
      open: (client) => this.#roster.open(client),
      abandon: (client) => this.#roster.letGo(client),
    });
    this.#establishment = establishment;
    this.#startReporting();
    establishment.start();
    if (this.#isHalted) establishment.halt();
    await establishment.done;
    return establishment.report();
  }

  load(window: LoadWindow): void {
    this.#meter.open(window);
    const { plan, share } = this.#options;
    if (share.slowReaders === 0) return;
    this.#slow.pauseAt(window.measureStartUs - plan.slowBeforeMs * 1_000, () =>
      this.#openOnes({ slow: true }),
    );
  }

  async finish(): Promise<void> {
    // Whoever still reads at full speed reads on.
    this.#slow.stopWaiting();
  }

  async close(timeoutMs: number): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#slow.stopWaiting();
    for (const client of this.#openOnes({ slow: true })) this.#roster.letGo(client);
    const readers = this.#openOnes({ slow: false });
    const round = new AnswerRound(this.#options.share.readers, readers, timeoutMs);
    this.#closing = round;
    this.#acknowledge();
    await this.#roster.closeAll(readers);
    await round.done;
    for (const client of round.missing()) this.#roster.letGo(client);
    this.#connected = 0;
  }

  halt(graceMs: number): void {
    this.#isHalted = true;
    this.#slow.stopWaiting();
    this.#establishment?.halt();
    this.#closing?.limit(graceMs);
  }

  latencySoFar(): PackedCounts | null {
    return this.#meter.soFar()?.pack() ?? null;
  }

  report(): Omit<TickReport, 'window'> {
    const measured = this.#measured();
    const slow = [...this.#connectedOnes].filter(([client]) => this.#isSlow(client));
    return {
      books: measured.map(({ ledger }) => ledger.books()),
      undetermined: measured.filter(({ isComplete }) => !isComplete).length,
      acknowledged: measured.reduce((sum, { reports }) => sum + reports.acknowledged, 0),
      meter: this.#meter.report(),
      disconnects: this.#disconnects.list(),
      slowReaders: { ...this.#slow.report(), books: slow.map(([, { ledger }]) => ledger.books()) },
      clockErrorUs: CLOCK_ERROR_US,
      browser: null,
    };
  }

  received(receivedUs: number): void {
    this.#meter.receivedUs = receivedUs;
    this.#slowMeter.receivedUs = receivedUs;
  }

  text(client: number, bytes: Buffer, start: number, end: number): void {
    this.#wsReaders.get(client)?.text(bytes, start, end);
  }

  binary(client: number, bytes: Buffer, start: number, end: number): void {
    this.#wsReaders.get(client)?.binary(bytes, start, end);
  }

  ended(client: number, reason: string): void {
    this.#roster.forget(client);
    if (this.#establishment?.failed(client, reason) === true) return;
    this.#connected -= 1;
    const connected = this.#connectedOnes.get(client);
    if (connected !== undefined)
      connected.isComplete = reason.startsWith('close_') && reason !== 'close_1006';
    if (this.#closing?.settle(client) === true) return;
    if (!this.#slow.ended(client, reason)) this.#disconnects.add(reason);
    if (this.#connected === this.#slow.open) this.onDeserted();
  }

  #open(options: ClientOptions): Client {
    const { client } = options;
    const { format, reader, timeEvery } = this.#options.plan;
    const intake = this.#isSlow(client) ? this.#slowMeter : this.#meter;
    if (reader === 'ws') {
      const onHello = (hello: TickHello): void => this.#welcome(client, ws.ledger, hello);
      const ws = new WsTickReader({ format, timeEvery, intake, onHello });
      this.#wsReaders.set(client, ws);
      return openWsClient(options);
    }
    const onHello = (hello: TickHello): void => this.#welcome(client, stream.ledger, hello);
    const stream = new TickStream({ format, timeEvery, intake, onHello });
    return openLeanClient(options, stream);
  }

  #welcome(client: number, ledger: TickLedger, { format }: TickHello): void {
    const { plan, share } = this.#options;
    if (format !== plan.format) {
      this.#establishment?.failed(client, 'hello_format');
      this.#roster.letGo(client);
      return;
    }
    const { receivedUs } = this.#meter;
    if (this.#establishment?.welcomed(client, receivedUs) !== true) return;
    this.#connected += 1;
    const reports = new ReaderReports(
      readerId(plan.clientId, share.firstReader + client),
      ledger,
      receivedUs,
    );
    this.#connectedOnes.set(client, { ledger, reports, isComplete: false });
    this.#roster.send(client, reports.identifyText());
  }

  #startReporting(): void {
    const { ackEveryMs } = this.#options.plan;
    const stats = setInterval(() => this.#tellStats(), STATS_INTERVAL_MS);
    this.#timers = ackEveryMs > 0 ? [stats, setInterval(() => this.#acknowledge(), ackEveryMs)] : [stats];
  }

  #tellStats(): void {
    const latencies = this.#meter.takeLatencies();
    const nowUs = monotonicUs();
    for (const [client, { reports }] of this.#reading()) {
      this.#roster.send(client, reports.statsText(nowUs, latencies));
    }
  }

  #acknowledge(): void {
    if (this.#options.plan.ackEveryMs === 0) return;
    for (const [client, { reports }] of this.#reading()) this.#roster.send(client, reports.ackText());
  }

  /** Connected ones that may speak: slow ones are as good as asleep once they stopped. */
  #reading(): readonly (readonly [number, Connected])[] {
    const open = new Set(this.#roster.openClients());
    const areSlowAsleep = this.#slow.open > 0;
    return [...this.#connectedOnes].filter(
      ([client]) => open.has(client) && !(areSlowAsleep && this.#isSlow(client)),
    );
  }

  /** Those that had their hello and are measured, gone or not. */
  #measured(): readonly Connected[] {
    return [...this.#connectedOnes].flatMap(([client, connected]) =>
      this.#isSlow(client) ? [] : [connected],
    );
  }

  #openOnes({ slow }: { readonly slow: boolean }): readonly number[] {
    return this.#roster.openClients().filter((client) => this.#isSlow(client) === slow);
  }

  #isSlow(client: number): boolean {
    const { readers, slowReaders } = this.#options.share;
    return client >= readers - slowReaders;
  }
}

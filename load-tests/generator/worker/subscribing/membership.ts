/** Has the clients of one worker join the room, ping and leave it, and waits for the answers. */

import type { ServerEvent, Workload } from '../../../workloads/workload.ts';
import { FailureTally } from '../../failure-tally.ts';
import type { FailureCount } from '../../load-result.ts';
import { monotonicUs } from '../../monotonic-clock.ts';
import type { JoinReport } from '../../worker-messages.ts';
import { AnswerRound } from '../answer-round.ts';
import type { ClientRoster } from './client-roster.ts';
import type { DeliveryRecorder } from './delivery-recorder.ts';
import { PingExchange } from './ping-exchange.ts';

export interface MembershipOptions {
  readonly clients: number;
  readonly roster: ClientRoster;
  readonly recorder: DeliveryRecorder;
  readonly workload: Workload;
}

export class Membership {
  readonly #options: MembershipOptions;
  readonly #joinFailures = new FailureTally();
  readonly #leaveFailures = new FailureTally();
  #joining: AnswerRound | null = null;
  #pings: PingExchange | null = null;
  #leaving: AnswerRound | null = null;
  #acknowledged = 0;
  #slowAcknowledged = 0;
  #isHalted = false;

  constructor(options: MembershipOptions) {
    this.#options = options;
  }

  /** Unsubscribes that got no answer, or were refused. */
  get leaveFailures(): readonly FailureCount[] {
    return this.#leaveFailures.list();
  }

  /** Makes every open client a member; resolves when each was acknowledged or has failed. */
  async join(timeoutMs: number): Promise<JoinReport> {
    const { roster, workload } = this.#options;
    const open = roster.openClients();
    const round = this.#ask(open, timeoutMs);
    this.#joining = round;
    await roster.sendAll(open, workload.joinText);
    await round.done;
    for (const _ of round.missing()) this.#joinFailures.add(this.#isHalted ? 'interrupted' : 'timeout');
    this.#joining = null;
    return {
      acknowledged: this.#acknowledged,
      slowReaders: this.#slowAcknowledged,
      failures: this.#joinFailures.list(),
    };
  }

  /** Has every open client send its pings; resolves when all are answered, or will not be: with the failures. */
  async ping(perClient: number, timeoutMs: number): Promise<readonly FailureCount[]> {
    const { clients, roster, workload } = this.#options;
    const send = (client: number): void => roster.send(client, workload.pingText);
    const pings = new PingExchange({ clients, perClient, timeoutMs, send });
    this.#pings = pings;
    const failures = await pings.run(roster.openClients());
    this.#pings = null;
    return failures;
  }

  /**
   * Ends the membership of the first `count` members, which stay connected.
   *
   * @returns how many were acknowledged; the others are undetermined
   */
  async leaveEarly(count: number, timeoutMs: number): Promise<number> {
    const members = this.#members().slice(0, count);
    await this.#leave(members, timeoutMs);
    return members.filter((client) => this.#options.recorder.hasLeft(client)).length;
  }

  /** Ends every membership that is left; what does not answer in time is undetermined. */
  async leave(timeoutMs: number): Promise<void> {
    await this.#leave(this.#members(), timeoutMs);
  }

  /** Waits for nothing longer than `graceMs`. */
  halt(graceMs: number): void {
    this.#isHalted = true;
    for (const round of [this.#joining, this.#pings, this.#leaving]) round?.limit(graceMs);
  }

  /** The server said this to a client. */
  answered(client: number, event: ServerEvent): void {
    switch (event) {
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
        this.#refused(client, `error_${this.#options.recorder.reading.error}`);
        break;
      default:
    }
  }

  /** The client's connection is gone. */
  failed(client: number, reason: string): void {
    if (this.#joining?.settle(client) === true) this.#joinFailures.add(reason);
    this.#pings?.failed(client, reason);
    this.#leaving?.settle(client);
  }

  /** It was refused what it asked for. One that may not leave stays a member. */
  #refused(client: number, reason: string): void {
    if (this.#leaving?.settle(client) === true) this.#leaveFailures.add(`unsubscribe_${reason}`);
    this.failed(client, reason);
  }

  #countAcknowledged(client: number): void {
    this.#acknowledged += 1;
    if (this.#options.recorder.isSlow(client)) this.#slowAcknowledged += 1;
  }

  /** Those that are owed messages: slow readers are none. */
  #members(): readonly number[] {
    const { roster, recorder } = this.#options;
    return roster.openClients().filter((client) => recorder.isMember(client));
  }

  async #leave(members: readonly number[], timeoutMs: number): Promise<void> {
    const { roster, recorder, workload } = this.#options;
    const round = this.#ask(members, timeoutMs);
    this.#leaving = round;
    await roster.sendAll(members, workload.leaveText);
    await round.done;
    for (const client of round.missing()) {
      this.#leaveFailures.add(this.#isHalted ? 'interrupted' : 'unsubscribe_timeout');
      recorder.ended(client, monotonicUs());
    }
    this.#leaving = null;
  }

  #ask(clients: readonly number[], timeoutMs: number): AnswerRound {
    return new AnswerRound(this.#options.clients, clients, timeoutMs);
  }
}

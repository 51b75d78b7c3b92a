/** Has each client send pings, the next one when the one before was answered, so that traffic flows both ways. */

import { FailureTally } from '../../failure-tally.ts';
import type { FailureCount } from '../../load-result.ts';
import { AnswerRound } from '../answer-round.ts';

export interface PingOptions {
  /** Of how many clients answers may come. */
  readonly clients: number;
  readonly perClient: number;
  readonly timeoutMs: number;
  /** Sends one ping of a client. */
  readonly send: (client: number) => void;
}

export class PingExchange {
  readonly #options: PingOptions;
  readonly #due: Uint32Array;
  readonly #failures = new FailureTally();
  #round: AnswerRound | null = null;

  constructor(options: PingOptions) {
    this.#options = options;
    this.#due = new Uint32Array(options.clients);
  }

  /** Resolves when every ping of `clients` was answered, its client has failed, or the time is over: with the failures. */
  async run(clients: readonly number[]): Promise<readonly FailureCount[]> {
    const { perClient, timeoutMs, send } = this.#options;
    const round = new AnswerRound(this.#options.clients, clients, timeoutMs);
    this.#round = round;
    for (const client of clients) {
      this.#due[client] = perClient;
      send(client);
    }
    await round.done;
    for (const _ of round.missing()) this.#failures.add('pong_timeout');
    this.#round = null;
    return this.#failures.list();
  }

  answered(client: number): void {
    const due = this.#due[client] ?? 0;
    if (due === 0) return;
    this.#due[client] = due - 1;
    if (due > 1) this.#options.send(client);
    else this.#round?.settle(client);
  }

  /** The client was refused, or is gone; without a ping under way it is none of this exchange's business. */
  failed(client: number, reason: string): void {
    this.#due[client] = 0;
    if (this.#round?.settle(client) === true) this.#failures.add(reason);
  }

  /** From now on the exchange takes no longer than this. */
  limit(timeoutMs: number): void {
    this.#round?.limit(timeoutMs);
  }
}

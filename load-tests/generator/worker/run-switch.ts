/** A subscriber process takes tiers, churn runs and tick loads, one after the other: each command goes to whom it is for. */

import type { ChurnCommand } from '../churn/churn-messages.ts';
import { isOfHttp } from '../http/http-messages.ts';
import type { TickCommand } from '../ticks/tick-messages.ts';
import type { FromWorker, FromWorkerOf, ToWorker } from '../worker-traffic.ts';
import { ChurnWorker } from './churn/churn-worker.ts';
import { SubscriberWorker } from './subscribing/subscriber-worker.ts';
import { TickWorker } from './ticks/tick-worker.ts';

export class RunSwitch {
  readonly #tiers: SubscriberWorker;
  readonly #churns: ChurnWorker;
  readonly #ticks: TickWorker;
  /** Whom the last command was for. */
  #current: { progress(): FromWorkerOf<'progress'> };

  constructor(send: (event: FromWorker) => void) {
    this.#tiers = new SubscriberWorker(send);
    this.#churns = new ChurnWorker(send);
    this.#ticks = new TickWorker(send);
    this.#current = this.#tiers;
  }

  /** Carries out a command; its answer goes to the parent. */
  async handle(command: ToWorker): Promise<void> {
    if (isOfChurn(command)) {
      this.#current = this.#churns;
      await this.#churns.handle(command);
    } else if (isOfTicks(command)) {
      this.#current = this.#ticks;
      await this.#ticks.handle(command);
    } else if (isOfHttp(command)) {
      throw new Error(`a subscriber process takes no ${command.type}`);
    } else {
      this.#current = this.#tiers;
      await this.#tiers.handle(command);
    }
  }

  /** How the run that the last command was for stands. */
  progress(): FromWorkerOf<'progress'> {
    return this.#current.progress();
  }
}

function isOfChurn(command: ToWorker): command is ChurnCommand {
  return command.type.startsWith('churn-') || command.type.startsWith('storm-');
}

function isOfTicks(command: ToWorker): command is TickCommand {
  return command.type.startsWith('ticks-');
}

/** A subscriber process takes tiers and churn runs, one after the other: each command goes to whom it is for. */

import type { ChurnCommand } from '../../churn/churn-messages.ts';
import type { FromWorker, ToWorker } from '../../worker-traffic.ts';
import { SubscriberWorker } from '../subscribing/subscriber-worker.ts';
import { ChurnWorker } from './churn-worker.ts';

export class TierOrChurnWorker {
  readonly #tiers: SubscriberWorker;
  readonly #churns: ChurnWorker;
  #isChurning = false;

  constructor(send: (event: FromWorker) => void) {
    this.#tiers = new SubscriberWorker(send);
    this.#churns = new ChurnWorker(send);
  }

  /** Carries out a command; its answer goes to the parent. */
  async handle(command: ToWorker): Promise<void> {
    this.#isChurning = isOfChurn(command);
    if (isOfChurn(command)) await this.#churns.handle(command);
    else await this.#tiers.handle(command);
  }

  /** How the run that the last command was for stands. */
  progress(): FromWorker {
    return this.#isChurning ? this.#churns.progress() : this.#tiers.progress();
  }
}

function isOfChurn(command: ToWorker): command is ChurnCommand {
  return command.type.startsWith('churn-') || command.type.startsWith('storm-');
}

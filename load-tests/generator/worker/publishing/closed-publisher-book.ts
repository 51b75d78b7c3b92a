/** What became of each request of a closed load, from the events of autocannon's connections. */

import type { EventEmitter } from 'node:events';
import { FailureTally } from '../../failure-tally.ts';
import type { LoadWindow } from '../../latency/latency-book.ts';
import { LatencyHistogram } from '../../latency/latency-histogram.ts';
import { monotonicUs } from '../../monotonic-clock.ts';
import type { PublishReport } from '../../worker-messages.ts';
import { RequestLane } from './request-lane.ts';

const CREATED = 201;

export class ClosedPublisherBook {
  readonly #window: LoadWindow;
  readonly #now: () => number;
  readonly #lanes: RequestLane[] = [];
  readonly #latency = new LatencyHistogram();
  readonly #failures = new FailureTally();
  #sent = 0;
  #accepted = 0;
  #acceptedInWindow = 0;

  constructor(window: LoadWindow, now: () => number = monotonicUs) {
    this.#window = window;
    this.#now = now;
  }

  /** Listens to a connection of autocannon from its first request on. */
  follow(client: EventEmitter): void {
    const outcomes = {
      sent: () => {
        this.#sent += 1;
      },
      answered: (status: number, sentUs: number) => this.#answer(status, sentUs),
      failed: (reason: string) => this.#failures.add(reason),
    };
    this.#lanes.push(new RequestLane(client, outcomes, this.#now));
  }

  /**
   * The load went on to its end. What is under way then is nobody's fault, but for a connection that had no answer
   * all through the load.
   */
  ended(): void {
    for (const lane of this.#lanes) {
      if (!lane.isHeard) lane.fail('no_answer');
    }
  }

  report(): PublishReport {
    const failures = new FailureTally();
    failures.merge(this.#failures.list());
    const abandoned = this.#lanes.reduce((sum, lane) => sum + lane.abandoned, 0);
    if (abandoned > 0) failures.add('answer_cut', abandoned);
    return {
      intended: this.#sent,
      sent: this.#sent,
      acceptedCount: this.#accepted,
      failures: failures.list(),
      scheduleLag: new LatencyHistogram().encode(),
      latency: this.#latency.encode(),
      acceptedInWindow: this.#acceptedInWindow,
      accepted: [],
      unconfirmed: [],
    };
  }

  #answer(status: number, sentUs: number): void {
    if (status !== CREATED) {
      this.#failures.add(`http_${status}`);
      return;
    }
    this.#accepted += 1;
    const nowUs = this.#now();
    if (nowUs < this.#window.measureStartUs || nowUs >= this.#window.measureEndUs) return;
    this.#acceptedInWindow += 1;
    this.#latency.record(nowUs - sentUs);
  }
}

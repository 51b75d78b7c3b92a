/** Publishes on a pacer's schedule, whatever the target does (open model), and keeps what was accepted. */

import type { Workload } from '../../../workloads/workload.ts';
import { FailureTally } from '../../failure-tally.ts';
import type { LoadWindow } from '../../latency/latency-book.ts';
import { LatencyHistogram } from '../../latency/latency-histogram.ts';
import type { Broadcast, UnconfirmedPublish } from '../../ledger/known-broadcasts.ts';
import type { LoadPlan } from '../../load-plan.ts';
import { monotonicUs } from '../../monotonic-clock.ts';
import type { PublishReport } from '../../worker-messages.ts';
import type { HttpPoster, PostOutcome } from './http-poster.ts';
import { Pacer } from './pacer.ts';

/** A timer may fire this much late; the rest of a wait is spun, where sends are rare enough to afford it. */
const TIMER_ERROR_MS = 1.5;
/** Up to this rate the spinning costs at most 8 % of a core. */
const SPIN_BELOW_PER_SECOND = 50;

export interface PublisherOptions {
  readonly plan: LoadPlan;
  /** This publisher's number in the ledger entries. */
  readonly publisher: number;
  readonly window: LoadWindow;
  readonly workload: Workload;
  readonly poster: HttpPoster;
}

/** One tier's publishing, open or closed. */
export interface TierPublisher {
  /** Publishes through warm-up and measured window; resolves when every request has the outcome it will have. */
  run(): Promise<PublishReport>;
  /** Sends no more; what has no answer after `graceMs` has none, for this reason. */
  halt(graceMs: number, reason: string): void;
}

/** Publishing on a schedule. */
export class Publisher implements TierPublisher {
  readonly #options: PublisherOptions;
  readonly #pacer: Pacer;
  readonly #scheduleLag = new LatencyHistogram();
  readonly #latency = new LatencyHistogram();
  readonly #failures = new FailureTally();
  readonly #accepted: Broadcast[] = [];
  readonly #unconfirmed: UnconfirmedPublish[] = [];
  #sent = 0;
  /** Due before a halt, and not sent any more. */
  #leftOut = 0;
  #settled = 0;
  #acceptedInWindow = 0;
  #isSending = true;
  #timer: NodeJS.Timeout | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #finish: () => void = () => undefined;

  constructor(options: PublisherOptions) {
    this.#options = options;
    const { plan, window } = options;
    this.#pacer = new Pacer({
      arrival: plan.arrival,
      perSecond: plan.broadcastsPerSecond,
      seed: plan.seed,
      startUs: window.startUs,
      endUs: window.measureEndUs,
    });
  }

  /** Sends until the schedule is over and every request has an outcome; `drainTimeoutMs` after its end at most. */
  async run(): Promise<PublishReport> {
    const finished = new Promise<void>((resolve) => {
      this.#finish = resolve;
    });
    this.#tick();
    await finished;
    return this.#report();
  }

  /** Sends no more; what has no answer after `graceMs` has failed. */
  halt(graceMs: number, reason: string): void {
    if (!this.#isSending) {
      this.#limit(graceMs, reason);
      return;
    }
    while ((this.#pacer.peekUs() ?? Number.POSITIVE_INFINITY) <= monotonicUs()) {
      this.#pacer.takeUs();
      this.#leftOut += 1;
    }
    this.#stopSending(graceMs, reason);
  }

  #tick(): void {
    if (!this.#isSending) return;
    let dueUs = this.#pacer.peekUs();
    while (dueUs !== null && dueUs <= monotonicUs()) {
      this.#pacer.takeUs();
      this.#send(dueUs);
      dueUs = this.#pacer.peekUs();
    }
    if (dueUs === null) this.#stopSending(this.#options.plan.drainTimeoutMs, 'timeout');
    else this.#wait((dueUs - monotonicUs()) / 1_000);
  }

  #wait(waitMs: number): void {
    const canSpin = this.#options.plan.broadcastsPerSecond <= SPIN_BELOW_PER_SECOND;
    if (canSpin && waitMs < TIMER_ERROR_MS) setImmediate(() => this.#tick());
    else this.#timer = setTimeout(() => this.#tick(), canSpin ? waitMs - TIMER_ERROR_MS : waitMs);
  }

  #send(intendedUs: number): void {
    const { workload, poster, publisher } = this.#options;
    const seq = this.#sent;
    this.#sent += 1;
    const sentUs = monotonicUs();
    const isMeasured = intendedUs >= this.#options.window.measureStartUs;
    if (isMeasured) this.#scheduleLag.record(Math.max(sentUs - intendedUs, 0));
    const { path, body } = workload.publishRequest({ publisher, seq, intendedUs, sentUs });
    poster.post(path, body, (outcome) => {
      this.#take(outcome, { seq, sentUs, isAccepted: outcome.state === 'accepted' });
      if (isMeasured && outcome.state === 'accepted') {
        this.#acceptedInWindow += 1;
        this.#latency.record(Math.max(monotonicUs() - intendedUs, 0));
      }
      this.#settled += 1;
      this.#finishWhenSettled();
    });
  }

  #take(outcome: PostOutcome, publish: UnconfirmedPublish): void {
    const offset = outcome.state === 'accepted' ? this.#options.workload.acceptedOffset(outcome.body) : null;
    if (outcome.state === 'failed') this.#failures.add(outcome.reason);
    if (offset === null) this.#unconfirmed.push(publish);
    else this.#accepted.push({ offset, sentUs: publish.sentUs });
  }

  #stopSending(graceMs: number, reason: string): void {
    this.#isSending = false;
    clearTimeout(this.#timer);
    this.#limit(graceMs, reason);
    this.#finishWhenSettled();
  }

  #limit(graceMs: number, reason: string): void {
    clearTimeout(this.#deadline);
    if (this.#settled < this.#sent) {
      this.#deadline = setTimeout(() => this.#options.poster.cut(reason), graceMs);
    }
  }

  #finishWhenSettled(): void {
    if (this.#isSending || this.#settled < this.#sent) return;
    clearTimeout(this.#deadline);
    this.#finish();
  }

  #report(): PublishReport {
    const failures = this.#failures.list();
    return {
      intended: this.#sent + this.#leftOut,
      sent: this.#sent,
      acceptedCount: this.#sent - failures.reduce((sum, { count }) => sum + count, 0),
      failures,
      scheduleLag: this.#scheduleLag.encode(),
      latency: this.#latency.encode(),
      acceptedInWindow: this.#acceptedInWindow,
      accepted: this.#accepted,
      unconfirmed: this.#unconfirmed,
    };
  }
}

/**
 * One client of a churn while it is there: it comes, joins, stays and goes as its visit says.
 *
 *     connecting ─welcome─▶ joining ─subscribed─▶ staying ─▶ leaving ─unsubscribed─▶ closing ─▶ over
 *                                                       ├──▶ reset, over
 *                                                       └──▶ silent ─ended by the server, or given up─▶ over
 */

import type { ServerEvent, Workload } from '../../../workloads/workload.ts';
import type { ChurnPlan } from '../../churn/churn-plan.ts';
import type { Client } from '../../client/client.ts';
import type { DeliveryLedger } from '../../ledger/delivery-ledger.ts';
import { monotonicUs } from '../../monotonic-clock.ts';
import type { ChurnBook, VisitOutcome } from './churn-book.ts';
import type { Visit } from './churn-schedule.ts';

/** What the guests of a worker share. */
export interface GuestHost {
  readonly plan: ChurnPlan;
  readonly workload: Workload;
  readonly book: ChurnBook;
  readonly ledger: DeliveryLedger;
  /** The guest fell silent, and waits for the server to find it. */
  readonly onSilent: () => void;
  /** The guest is gone. Called once. */
  readonly onOver: (guest: ChurnGuest) => void;
}

export class ChurnGuest {
  readonly number: number;
  readonly #visit: Visit;
  readonly #host: GuestHost;
  #stage: 'connecting' | 'joining' | 'staying' | 'leaving' | 'closing' | 'silent' = 'connecting';
  /** Null only while it is being opened. */
  #client: Client | null = null;
  /** When it began to connect, then when it had its welcome, then when it fell silent; µs. */
  #sinceUs = 0;
  /** Ends the stage it is in. */
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  /** @param number its number among the worker's clients */
  constructor(number: number, visit: Visit, host: GuestHost) {
    this.number = number;
    this.#visit = visit;
    this.#host = host;
  }

  get isSilent(): boolean {
    return this.#stage === 'silent';
  }

  connect(open: () => Client): void {
    const { plan, book } = this.#host;
    this.#sinceUs = monotonicUs();
    book.attempted(this.#visit.intendedUs, this.#sinceUs);
    this.#client = open();
    // One that fails at once is over already.
    if (this.#isOver) return;
    this.#limit(plan.connectTimeoutMs, () => {
      this.#client?.destroy();
      this.#refuse('timeout');
    });
  }

  /** Takes what the workload has just read for it. */
  take(event: ServerEvent, receivedUs: number): void {
    if (event === 'welcome' && this.#stage === 'connecting') this.#join(receivedUs);
    else if (event === 'joined' && this.#stage === 'joining') this.#stay();
    else if (event === 'left' && this.#stage === 'leaving') this.#close();
    else if (event === 'error') this.#takeError();
  }

  /** Its connection is gone. */
  ended(reason: string): void {
    switch (this.#stage) {
      case 'connecting':
        this.#refuse(reason);
        break;
      case 'closing':
        this.#end(isWholeClose(reason) ? { kind: 'clean' } : { kind: 'failed', reason });
        break;
      case 'silent':
        this.#end({ kind: 'detected', reason, silentUs: this.#sinceUs });
        break;
      default:
        this.#end({ kind: 'unasked', reason });
    }
  }

  /** Cuts it: what was under way counts as `interrupted`. */
  halt(): void {
    this.#client?.destroy();
    if (this.#stage === 'connecting') this.#refuse('interrupted');
    else if (this.#stage === 'silent') this.#end({ kind: 'cut' });
    else this.#end({ kind: 'failed', reason: 'interrupted' });
  }

  #join(receivedUs: number): void {
    const { plan, workload, book } = this.#host;
    book.accepted(this.#sinceUs, receivedUs);
    this.#sinceUs = receivedUs;
    this.#stage = 'joining';
    this.#client?.send(workload.joinText);
    this.#limit(plan.connectTimeoutMs, () => this.#giveUp('subscribe_timeout'));
  }

  #stay(): void {
    this.#stage = 'staying';
    const stayedMs = (monotonicUs() - this.#sinceUs) / 1_000;
    this.#limit(Math.max(this.#visit.stayMs - stayedMs, 0), () => this.#go());
  }

  #go(): void {
    const { plan, workload, onSilent } = this.#host;
    switch (this.#visit.end) {
      case 'clean':
        this.#stage = 'leaving';
        this.#client?.send(workload.leaveText);
        this.#limit(plan.drainTimeoutMs, () => this.#giveUp('unsubscribe_timeout'));
        break;
      case 'reset':
        this.#client?.reset();
        this.#end({ kind: 'reset' });
        break;
      case 'half-open':
        this.#client?.silence();
        this.#stage = 'silent';
        this.#sinceUs = monotonicUs();
        this.#limit(plan.silentTimeoutMs, () => {
          this.#client?.destroy();
          this.#end({ kind: 'undetected' });
        });
        onSilent();
        break;
    }
  }

  #close(): void {
    this.#stage = 'closing';
    this.#client?.close();
    this.#limit(this.#host.plan.drainTimeoutMs, () => this.#giveUp('close_timeout'));
  }

  /** An error that comes while nothing was asked concerns nobody's end. */
  #takeError(): void {
    const { error } = this.#host.workload.reading;
    if (this.#stage === 'joining') this.#giveUp(`subscribe_error_${error}`);
    if (this.#stage === 'leaving') this.#giveUp(`unsubscribe_error_${error}`);
  }

  #giveUp(reason: string): void {
    this.#client?.destroy();
    this.#end({ kind: 'failed', reason });
  }

  #refuse(reason: string): void {
    this.#host.book.refused(reason, monotonicUs());
    this.#over();
  }

  #end(outcome: VisitOutcome): void {
    const nowUs = monotonicUs();
    // Of one that left, the books are closed already.
    this.#host.ledger.ended(this.number, nowUs);
    this.#host.book.over(outcome, nowUs);
    this.#over();
  }

  #over(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#host.onOver(this);
  }

  #limit(ms: number, then: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(then, ms);
  }
}

/** Whether both sides said close; 1006 stands for none. */
function isWholeClose(reason: string): boolean {
  return reason.startsWith('close_') && reason !== 'close_1006';
}

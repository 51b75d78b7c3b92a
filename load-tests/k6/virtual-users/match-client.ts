/** One connection to `/ws` that watches a match, from its subscribe to the fence behind its last message. */

import { clearTimeout, setTimeout } from 'k6/timers';
import { parseEvent } from '../lib/parse-event.ts';
import { ERROR_REASONS } from '../lib/reasons.ts';
import * as metrics from './load-metrics.ts';
import { LoadSocket, type Received } from './load-socket.ts';
import type { Commentary, RoomBook } from './room-book.ts';

/** A position in a match. */
export interface Position {
  readonly epoch: string;
  readonly offset: number;
}

export interface MatchClientOptions {
  readonly url: string;
  readonly matchId: number;
  readonly book: RoomBook;
  readonly since?: Position;
  readonly pingEveryMs?: number;
  readonly onSubscribed?: (client: MatchClient) => void;
  /** After a resume: whether all that was missed came. */
  readonly onResumed?: (all: boolean) => void;
  readonly onEnd?: () => void;
}

interface Subscribed extends Position {
  readonly recovered?: boolean;
  readonly missed?: readonly Commentary[];
}

const ANSWER_TIMEOUT_MS = 5_000;

export class MatchClient {
  readonly #options: MatchClientOptions;
  readonly #socket: LoadSocket;
  #epoch = '';
  #answerTimer: number | undefined;
  #left = false;

  constructor(options: MatchClientOptions) {
    const { url, pingEveryMs } = options;
    this.#options = options;
    this.#socket = new LoadSocket({
      url,
      onText: (text, received) => this.#read(text, received),
      onEnd: () => this.#ended(),
      ...(pingEveryMs === undefined ? {} : { pingEveryMs }),
    });
  }

  /** Where it stands, so that another connection can go on from there. */
  get position(): Position {
    return { epoch: this.#epoch, offset: this.#options.book.offset };
  }

  /** Unsubscribes and ends: nothing that is owed can come after the answer. */
  leave(): void {
    if (!this.#socket.isOpen) return;
    this.#socket.send({ type: 'unsubscribe', matchId: this.#options.matchId });
    this.#await(ERROR_REASONS.unsubscribe);
  }

  /** Ends at once; its book stays open for another connection. */
  drop(): void {
    this.#left = true;
    this.#socket.close();
  }

  #read(text: string, received: Received): void {
    if (this.#options.book.takeNext(text, received)) return;
    const event = parseEvent(text);
    switch (event?.['type']) {
      case 'commentary':
        this.#options.book.take(event as unknown as Commentary, received);
        break;
      case 'welcome':
        this.#subscribe();
        break;
      case 'subscribed':
        this.#subscribed(event as unknown as Subscribed);
        break;
      case 'unsubscribed':
        this.#answered();
        this.#left = true;
        this.#options.book.settle((event as unknown as Position).offset);
        this.#socket.close();
        break;
      case 'error':
        metrics.errors.add(1, { reason: String(event['code']) });
        break;
      default:
        metrics.errors.add(1, { reason: event === null ? ERROR_REASONS.unreadable : ERROR_REASONS.unknown });
    }
  }

  #subscribe(): void {
    const { matchId, since } = this.#options;
    this.#socket.send({ type: 'subscribe', matchId, ...(since === undefined ? {} : { since }) });
    this.#await(ERROR_REASONS.subscribe);
  }

  #subscribed({ epoch, offset, recovered = false, missed = [] }: Subscribed): void {
    const { book, since, onResumed, onSubscribed } = this.#options;
    this.#answered();
    this.#epoch = epoch;
    if (since === undefined) book.begin(offset);
    else {
      book.takeMissed(missed);
      const all = recovered && missed.length === offset - since.offset;
      // What was not given back is owed nevertheless; the fence at the end counts it as lost.
      onResumed?.(all);
    }
    onSubscribed?.(this);
  }

  #await(reason: string): void {
    this.#answered();
    this.#answerTimer = setTimeout(() => {
      metrics.errors.add(1, { reason });
      this.#socket.close();
    }, ANSWER_TIMEOUT_MS);
  }

  #answered(): void {
    if (this.#answerTimer !== undefined) clearTimeout(this.#answerTimer);
    this.#answerTimer = undefined;
  }

  #ended(): void {
    this.#answered();
    const { book, onEnd } = this.#options;
    // It ended too early: what lies between messages that came is lost, what may have come after them nobody knows.
    if (!this.#left) book.settle(book.offset);
    onEnd?.();
  }
}

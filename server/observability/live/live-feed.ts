/** Sends what is read to every page that is open; reads once a second for all of them, and not at all for none. */

import type { ServerResponse } from 'node:http';
import type { LiveMoment } from './live-contract.ts';

/** Each page is a connection and a copy of every message. */
export const MAX_PAGES = 10;
/** How far back a page that opens sees, if somebody watched then. */
const HISTORY_MS = 300_000;
const HISTORY_MOMENTS = HISTORY_MS / 1000;
const EVERY_MS = 1_000;
/** The second look comes soon: rates need two. */
const SECOND_LOOK_MS = 300;
/** After a look that a busy machine or a slow target drew out. */
const LEAST_WAIT_MS = 200;
/** Of one page that does not read; more than the longest history has. */
const MAX_UNSENT_BYTES = 8_388_608;

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
} as const;

interface Kept {
  readonly atMs: number;
  readonly message: string;
}

export interface LiveFeedOptions {
  readonly read: () => Promise<LiveMoment>;
  /** Called when the last page has gone. */
  readonly rest: () => void;
  readonly epochMs: () => number;
  /** Told of a look that failed; the next one is taken all the same. */
  readonly onDefect: (error: unknown) => void;
}

export class LiveFeed {
  readonly #options: LiveFeedOptions;
  readonly #pages = new Set<ServerResponse>();
  #history: Kept[] = [];
  #timer: NodeJS.Timeout | null = null;
  #isLooking = false;
  #looks = 0;

  constructor(options: LiveFeedOptions) {
    this.#options = options;
  }

  /** Pages that are open. */
  get pages(): number {
    return this.#pages.size;
  }

  get isFull(): boolean {
    return this.#pages.size >= MAX_PAGES;
  }

  /** Begins an event stream: what was seen in the last minutes, then a message a second until the page goes. */
  open(response: ServerResponse): void {
    response.writeHead(200, HEADERS);
    const oldestMs = this.#options.epochMs() - HISTORY_MS;
    this.#history = this.#history.filter(({ atMs }) => atMs >= oldestMs);
    response.write(`retry: 1000\n\n${this.#history.map(({ message }) => message).join('')}`);
    this.#pages.add(response);
    response.on('close', () => this.#gone(response)).on('error', () => this.#gone(response));
    if (this.#timer === null && !this.#isLooking) {
      this.#looks = 0;
      void this.#look();
    }
  }

  /** Ends every stream, and tells the pages that the server stops. */
  close(): void {
    for (const page of this.#pages) page.end('event: stopped\ndata: {}\n\n');
    this.#pages.clear();
    this.#pause();
  }

  async #look(): Promise<void> {
    this.#timer = null;
    this.#isLooking = true;
    const startMs = performance.now();
    try {
      this.#send(await this.#options.read());
    } catch (error) {
      this.#options.onDefect(error);
    }
    this.#isLooking = false;
    this.#looks += 1;
    if (this.#pages.size === 0) return this.#pause();
    const tookMs = performance.now() - startMs;
    const waitMs = this.#looks === 1 ? SECOND_LOOK_MS : Math.max(LEAST_WAIT_MS, EVERY_MS - tookMs);
    this.#timer = setTimeout(() => void this.#look(), waitMs).unref();
  }

  #send(moment: LiveMoment): void {
    const message = `data: ${JSON.stringify(moment)}\n\n`;
    this.#history.push({ atMs: moment.atMs, message });
    if (this.#history.length > HISTORY_MOMENTS) this.#history.shift();
    for (const page of this.#pages) {
      if (page.writableLength > MAX_UNSENT_BYTES) page.destroy();
      else page.write(message);
    }
  }

  #gone(page: ServerResponse): void {
    if (this.#pages.delete(page) && this.#pages.size === 0) this.#pause();
  }

  #pause(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (!this.#isLooking) this.#options.rest();
  }
}

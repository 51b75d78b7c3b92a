/** The beginning of the first body of each status that is no 2xx: it says why. */

import type { EventEmitter } from 'node:events';

/** A server that answers with ever new statuses is remembered up to here. */
const MOST_SAMPLES = 20;
const LONGEST_SAMPLE = 300;

export class AnswerSamples {
  readonly #samples = new Map<number, string>();

  /** Listens to a connection of autocannon. */
  follow(client: EventEmitter): void {
    let status = 0;
    client.on('headers', ({ statusCode }: { readonly statusCode?: number }) => {
      status = statusCode ?? 0;
    });
    client.on('body', (body: Buffer) => this.#take(status, body));
  }

  /** Null where the status is a 2xx or had no body. */
  of(status: number): string | null {
    return this.#samples.get(status) ?? null;
  }

  #take(status: number, body: Buffer): void {
    if (status < 300 || this.#samples.has(status) || this.#samples.size >= MOST_SAMPLES) return;
    const text = body.toString('utf8', 0, LONGEST_SAMPLE);
    // Whatever a foreign server sends ends up in terminals and reports: one line, nothing that steers them.
    this.#samples.set(status, text.replace(/[\p{C}\s]+/gu, ' ').trim());
  }
}

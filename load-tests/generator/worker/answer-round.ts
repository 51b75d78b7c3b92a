/** Waits until each of a set of clients has answered, been given up on, or the time is over. */

export class AnswerRound {
  readonly done: Promise<void>;
  readonly #waiting: Uint8Array;
  #waitingCount: number;
  #timer: NodeJS.Timeout | undefined;
  #finish: () => void = () => undefined;

  /**
   * @param clients of how many clients answers may come
   * @param expected those that are asked
   */
  constructor(clients: number, expected: readonly number[], timeoutMs: number) {
    this.#waiting = new Uint8Array(clients);
    for (const client of expected) this.#waiting[client] = 1;
    this.#waitingCount = expected.length;
    this.done = new Promise((resolve) => {
      this.#finish = resolve;
    });
    if (expected.length === 0) this.#finish();
    else this.limit(timeoutMs);
  }

  /** From now on the round takes no longer than this. */
  limit(timeoutMs: number): void {
    clearTimeout(this.#timer);
    if (this.#waitingCount > 0) this.#timer = setTimeout(this.#finish, timeoutMs);
  }

  /** A client answered, or never will; false when nobody waited for it. */
  settle(client: number): boolean {
    if (this.#waiting[client] !== 1) return false;
    this.#waiting[client] = 0;
    this.#waitingCount -= 1;
    if (this.#waitingCount === 0) {
      clearTimeout(this.#timer);
      this.#finish();
    }
    return true;
  }

  /** Those that have not answered. */
  missing(): readonly number[] {
    const missing: number[] = [];
    for (let client = 0; client < this.#waiting.length; client += 1) {
      if (this.#waiting[client] === 1) missing.push(client);
    }
    return missing;
  }
}

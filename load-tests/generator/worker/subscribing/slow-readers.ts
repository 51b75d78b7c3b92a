/** The clients that stop reading as the measured window begins. */

import { FailureTally } from '../../failure-tally.ts';
import { monotonicUs } from '../../monotonic-clock.ts';
import type { SlowReadersReport } from '../../worker-messages.ts';

/** What is done to them; see {@link ClientRoster}. */
interface Pausable {
  pause(client: number): void;
}

export class SlowReaders {
  readonly #roster: Pausable;
  readonly #open = new Set<number>();
  readonly #ended = new FailureTally();
  #count = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(roster: Pausable) {
    this.#roster = roster;
  }

  /** Those that do not read and are not known to be gone. */
  get open(): number {
    return this.#open.size;
  }

  /**
   * @param atUs µs of the monotonic clock
   * @param listOpen names the slow clients that are open then
   */
  pauseAt(atUs: number, listOpen: () => readonly number[]): void {
    const waitMs = Math.max((atUs - monotonicUs()) / 1_000, 0);
    this.#timer = setTimeout(() => this.#pause(listOpen()), waitMs);
  }

  /** Those that read still go on reading. */
  stopWaiting(): void {
    clearTimeout(this.#timer);
  }

  /** A connection is gone; false when it was none that does not read. */
  ended(client: number, reason: string): boolean {
    if (!this.#open.delete(client)) return false;
    this.#ended.add(reason);
    return true;
  }

  report(): Pick<SlowReadersReport, 'count' | 'ended'> {
    return { count: this.#count, ended: this.#ended.list() };
  }

  #pause(clients: readonly number[]): void {
    for (const client of clients) {
      this.#roster.pause(client);
      this.#open.add(client);
    }
    this.#count = clients.length;
  }
}

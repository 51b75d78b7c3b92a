/** Where clients stood in the room when they were cut, and what they were given back of what they missed. */

import type { Workload } from '../../../workloads/workload.ts';
import type { StormReport } from '../../churn/churn-messages.ts';
import type { RoomBooks } from './churn-room-books.ts';

/** One client's absence. */
interface Absentee {
  readonly epoch: string;
  /** The last offset it saw. */
  readonly from: number;
  /** The offset at which it was a member again; null while it is away. */
  to: number | null;
}

type AbsenceReport = Pick<StormReport, 'absentFrom' | 'absentTo' | 'givenBack'>;

export class Absences {
  readonly #books: RoomBooks;
  readonly #workload: Workload;
  readonly #epochs = new Map<number, string>();
  readonly #absentees = new Map<number, Absentee>();
  /** Members whose room began anew while they were away: its offsets mean other messages now. */
  readonly #adrift = new Set<number>();
  #givenBack = 0;

  constructor(books: RoomBooks, workload: Workload) {
    this.#books = books;
    this.#workload = workload;
  }

  /** The client is a member for the first time, by the `joined` that was just read. */
  joined(client: number): void {
    this.#epochs.set(client, this.#workload.reading.epoch);
  }

  /** The client is away from now on. */
  begin(client: number): void {
    const epoch = this.#epochs.get(client);
    if (epoch !== undefined)
      this.#absentees.set(client, { epoch, from: this.#books.lastOffset(client), to: null });
  }

  /** Those that were cut. */
  clients(): readonly number[] {
    return [...this.#absentees.keys()];
  }

  /** Those that are still away. */
  missing(): readonly number[] {
    return [...this.#absentees].flatMap(([client, { to }]) => (to === null ? [client] : []));
  }

  /** What the client sends to become a member again. */
  resumeText(client: number): string {
    const absentee = this.#absentees.get(client);
    if (absentee === undefined) return this.#workload.joinText;
    return this.#workload.resumeText({ epoch: absentee.epoch, offset: absentee.from });
  }

  /**
   * The client is a member again, by the `joined` that was just read: enters what it gave back.
   *
   * @param endedUs when the client was cut
   * @returns what the server said: `recovered`, its reason why not, or `unsaid`
   */
  end(client: number, endedUs: number): string {
    const absentee = this.#absentees.get(client);
    const { epoch, offset, resume } = this.#workload.reading;
    if (absentee === undefined || absentee.to !== null) return 'unsaid';
    absentee.to = offset;
    if (epoch === absentee.epoch) {
      this.#givenBack += this.#books.enterMissed(client, { from: absentee.from, to: offset });
    } else {
      this.#adrift.add(client);
      this.#books.ledger.ended(client, endedUs);
    }
    if (resume === null) return 'unsaid';
    return resume.recovered ? 'recovered' : resume.reason;
  }

  /** Whether what the client receives cannot be set against what it was owed any more. */
  isAdrift(client: number): boolean {
    return this.#adrift.has(client);
  }

  report(): AbsenceReport {
    const over = [...this.#absentees]
      .filter(([client]) => !this.#adrift.has(client))
      .flatMap(([, { from, to }]) => (to === null ? [] : [{ from, to }]));
    return {
      absentFrom: Float64Array.from(over, ({ from }) => from),
      absentTo: Float64Array.from(over, ({ to }) => to),
      givenBack: this.#givenBack,
    };
  }
}

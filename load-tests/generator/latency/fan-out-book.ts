/**
 * When each member of a worker got each broadcast of the measured window: a row a broadcast, a column a client,
 * a fixed number of cells. Where these are too few, every n-th broadcast is kept.
 */

import type { LedgerEntry } from '../ledger/ledger-entry.ts';
import type { LoadPlan } from '../load-plan.ts';
import type { LoadWindow } from './latency-book.ts';

/** All workers together: 16 MB. */
const MAX_CELLS = 4_000_000;
/** Random arrivals may bring more broadcasts than the rate says; so many standard deviations are allowed for. */
const MAX_DEVIATIONS = 6;

/** What is kept; the same for all workers of a run. */
export interface FanOutSampling {
  /** Broadcasts whose sequence number this divides. */
  readonly everyNth: number;
  /** Rows that are enough for them. */
  readonly rows: number;
}

/** Which broadcasts of a plan can be kept. */
export function fanOutSampling(plan: LoadPlan): FanOutSampling {
  const members = plan.connections - (plan.slowReaders ?? 0);
  const mean = (plan.broadcastsPerSecond * plan.measureMs) / 1_000;
  const spare = plan.arrival === 'poisson' ? MAX_DEVIATIONS * Math.sqrt(mean) : 0;
  // One more for each edge of the window.
  const broadcasts = Math.ceil(mean + spare) + 2;
  const everyNth = Math.max(Math.ceil((broadcasts * members) / MAX_CELLS), 1);
  return { everyNth, rows: Math.ceil(broadcasts / everyNth) + 1 };
}

/** One worker's rows. */
export interface FanOutReport {
  readonly everyNth: number;
  /** The sequence number of each row. */
  readonly seqs: Float64Array;
  /** Row after row, a cell per client: µs from the intended send to the receipt, at least 1; 0 where nothing came. */
  readonly cells: Uint32Array;
  /** When each client was acknowledged as a member, µs; 0 for those that were none until the end. */
  readonly acknowledgedUs: Float64Array;
}

export interface FanOutBookOptions {
  readonly clients: number;
  readonly sampling: FanOutSampling;
  readonly window: LoadWindow;
}

export class FanOutBook {
  readonly #options: FanOutBookOptions;
  readonly #seqs: Float64Array;
  readonly #cells: Uint32Array;

  constructor(options: FanOutBookOptions) {
    this.#options = options;
    const { clients, sampling } = options;
    this.#seqs = new Float64Array(sampling.rows).fill(-1);
    this.#cells = new Uint32Array(sampling.rows * clients);
  }

  /** A first copy came at `receivedUs`. */
  record(client: number, { seq, intendedUs }: Readonly<LedgerEntry>, receivedUs: number): void {
    const { clients, sampling, window } = this.#options;
    if (seq % sampling.everyNth !== 0) return;
    if (!(intendedUs >= window.measureStartUs && intendedUs < window.measureEndUs)) return;
    const row = (seq / sampling.everyNth) % sampling.rows;
    const kept = this.#seqs[row];
    if (kept === -1) this.#seqs[row] = seq;
    else if (kept !== seq) return;
    this.#cells[row * clients + client] = Math.max(receivedUs - intendedUs, 1);
  }

  /** @param acknowledgedUs see {@link FanOutReport.acknowledgedUs} */
  report(acknowledgedUs: Float64Array): FanOutReport {
    const { clients, sampling } = this.#options;
    const used = [...this.#seqs.keys()].filter((row) => this.#seqs[row] !== -1);
    const cells = new Uint32Array(used.length * clients);
    for (const [index, row] of used.entries()) {
      cells.set(this.#cells.subarray(row * clients, (row + 1) * clients), index * clients);
    }
    return {
      everyNth: sampling.everyNth,
      seqs: Float64Array.from(used, (row) => this.#seqs[row] ?? -1),
      cells,
      acknowledgedUs,
    };
  }
}

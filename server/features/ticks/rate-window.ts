/** Rates over the last second, from counters that are looked at a few times a second. */

/** Counters by name; they only grow. */
export type Counts = Readonly<Record<string, number>>;

const WINDOW_MS = 1_000;
const MS_PER_SECOND = 1_000;
/** Over less than this a rate says nothing. */
const LEAST_MS = 50;

interface Sample<Totals> {
  readonly atMs: number;
  readonly totals: Totals;
}

export class RateWindow<Totals extends Counts> {
  #samples: Sample<Totals>[] = [];

  /** Keeps this look, and no more than a second before it needs. */
  observe(nowMs: number, totals: Totals): void {
    this.#samples.push({ atMs: nowMs, totals });
    while ((this.#samples[1]?.atMs ?? nowMs) <= nowMs - WINDOW_MS) this.#samples.shift();
  }

  /** Nobody reads any more: what comes next has nothing to do with it. */
  clear(): void {
    this.#samples = [];
  }

  /** A second's growth of each counter, from about a second ago until now; zeros before there is anything to tell. */
  rates(nowMs: number, totals: Totals): { readonly [Name in keyof Totals]: number } {
    const [oldest] = this.#samples;
    const elapsedMs = oldest === undefined ? 0 : nowMs - oldest.atMs;
    const entries = Object.entries(totals).map(([name, total]) => {
      const grown = total - (oldest?.totals[name] ?? total);
      return [name, elapsedMs < LEAST_MS ? 0 : (grown * MS_PER_SECOND) / elapsedMs];
    });
    return Object.fromEntries(entries) as { readonly [Name in keyof Totals]: number };
  }
}

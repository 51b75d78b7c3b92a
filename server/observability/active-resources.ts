/** Counts what keeps the event loop alive, no more often than it is worth. */

/** Of all time that may go into counting: a count of 4 ms (11,000 sockets) is then good for 4 s. */
const MOST_TIME_RATIO = 0.001;

export interface ActiveResourcesOptions {
  /** Monotonic ms. */
  readonly nowMs?: () => number;
  /** A name for each resource. */
  readonly list?: () => readonly string[];
}

export class ActiveResources {
  readonly #nowMs: () => number;
  readonly #list: () => readonly string[];
  #counts: ReadonlyMap<string, number> = new Map();
  #validUntilMs = Number.NEGATIVE_INFINITY;

  constructor(options: ActiveResourcesOptions = {}) {
    this.#nowMs = options.nowMs ?? (() => performance.now());
    this.#list = options.list ?? (() => process.getActiveResourcesInfo());
  }

  /**
   * Node makes a list of one name for each socket and timer, so a count costs more the more there are; it is taken anew
   * once the last one has paid off. With 100 sockets that is at every scrape.
   */
  read(): ReadonlyMap<string, number> {
    const startedAtMs = this.#nowMs();
    if (startedAtMs < this.#validUntilMs) return this.#counts;
    const counts = new Map<string, number>();
    for (const type of this.#list()) counts.set(type, (counts.get(type) ?? 0) + 1);
    this.#counts = counts;
    const endedAtMs = this.#nowMs();
    this.#validUntilMs = endedAtMs + (endedAtMs - startedAtMs) / MOST_TIME_RATIO;
    return counts;
  }
}

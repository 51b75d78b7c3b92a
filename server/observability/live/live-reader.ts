/** One look at everything: this server's own figures, and those of the processes that runs name. */

import { type FamilySamples, readExposition } from './exposition.ts';
import { Interval, type Reading } from './interval.ts';
import type { LiveMoment, LiveSource } from './live-contract.ts';
import { LOAD_FAMILIES, liveRun, loadFigures } from './load-figures.ts';
import { MetricsClient } from './metrics-client.ts';
import { SERVER_FAMILIES, serverFigures } from './server-figures.ts';
import { findTargets, type LiveTarget } from './targets.ts';

const WANTED = { server: new Set<string>(SERVER_FAMILIES), load: new Set<string>(LOAD_FAMILIES) } as const;

export interface LiveReaderOptions {
  /** This server's families, without any text. */
  readonly readOwn: () => Promise<FamilySamples>;
  /** Address of this server's admin port. */
  readonly own: () => string;
  /** Folder of target files. */
  readonly targetsFolder: string;
  /** Monotonic ms. */
  readonly nowMs: () => number;
  readonly epochMs: () => number;
}

export class LiveReader {
  readonly #options: LiveReaderOptions;
  readonly #client = new MetricsClient();
  /** The last reading of each source, by address. */
  #previous: ReadonlyMap<string, Reading> = new Map();

  constructor(options: LiveReaderOptions) {
    this.#options = options;
  }

  /** Never fails because of a target: what cannot be read is said in the moment. */
  async read(): Promise<LiveMoment> {
    const { epochMs, targetsFolder } = this.#options;
    const own = this.#options.own();
    const readings = new Map<string, Reading>();
    const [ownSource, found] = await Promise.all([
      this.#readOwn(own, readings),
      findTargets(targetsFolder, own),
    ]);
    const others = await Promise.all(found.targets.map((target) => this.#readTarget(target, readings)));
    this.#previous = readings;
    return { atMs: epochMs(), own, sources: [ownSource, ...others], problems: found.problems };
  }

  /** Forgets earlier readings and ends connections: what comes next begins anew. */
  rest(): void {
    this.#previous = new Map();
    this.#client.close();
  }

  async #readOwn(address: string, readings: Map<string, Reading>): Promise<LiveSource> {
    const families = await this.#options.readOwn();
    const interval = this.#remember(address, families, readings);
    return { kind: 'server', address, figures: serverFigures(interval) };
  }

  async #readTarget({ kind, address }: LiveTarget, readings: Map<string, Reading>): Promise<LiveSource> {
    try {
      const families = readExposition(await this.#client.fetch(address), WANTED[kind]);
      const interval = this.#remember(address, families, readings);
      if (kind === 'server') return { kind, address, figures: serverFigures(interval) };
      const run = liveRun(interval);
      return { kind, address, figures: loadFigures(interval), ...(run === undefined ? {} : { run }) };
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      return { kind, address, figures: {}, problem };
    }
  }

  #remember(address: string, families: FamilySamples, readings: Map<string, Reading>): Interval {
    const reading = { families, atMs: this.#options.nowMs() };
    readings.set(address, reading);
    return new Interval(reading, this.#previous.get(address) ?? null);
  }
}

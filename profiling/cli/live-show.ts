/** Shows a run while it lasts: the profiler's /metrics, the list of what to scrape, the push to a remote Prometheus. */

import { hostname } from 'node:os';
import { renderFamilies } from '../live/exposition.ts';
import { LiveFamilies } from '../live/live-families.ts';
import { LoadFigures, type VERDICTS } from '../live/load-figures.ts';
import { type MetricsEndpoint, openMetricsEndpoint } from '../live/metrics-endpoint.ts';
import { type PushSource, RemoteWriter, samplesOf } from '../live/remote-writer.ts';
import { ScrapeWatch } from '../live/scrape-watch.ts';
import { readScraped } from '../live/scraped-source.ts';
import { type Load, WatchedLoad } from '../live/watched-load.ts';
import { instanceOf, ScrapeTargets } from '../run/scrape-targets.ts';
import type { ScenarioProgress } from '../scenarios/scenario.ts';
import { isLoopbackHost } from './loopback.ts';
import type { LiveOptions } from './run-options.ts';

/** How long the end of a run may wait for one more scrape. */
const MOST_LINGER_MS = 2_000;

export interface LiveShowOptions extends LiveOptions {
  readonly run: string;
  readonly scenario: string;
  readonly version: string;
  /** `.touchline/targets`. */
  readonly targetsFolder: string;
  /** Takes a sentence for whoever runs it. */
  readonly note: (sentence: string) => void;
}

/** From before the first load until the verdict was seen. */
export class LiveShow {
  readonly #figures = new LoadFigures();
  readonly #watch = new ScrapeWatch();
  readonly #families = new LiveFamilies(this.#figures);
  readonly #options: LiveShowOptions;
  /** Addresses of the metrics of servers that run. */
  readonly #servers = new Set<string>();
  #endpoint: MetricsEndpoint | undefined;
  #targets: ScrapeTargets | undefined;
  #writer: RemoteWriter | undefined;
  #isWarmUp = false;

  private constructor(options: LiveShowOptions) {
    this.#options = options;
  }

  /** @throws TouchlineError `TL_USAGE` when `--live-host` is none of this machine's addresses */
  static async open(options: LiveShowOptions): Promise<LiveShow> {
    const show = new LiveShow(options);
    if (options.isOn) await show.#openEndpoint();
    if (options.remoteWrite !== undefined) show.#startWriter(options.remoteWrite);
    return show;
  }

  /** The generator, so that what it does is seen. */
  watch(load: Load): Load {
    return new WatchedLoad(load, this.#figures, () => {
      const isWarmUp = this.#isWarmUp;
      // Each is announced anew; what is measured next may announce itself only once it runs.
      this.#isWarmUp = false;
      return isWarmUp;
    });
  }

  /** Where the scenario stands. */
  report({ phase, remainingMs }: ScenarioProgress): void {
    this.#isWarmUp = phase === 'warm-server';
    this.#figures.remainingMs = remainingMs;
  }

  /** The server that is measured; null where it shows no metrics. */
  async drives(metricsUrl: string | null): Promise<void> {
    const { run, scenario, version } = this.#options;
    const server = metricsUrl === null ? '' : instanceOf(metricsUrl);
    this.#families.info = { run, scenario, version, server };
    if (metricsUrl !== null) await this.serverRuns(metricsUrl);
  }

  /** @returns to be called when that server ends */
  async serverRuns(metricsUrl: string): Promise<() => Promise<void>> {
    this.#servers.add(metricsUrl);
    const withdraw = await this.#targets?.add({ job: 'touchline-run-server', metricsUrl });
    return async () => {
      this.#servers.delete(metricsUrl);
      await withdraw?.();
    };
  }

  /** The run is judged. Resolves when whoever scrapes has seen it, at once where nobody does. */
  async judged(verdict: (typeof VERDICTS)[number]): Promise<void> {
    this.#figures.remainingMs = 0;
    this.#figures.verdict = verdict;
    await Promise.all([this.#watch.linger(MOST_LINGER_MS), this.#writer?.push()]);
  }

  /** Takes everything down again; never throws. */
  async close(): Promise<void> {
    await this.#targets?.withdraw();
    await this.#writer?.close();
    await this.#endpoint?.close();
  }

  async #openEndpoint(): Promise<void> {
    const { host, note, targetsFolder, run } = this.#options;
    const endpoint = await openMetricsEndpoint({
      host,
      scrape: (accept) => renderFamilies(this.#families.read(), accept),
      watch: this.#watch,
    });
    this.#endpoint = endpoint;
    const metricsUrl = `http://${endpoint.instance}/metrics`;
    note(`live: ${metricsUrl}`);
    if (!isLoopbackHost(host)) {
      note(
        `live: bound to ${host}, which is not loopback: whoever reaches this machine can read the figures of this run and its server's`,
      );
    }
    this.#targets = new ScrapeTargets(targetsFolder, run);
    await this.#targets.add({ job: 'touchline-profiler', metricsUrl });
  }

  #startWriter(url: string): void {
    this.#writer = new RemoteWriter({ url, sources: () => this.#sources(), warn: this.#options.note });
    this.#writer.start();
  }

  #sources(): readonly PushSource[] {
    const own: PushSource = {
      labels: { job: 'touchline-profiler', instance: this.#endpoint?.instance ?? hostname() },
      read: async () => samplesOf(this.#families.read()),
    };
    const servers = [...this.#servers].map(
      (metricsUrl): PushSource => ({
        labels: { job: 'touchline-run-server', instance: instanceOf(metricsUrl) },
        read: () => readScraped(metricsUrl),
      }),
    );
    return [own, ...servers];
  }
}

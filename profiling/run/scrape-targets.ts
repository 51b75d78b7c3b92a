/** Tells Prometheus, while a run lasts, where the profiler and the servers it drives can be scraped (file_sd). */

import { rmSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Names of the jobs that the alerts know: a server that a run started ends with the run, and nobody is to be woken by that. */
export type ScrapeJob = 'touchline-run-server' | 'touchline-profiler';

/** One process to scrape. No label names the run: that would make new series of every run. */
export interface ScrapeTarget {
  readonly job: ScrapeJob;
  /** Full address of the metrics. */
  readonly metricsUrl: string;
}

/** In every Prometheus that shows touchline: a server there needs no file. */
const KNOWN_BY_HEART = '127.0.0.1:9464';

/** The `instance` label that a scrape of this address gets. */
export function instanceOf(metricsUrl: string): string {
  const { hostname, port, protocol } = new URL(metricsUrl);
  // Prometheus names the port even where it is the usual one.
  const host = `${hostname}:${port === '' ? (protocol === 'https:' ? 443 : 80) : port}`;
  return host === 'localhost:9464' || host === '[::1]:9464' ? KNOWN_BY_HEART : host;
}

/**
 * The file of one run, `<run id>.<pid>.json`. It lists what runs now, and is gone at the end however that comes.
 * Nothing here ever throws: live dashboards are a convenience of the run.
 *
 * @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#file_sd_config
 */
export class ScrapeTargets {
  readonly #folder: string;
  readonly #file: string;
  readonly #targets = new Set<ScrapeTarget>();
  readonly #removeWithUs: () => void;
  #written: Promise<void>;
  #isWithdrawn = false;

  /**
   * Removes what killed runs left behind.
   *
   * @param folder `.touchline/targets`
   */
  constructor(folder: string, runId: string) {
    this.#folder = folder;
    this.#file = join(folder, `${runId}.${process.pid}.json`);
    this.#removeWithUs = () => {
      try {
        rmSync(this.#file, { force: true });
      } catch {
        // The next run removes it.
      }
    };
    process.once('exit', this.#removeWithUs);
    this.#written = removeLeftovers(folder).catch(() => undefined);
  }

  /** @returns takes it off the list again */
  async add(target: ScrapeTarget): Promise<() => Promise<void>> {
    if (instanceOf(target.metricsUrl) === KNOWN_BY_HEART) return async () => undefined;
    this.#targets.add(target);
    await this.#write();
    return async () => {
      if (this.#targets.delete(target)) await this.#write();
    };
  }

  /** Removes the file. */
  async withdraw(): Promise<void> {
    this.#isWithdrawn = true;
    await this.#written;
    process.off('exit', this.#removeWithUs);
    this.#removeWithUs();
  }

  /** One after the other, so that the last list wins. */
  #write(): Promise<void> {
    this.#written = this.#written.then(() => this.#writeNow()).catch(() => undefined);
    return this.#written;
  }

  async #writeNow(): Promise<void> {
    if (this.#isWithdrawn) return;
    const groups = [...this.#targets].map(targetGroup);
    // Not an ending that Prometheus looks for: it must never read half a file.
    const unfinished = `${this.#file}.unfinished`;
    await mkdir(this.#folder, { recursive: true });
    await writeFile(unfinished, `${JSON.stringify(groups, null, 2)}\n`);
    await rename(unfinished, this.#file);
  }
}

function targetGroup({ job, metricsUrl }: ScrapeTarget) {
  const { protocol, pathname } = new URL(metricsUrl);
  const unusual = {
    ...(protocol === 'http:' ? {} : { __scheme__: protocol.slice(0, -1) }),
    ...(pathname === '/metrics' ? {} : { __metrics_path__: pathname }),
  };
  return { targets: [instanceOf(metricsUrl)], labels: { job, ...unusual } };
}

/** A file cannot be left half written by the living: what is unfinished belongs to the dead, too. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = /\.(\d+)\.json(\.unfinished)?$/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) await rm(join(folder, name), { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

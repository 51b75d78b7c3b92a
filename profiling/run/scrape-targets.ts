/** Tells Prometheus, while a run lasts, where the server it spawned can be scraped (file_sd). */

import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface ScrapeTarget {
  /** `.touchline/targets`. */
  readonly folder: string;
  readonly runId: string;
  readonly scenario: string;
  /** Full address of the metrics. */
  readonly metricsUrl: string;
}

/**
 * Writes `<run id>.json`.
 *
 * @returns takes it away again; neither ever throws: live dashboards are a convenience of the run
 * @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#file_sd_config
 */
export async function advertiseTarget(target: ScrapeTarget): Promise<() => Promise<void>> {
  const file = join(target.folder, `${target.runId}.json`);
  const { host } = new URL(target.metricsUrl);
  const labels = { job: 'touchline-server', scenario: target.scenario, run: target.runId };
  try {
    await mkdir(target.folder, { recursive: true });
    await writeFile(file, `${JSON.stringify([{ targets: [host], labels }], null, 2)}\n`);
  } catch {
    // A read-only checkout: the run goes on without.
  }
  return () => rm(file, { force: true }).catch(() => undefined);
}

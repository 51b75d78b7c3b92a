/** Tells Prometheus, while a run lasts, where the server it spawned can be scraped (file_sd). */

import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
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
 * Writes `<run id>.<pid>.json`, and removes what killed runs left behind.
 *
 * @returns takes it away again; neither ever throws: live dashboards are a convenience of the run
 * @see https://prometheus.io/docs/prometheus/latest/configuration/configuration/#file_sd_config
 */
export async function advertiseTarget(target: ScrapeTarget): Promise<() => Promise<void>> {
  const file = join(target.folder, `${target.runId}.${process.pid}.json`);
  const { host } = new URL(target.metricsUrl);
  const labels = { job: 'touchline-server', scenario: target.scenario, run: target.runId };
  try {
    await mkdir(target.folder, { recursive: true });
    await removeLeftovers(target.folder);
    await writeFile(file, `${JSON.stringify([{ targets: [host], labels }], null, 2)}\n`);
  } catch {
    // A read-only checkout: the run goes on without.
  }
  return () => rm(file, { force: true }).catch(() => undefined);
}

async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = /\.(\d+)\.json$/.exec(name)?.[1];
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

/** A real Prometheus that scrapes one target each second, on a free port and in a folder of its own. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** One series of an instant query. */
export interface QueriedSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

export class PrometheusProcess {
  readonly #child: ChildProcess;
  readonly #url: string;
  readonly #folder: string;

  private constructor(child: ChildProcess, url: string, folder: string) {
    this.#child = child;
    this.#url = url;
    this.#folder = folder;
  }

  /** @param target host and port of a /metrics */
  static async start(target: string): Promise<PrometheusProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'touchline-prometheus-'));
    await writeFile(join(folder, 'prometheus.yml'), configOf(target));
    const address = `127.0.0.1:${await freePort()}`;
    const child = spawn(
      'prometheus',
      [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=${address}`,
      ],
      { stdio: 'ignore' },
    );
    await once(child, 'spawn');
    return new PrometheusProcess(child, `http://${address}`, folder);
  }

  /** Asks again until the answer is as wanted; the test's own timeout ends it. */
  async queryUntil(
    expression: string,
    isWanted: (series: readonly QueriedSeries[]) => boolean,
  ): Promise<readonly QueriedSeries[]> {
    for (;;) {
      const series = await this.#query(expression);
      if (series !== null && isWanted(series)) return series;
      await pause(200);
    }
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null) {
      const exited = once(this.#child, 'exit');
      this.#child.kill('SIGTERM');
      await exited;
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** @returns null while it does not answer yet */
  async #query(expression: string): Promise<readonly QueriedSeries[] | null> {
    if (this.#child.exitCode !== null) throw new Error(`prometheus exited with ${this.#child.exitCode}`);
    try {
      const response = await fetch(`${this.#url}/api/v1/query?query=${encodeURIComponent(expression)}`);
      if (!response.ok) return null;
      return ((await response.json()) as { data: { result: readonly QueriedSeries[] } }).data.result;
    } catch {
      return null;
    }
  }
}

function configOf(target: string): string {
  return `global: { scrape_interval: 1s }
scrape_configs:
  - { job_name: foreign, static_configs: [{ targets: ['${target}'] }] }
`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

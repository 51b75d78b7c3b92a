/** A real Prometheus on a free port, with its data in a temporary folder. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export interface FoundSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

export class PrometheusProcess {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(child: ChildProcess, folder: string, url: string) {
    this.#child = child;
    this.#folder = folder;
    this.url = url;
  }

  /**
   * @param config prometheus.yml
   * @throws Error with its log when it ends before it is ready
   */
  static async start(config: string): Promise<PrometheusProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'touchline-prometheus-'));
    await writeFile(join(folder, 'prometheus.yml'), config);
    const child = spawn(
      'prometheus',
      [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        '--web.listen-address=127.0.0.1:0',
        '--web.enable-remote-write-receiver',
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    return new PrometheusProcess(child, folder, await addressOf(child));
  }

  /** An instant query. @param atSeconds epoch seconds; now where it is not given */
  async query(promql: string, atSeconds = Date.now() / 1_000): Promise<readonly FoundSeries[]> {
    const parameters = new URLSearchParams({ query: promql, time: String(atSeconds) });
    const answer = await fetch(`${this.url}/api/v1/query?${parameters}`);
    const { status, data, error } = (await answer.json()) as QueryAnswer;
    if (status !== 'success' || data === undefined) throw new Error(`${promql}: ${error}`);
    return data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
  }

  /** Asks again until the answer is as wanted; the test's own timeout ends it. */
  async queryUntil(
    promql: string,
    isWanted: (found: readonly FoundSeries[]) => boolean,
  ): Promise<readonly FoundSeries[]> {
    for (;;) {
      const found = await this.query(promql);
      if (isWanted(found)) return found;
      await pause(200);
    }
  }

  /** The values of all series of a query over a stretch of time, second by second, NaN and ±Inf left out. */
  async queryRange(promql: string, { fromSeconds, toSeconds }: Stretch): Promise<readonly number[]> {
    const parameters = new URLSearchParams({
      query: promql,
      start: String(fromSeconds),
      end: String(toSeconds),
      step: '1',
    });
    const answer = await fetch(`${this.url}/api/v1/query_range?${parameters}`);
    const { status, data, error } = (await answer.json()) as RangeAnswer;
    if (status !== 'success' || data === undefined) throw new Error(`${promql}: ${error}`);
    return data.result
      .flatMap(({ values }) => values.map(([, value]) => Number(value)))
      .filter(Number.isFinite);
  }

  /** Ends it and removes its data. */
  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const exited = once(this.#child, 'exit');
      this.#child.kill('SIGTERM');
      await exited;
    }
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Epoch seconds. */
export interface Stretch {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

interface RangeAnswer {
  readonly status: string;
  readonly error?: string;
  readonly data?: { readonly result: readonly { readonly values: readonly (readonly [number, string])[] }[] };
}

interface QueryAnswer {
  readonly status: string;
  readonly error?: string;
  readonly data?: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly value: readonly [number, string];
    }[];
  };
}

/** Where it listens, once it says that it is ready. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let log = '';
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`prometheus ended with ${code}:\n${log}`)));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      const address = /msg="Listening on" address=(\S+)/.exec(log)?.[1];
      if (address !== undefined && log.includes('Server is ready')) resolve(`http://${address}`);
    });
  });
}

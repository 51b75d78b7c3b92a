/** The compiled server as a process of its own, on free ports, asked over its admin port. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ClassCounts } from '../observability/class-counts.ts';
import type { Lifecycle } from '../observability/lifecycle.ts';
import type { ServerListening } from '../protocol/process-messages.ts';

const MAIN = fileURLToPath(new URL('../../dist/server/main.js', import.meta.url));
const ADMIN_TOKEN = 'e2e-admin-token';

/** Series of a scrape by their text (`touchline_fault_injections_total{fault="stall"}`). */
export type ReadMetric = (series: string) => number;

export class ServerProcess {
  readonly urls: ServerListening;
  readonly #child: ChildProcess;
  #stderr = '';

  private constructor(child: ChildProcess, urls: ServerListening) {
    this.#child = child;
    this.urls = urls;
    child.stderr?.on('data', (chunk) => {
      this.#stderr += String(chunk);
    });
  }

  /** @param env settings beside the ports and the token; nothing is inherited */
  static async start(env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
    const child = fork(MAIN, [], {
      execArgv: ['--expose-gc'],
      env: { PORT: '0', ADMIN_PORT: '0', ADMIN_TOKEN, LOG_LEVEL: 'silent', ...env },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const exited = once(child, 'exit').then(([code]) => {
      throw new Error(`expected the server to listen; it exited with ${code}`);
    });
    exited.catch(() => {});
    const [urls] = (await Promise.race([once(child, 'message'), exited])) as [ServerListening];
    return new ServerProcess(child, urls);
  }

  /** What it wrote to stderr so far. */
  get stderr(): string {
    return this.#stderr;
  }

  lifecycle(): Promise<Lifecycle> {
    return this.#ask('GET', '/debug/lifecycle');
  }

  /** Live instances by class, after a forced collection. */
  async classCounts(): Promise<ClassCounts['counts']> {
    await this.collect();
    return (await this.#ask<ClassCounts>('POST', '/debug/class-counts')).counts;
  }

  /** Forces a collection. @returns memory after it */
  async collect(): Promise<{ readonly arrayBuffersBytes: number }> {
    const { after } = await this.#ask<{ after: { arrayBuffersBytes: number } }>('POST', '/debug/gc');
    return after;
  }

  async scrape(): Promise<ReadMetric> {
    const text = await (await this.#fetch('GET', '/metrics')).text();
    const values = new Map(
      [...text.matchAll(/^([a-z]\S*) (\S+)$/gm)].map(([, series = '', value]) => [series, Number(value)]),
    );
    return (series) => values.get(series) ?? Number.NaN;
  }

  /** How often a fault did its harm. */
  async injections(fault: string): Promise<number> {
    return (await this.scrape())(`touchline_fault_injections_total{fault="${fault}"}`);
  }

  /** Publishes one item, on a connection of its own. */
  async publish(matchId: number, text: string): Promise<void> {
    const response = await fetch(`${this.urls.httpUrl}/matches/${matchId}/commentary`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', connection: 'close' },
      body: JSON.stringify({ minute: 1, text }),
    });
    await response.arrayBuffer();
    if (response.status !== 201) throw new Error(`expected 201; received ${response.status}`);
  }

  /** Ends it in order. @returns the exit code */
  async stop(): Promise<number | null> {
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const [code] = (await exited) as [number | null];
    return code;
  }

  /** Cuts it, when a test did not get as far as {@link stop}. */
  kill(): void {
    if (this.#child.exitCode === null) this.#child.kill('SIGKILL');
  }

  async #ask<Body>(method: string, path: string): Promise<Body> {
    return (await (await this.#fetch(method, path)).json()) as Body;
  }

  /** Each question has a connection of its own, so that none stays open in the figures. */
  async #fetch(method: string, path: string): Promise<Response> {
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, connection: 'close' };
    const response = await fetch(`${this.urls.adminUrl}${path}`, { method, headers });
    if (response.status !== 200) throw new Error(`expected 200 from ${path}; received ${response.status}`);
    return response;
  }
}

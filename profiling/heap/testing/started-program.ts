/** A leaking program as a process of its own, with requests to it. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { join } from 'node:path';

/** A program that listens, and is ended by the test. */
export class StartedProgram {
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #snapshots: string[] = [];

  private constructor(child: ChildProcess, folder: string, port: number) {
    this.#child = child;
    this.#folder = folder;
    this.port = port;
  }

  /** @param script below profiling/heap/testing @param how its second word */
  static async start(script: string, folder: string, how: string): Promise<StartedProgram> {
    const child = fork(join('profiling/heap/testing', script), [folder, how], { silent: true, execArgv: [] });
    const [line] = await once(child.stdout ?? child, 'data');
    return new StartedProgram(child, folder, Number(String(line).trim()));
  }

  get snapshots(): readonly string[] {
    return this.#snapshots;
  }

  /** Heap profile written by `writeHeapProfile`. */
  get heapProfile(): string {
    return join(this.#folder, 'heap.heapprofile');
  }

  async takeSnapshot(): Promise<void> {
    const name = `s${this.#snapshots.length}`;
    await this.ask(`/snapshot/${name}`);
    this.#snapshots.push(join(this.#folder, `${name}.heapsnapshot`));
  }

  async writeHeapProfile(): Promise<void> {
    await this.ask('/heap-profile');
  }

  /** One request on a connection of its own. */
  async ask(path: string): Promise<void> {
    const asked = request({
      host: '127.0.0.1',
      port: this.port,
      path,
      agent: new Agent({ keepAlive: false }),
    });
    asked.end();
    const [response] = await once(asked, 'response');
    response.resume();
    await once(response, 'close');
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }
}

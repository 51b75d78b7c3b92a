/** The broadcast server as the bench sees it: a process of its own. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { TouchlineError } from '../../../../server/protocol/touchline-error.ts';
import type {
  ServerCommand,
  ServerEvent,
  ServerEventOf,
  StreamCommand,
  StreamTruth,
} from './server-messages.ts';

const SERVER_FILE = new URL('./broadcast-server-process.js', import.meta.url);

export class BenchServer {
  readonly wsUrl: string;
  readonly pid: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.wsUrl = `ws://127.0.0.1:${port}/ws`;
    this.pid = child.pid ?? 0;
    this.#child = child;
  }

  /** @throws TouchlineError `TL_SERVER_START_FAILED` when it does not come up */
  static async start(): Promise<BenchServer> {
    const child = fork(SERVER_FILE, [], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const { port } = await answerOf(child, 'listening');
    return new BenchServer(child, port);
  }

  /** @throws TouchlineError `TL_SERVER_START_FAILED` when fewer subscribe in time */
  async awaitMembers(count: number, timeoutMs: number): Promise<void> {
    const { count: came } = await this.#ask({ type: 'await-members', count, timeoutMs }, 'members');
    if (came < count) {
      throw new TouchlineError(
        'TL_SERVER_START_FAILED',
        `expected ${count} connections to subscribe within ${timeoutMs / 1_000} s; ${came} did`,
      );
    }
  }

  async stream(stream: Omit<StreamCommand, 'type'>): Promise<StreamTruth> {
    return (await this.#ask({ type: 'stream', ...stream }, 'streamed')).truth;
  }

  /** @returns how many members have read all that was sent before */
  async mark(timeoutMs: number): Promise<number> {
    return (await this.#ask({ type: 'mark', timeoutMs }, 'marked')).answered;
  }

  async end(): Promise<void> {
    await this.#ask({ type: 'end' }, 'ended');
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }

  async #ask<T extends ServerEvent['type']>(command: ServerCommand, answer: T): Promise<ServerEventOf<T>> {
    const event = answerOf(this.#child, answer);
    this.#child.send(command);
    return await event;
  }
}

async function answerOf<T extends ServerEvent['type']>(
  child: ChildProcess,
  type: T,
): Promise<ServerEventOf<T>> {
  return await new Promise((resolve, reject) => {
    const fail = (what: string): void =>
      reject(
        new TouchlineError('TL_SERVER_START_FAILED', `expected the broadcast server to say ${type}; ${what}`),
      );
    const ended = (code: number | null): void => fail(`it ended with ${code}`);
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      // The child is this package's own server, which sends nothing but ServerEvent.
      const event = message as ServerEvent;
      if (isOfType(event, type)) resolve(event);
      else fail(`it said ${event.type}`);
    });
  });
}

function isOfType<T extends ServerEvent['type']>(event: ServerEvent, type: T): event is ServerEventOf<T> {
  return event.type === type;
}

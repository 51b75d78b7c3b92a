/** The reference server as a process of its own: started on free ports, watched, drained, never left behind. */

import { readFile } from 'node:fs/promises';
import type { ServerListening } from '../../server/protocol/process-messages.ts';
import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import {
  forkServer,
  type ServerCommand,
  type ServerExit,
  type ServerLauncher,
  type StartedServer,
} from './server-launcher.ts';

export interface ServerProcessOptions extends ServerCommand {
  /** Options of Node itself, beside --expose-gc. */
  readonly nodeOptions: readonly string[];
  readonly startTimeoutMs: number;
  /** Undefined: it is forked. */
  readonly launcher?: ServerLauncher | undefined;
}

/** Lines of the log that an error message repeats. */
const LOG_TAIL_LINES = 20;

/** A running server; see {@link ServerProcess.start}. */
export class ServerProcess {
  readonly listening: ServerListening;
  /** Aborted when the process ended without being asked. */
  readonly died: AbortSignal;
  private readonly started: StartedServer;
  private stopping = false;
  private running = true;

  private constructor(started: StartedServer, listening: ServerListening) {
    this.started = started;
    this.listening = listening;
    const death = new AbortController();
    this.died = death.signal;
    void started.exited.then(() => {
      this.running = false;
      if (!this.stopping) death.abort();
    });
  }

  /**
   * Starts the server and waits until it listens.
   *
   * @throws TouchlineError `TL_SERVER_START_FAILED`, under a tool `TL_TOOL_FAILED`, with the last lines of its log
   */
  static async start(options: ServerProcessOptions): Promise<ServerProcess> {
    const { launcher, startTimeoutMs, ...command } = options;
    const whole = { ...command, nodeOptions: ['--expose-gc', ...command.nodeOptions] };
    const started = launcher === undefined ? forkServer(whole) : await launcher.launch(whole);
    const killWithUs = () => started.kill();
    process.once('exit', killWithUs);
    void started.exited.then(() => process.off('exit', killWithUs));
    const first = await firstOf(started, startTimeoutMs);
    if (first.kind === 'listening') return new ServerProcess(started, first.listening);
    started.kill();
    await started.exited;
    throw new TouchlineError(
      launcher === undefined ? 'TL_SERVER_START_FAILED' : 'TL_TOOL_FAILED',
      `expected the reference server to listen${launcher === undefined ? '' : ` under ${launcher.title}`}; ${first.reason}. Its last words:\n${await lastLines(options.logFile)}`,
    );
  }

  get pid(): number {
    return this.listening.pid;
  }

  get isRunning(): boolean {
    return this.running;
  }

  /**
   * Drains the server and waits for its end; kills it when the deadline passes.
   *
   * @param deadlineMs should be longer than the server's own drain deadline
   */
  async stop(deadlineMs: number): Promise<ServerExit> {
    this.stopping = true;
    if (this.running) this.started.drain();
    const timer = setTimeout(() => this.started.kill(), deadlineMs);
    try {
      return await this.started.exited;
    } finally {
      clearTimeout(timer);
    }
  }
}

type FirstWord =
  | { readonly kind: 'listening'; readonly listening: ServerListening }
  | { readonly kind: 'failed'; readonly reason: string };

function firstOf({ listening, exited }: StartedServer, timeoutMs: number): Promise<FirstWord> {
  return new Promise((resolve) => {
    const timer = setTimeout(
      () => resolve({ kind: 'failed', reason: `nothing came within ${timeoutMs} ms` }),
      timeoutMs,
    );
    const settle = (word: FirstWord) => {
      clearTimeout(timer);
      resolve(word);
    };
    void listening.then((message) => settle({ kind: 'listening', listening: message }));
    void exited.then(({ code, signal }) =>
      settle({ kind: 'failed', reason: `it ended with ${signal ?? `exit code ${code}`}` }),
    );
  });
}

/** @returns the end of a log, indented; empty where there is none */
export async function lastLines(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const lines = text.trimEnd().split('\n').slice(-LOG_TAIL_LINES);
  return lines.map((line) => `  ${line}`).join('\n');
}

/** The reference server as a child process: started on free ports, watched, drained, never left behind. */

import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ServerListening } from '../../server/protocol/process-messages.ts';
import { TouchlineError } from '../../server/protocol/touchline-error.ts';

export interface ServerProcessOptions {
  /** Compiled `server/main.js`. */
  readonly entryFile: string;
  /** The whole environment of the server: nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  /** Options of Node itself, beside --expose-gc. */
  readonly nodeOptions: readonly string[];
  /** Takes the server's stdout and stderr. */
  readonly logFile: string;
  readonly startTimeoutMs: number;
}

export interface ServerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Lines of the log that an error message repeats. */
const LOG_TAIL_LINES = 20;

/** A running server; see {@link ServerProcess.start}. */
export class ServerProcess {
  readonly listening: ServerListening;
  /** Aborted when the process ended without being asked. */
  readonly died: AbortSignal;
  private readonly child: ChildProcess;
  private readonly exited: Promise<ServerExit>;
  private stopping = false;

  private constructor(child: ChildProcess, listening: ServerListening, exited: Promise<ServerExit>) {
    this.child = child;
    this.listening = listening;
    this.exited = exited;
    const death = new AbortController();
    this.died = death.signal;
    void exited.then(() => {
      if (!this.stopping) death.abort();
    });
  }

  /**
   * Starts the server and waits until it listens.
   *
   * @throws TouchlineError `TL_SERVER_START_FAILED` with the last lines of its log
   */
  static async start(options: ServerProcessOptions): Promise<ServerProcess> {
    const child = forkServer(options);
    const killWithUs = () => child.kill('SIGKILL');
    process.once('exit', killWithUs);
    const exited = new Promise<ServerExit>((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }));
      child.once('error', () => resolve({ code: null, signal: null }));
    });
    void exited.then(() => process.off('exit', killWithUs));
    const first = await firstOf(child, exited, options.startTimeoutMs);
    if (first.kind === 'listening') return new ServerProcess(child, first.listening, exited);
    child.kill('SIGKILL');
    await exited;
    throw new TouchlineError(
      'TL_SERVER_START_FAILED',
      `expected the reference server to listen; ${first.reason}. Its last words:\n${await lastLines(options.logFile)}`,
    );
  }

  get pid(): number {
    return this.listening.pid;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /**
   * Drains the server by SIGTERM and waits for its end; kills it when the deadline passes.
   *
   * @param deadlineMs should be longer than the server's own drain deadline
   */
  async stop(deadlineMs: number): Promise<ServerExit> {
    this.stopping = true;
    if (this.isRunning) this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), deadlineMs);
    try {
      return await this.exited;
    } finally {
      clearTimeout(timer);
    }
  }
}

function forkServer(options: ServerProcessOptions): ChildProcess {
  const log = openSync(options.logFile, 'a');
  try {
    return fork(options.entryFile, [], {
      execArgv: ['--expose-gc', ...options.nodeOptions],
      env: { ...options.environment },
      stdio: ['ignore', log, log, 'ipc'],
      // A group of its own: Ctrl-C on the terminal is for the profiler, which then drains the server.
      detached: true,
    });
  } finally {
    closeSync(log);
  }
}

type FirstWord =
  | { readonly kind: 'listening'; readonly listening: ServerListening }
  | { readonly kind: 'failed'; readonly reason: string };

function firstOf(child: ChildProcess, exited: Promise<ServerExit>, timeoutMs: number): Promise<FirstWord> {
  return new Promise((resolve) => {
    const timer = setTimeout(
      () => resolve({ kind: 'failed', reason: `nothing came within ${timeoutMs} ms` }),
      timeoutMs,
    );
    const settle = (word: FirstWord) => {
      clearTimeout(timer);
      resolve(word);
    };
    child.on('message', (message: unknown) => {
      if (isListening(message)) settle({ kind: 'listening', listening: message });
    });
    void exited.then(({ code, signal }) =>
      settle({ kind: 'failed', reason: `it ended with ${signal ?? `exit code ${code}`}` }),
    );
  });
}

function isListening(message: unknown): message is ServerListening {
  if (typeof message !== 'object' || message === null) return false;
  const { type, pid, wsUrl, httpUrl, adminUrl } = message as Partial<Record<string, unknown>>;
  return (
    type === 'listening' &&
    typeof pid === 'number' &&
    [wsUrl, httpUrl, adminUrl].every((address) => typeof address === 'string')
  );
}

async function lastLines(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const lines = text.trimEnd().split('\n').slice(-LOG_TAIL_LINES);
  return lines.map((line) => `  ${line}`).join('\n');
}

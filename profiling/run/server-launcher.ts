/** How the server's process comes to be: forked by the profiler, or started by a tool that looks into it. */

import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { ServerListening } from '../../server/protocol/process-messages.ts';

/** What is to be run. */
export interface ServerCommand {
  /** Compiled `server/main.js`. */
  readonly entryFile: string;
  /** Options of Node itself, all of them. */
  readonly nodeOptions: readonly string[];
  /** The whole environment of the server: nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  /** Takes stdout and stderr. */
  readonly logFile: string;
}

export interface ServerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A server's process that was started and may not listen yet. */
export interface StartedServer {
  /** What it says as it listens; pending for as long as it says nothing. */
  readonly listening: Promise<ServerListening>;
  /** Its end, however it came. */
  readonly exited: Promise<ServerExit>;
  /** Asks it to end in order. */
  drain(): void;
  /** Ends it at once, and whatever was started to run it. */
  kill(): void;
}

/** Starts the server in another way than by forking it. */
export interface ServerLauncher {
  /** What it runs under, for sentences: `clinic doctor`. */
  readonly title: string;
  readonly startTimeoutMs: number;
  /** Longest that it may take to end in order. */
  readonly stopDeadlineMs: number;
  launch(command: ServerCommand): Promise<StartedServer>;
}

/** The server as a child of the profiler: it tells over their channel where it listens. */
export function forkServer({ entryFile, nodeOptions, environment, logFile }: ServerCommand): StartedServer {
  const log = openSync(logFile, 'a');
  try {
    const child = fork(entryFile, [], {
      execArgv: [...nodeOptions],
      env: { ...environment },
      stdio: ['ignore', log, log, 'ipc'],
      // A group of its own: Ctrl-C on the terminal is for the profiler, which then drains the server.
      detached: true,
    });
    return {
      listening: new Promise((resolve) => {
        child.on('message', (message: unknown) => {
          if (isListening(message)) resolve(message);
        });
      }),
      exited: exitOf(child),
      drain: () => child.kill('SIGTERM'),
      kill: () => child.kill('SIGKILL'),
    };
  } finally {
    closeSync(log);
  }
}

/** @returns the end of a process; without code and signal where it could not be started */
export function exitOf(child: ChildProcess): Promise<ServerExit> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: null, signal: null }));
  });
}

/** Whether a message is the server's first word. */
export function isListening(message: unknown): message is ServerListening {
  if (typeof message !== 'object' || message === null) return false;
  const { type, pid, wsUrl, httpUrl, adminUrl } = message as Partial<Record<string, unknown>>;
  return (
    type === 'listening' &&
    typeof pid === 'number' &&
    [wsUrl, httpUrl, adminUrl].every((address) => typeof address === 'string')
  );
}

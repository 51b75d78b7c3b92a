/** The reference server, started for one test. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { ServerListening } from '../../server/protocol/process-messages.ts';
import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import type { Environment } from '../k6/lib/settings.ts';

export interface OwnServerOptions {
  /** Folder that holds `dist/`. */
  readonly projectFolder: string;
  readonly environment: Environment;
  /** `name[=value]`. */
  readonly faults: readonly string[];
}

export interface OwnServer {
  readonly listening: ServerListening;
  /** Aborted when it ends before {@link stop}; the reason is a sentence with its last lines. */
  readonly died: AbortSignal;
  stop(): Promise<void>;
}

/** The port where the committed prometheus.yml looks for the server of a run. */
const RUN_ADMIN_PORT = 9_469;
const KEPT_CHARACTERS = 8_192;
const LAST_LINES = 10;
const START_TIMEOUT_MS = 20_000;
/** Longer than the server's DRAIN_TIMEOUT_SECS. */
const STOP_DEADLINE_MS = 15_000;
/** What a process needs from its surroundings; settings of a server are not among them, for nobody would know of them. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TZ', 'NODE_ENV', 'SystemRoot', 'API_TOKEN'] as const;

/** @throws TouchlineError `TL_SERVER_START_FAILED` with its last lines; `TL_USAGE` where a fault is none */
export async function startOwnServer(options: OwnServerOptions): Promise<OwnServer> {
  const adminPort = await chooseAdminPort();
  try {
    return await start(options, adminPort);
  } catch (error) {
    // Another test was faster.
    if (adminPort === 0 || !String(error).includes('TL_PORT_UNAVAILABLE')) throw error;
    return start(options, 0);
  }
}

async function start(options: OwnServerOptions, adminPort: number): Promise<OwnServer> {
  const { projectFolder, environment, faults } = options;
  const inherited = INHERITED.flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const child = fork(join(projectFolder, 'dist', 'server', 'main.js'), [], {
    env: {
      ...Object.fromEntries(inherited),
      PORT: '0',
      ADMIN_PORT: String(adminPort),
      TOUCHLINE_FAULTS: faults.join(','),
    },
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Ctrl-C on the terminal is for us, who stop it when k6 has ended.
    detached: true,
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const log = lastLinesOf(child);
  const listening = await firstMessage(child);
  if (listening === undefined) {
    kill();
    process.off('exit', kill);
    throw startError(log());
  }
  const death = new AbortController();
  const die = (code: number | null, signal: NodeJS.Signals | null) =>
    death.abort(
      `expected the server to run to the end; it ended with ${signal ?? code}; its last words:\n${log()}`,
    );
  child.once('exit', die);
  return {
    listening,
    died: death.signal,
    stop: async () => {
      child.off('exit', die);
      await stop(child);
      process.off('exit', kill);
    },
  };
}

function lastLinesOf(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (more: string) => {
      text = (text + more).slice(-KEPT_CHARACTERS);
    });
  }
  return () => text.trimEnd().split('\n').slice(-LAST_LINES).join('\n');
}

async function firstMessage(child: ChildProcess): Promise<ServerListening | undefined> {
  const signal = AbortSignal.timeout(START_TIMEOUT_MS);
  const message = once(child, 'message', { signal }).then(([first]) => first as ServerListening);
  // `close` comes after its last words, `exit` may come before.
  const closed = once(child, 'close', { signal }).then(() => undefined);
  try {
    return await Promise.race([message, closed]);
  } catch {
    return undefined;
  } finally {
    message.catch(() => undefined);
    closed.catch(() => undefined);
  }
}

function startError(lastLines: string): TouchlineError {
  const fault = /TL_FAULT_INVALID TOUCHLINE_FAULTS: (.+)/.exec(lastLines);
  if (fault !== null) return new TouchlineError('TL_USAGE', `--fault: ${fault[1]}`);
  return new TouchlineError(
    'TL_SERVER_START_FAILED',
    `expected the server to listen within ${START_TIMEOUT_MS / 1_000} s; its last words:\n${lastLines}`,
  );
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
  child.kill('SIGTERM');
  await exited;
  clearTimeout(timer);
}

/** The known port, or any where another run has it. */
async function chooseAdminPort(): Promise<number> {
  const probe = createServer();
  try {
    probe.listen(RUN_ADMIN_PORT, '127.0.0.1');
    await once(probe, 'listening');
  } catch {
    return 0;
  }
  probe.close();
  await once(probe, 'close');
  return RUN_ADMIN_PORT;
}

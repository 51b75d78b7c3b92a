/** The servers the bench holds side by side, started the same way and asked the same things. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export type BenchServerKind = 'bare ws' | 'touchline' | 'bare uws' | 'touchline uws';

const ENTRIES: Record<BenchServerKind, string> = {
  'bare ws': './bare-ws-server.js',
  touchline: '../../server/main.js',
  'bare uws': './bare-uws-server.js',
  'touchline uws': '../../server/main.js',
};
const ADMIN_TOKEN = 'bench';

export interface BenchServer {
  readonly kind: BenchServerKind;
  readonly pid: number;
  readonly wsUrl: string;
  readonly httpUrl: string;
  /** Forces a full garbage collection. */
  collect(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one of them on a free port, with garbage collection exposed and room for 10,000 connections. */
export async function startBenchServer(kind: BenchServerKind): Promise<BenchServer> {
  const child = fork(fileURLToPath(new URL(ENTRIES[kind], import.meta.url)), [], {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      ...process.env,
      PORT: '0',
      ADMIN_PORT: '0',
      ADMIN_TOKEN,
      MAX_CONNECTIONS: '15000',
      ENGINE: kind.endsWith('uws') ? 'uws' : 'ws',
    },
  });
  const [listening] = (await once(child, 'message')) as [
    { pid: number; wsUrl: string; httpUrl: string; adminUrl?: string },
  ];
  return {
    kind,
    pid: listening.pid,
    wsUrl: listening.wsUrl,
    httpUrl: listening.httpUrl,
    collect: () =>
      listening.adminUrl === undefined ? collectOverIpc(child) : collectOverHttp(listening.adminUrl),
    stop: () => stop(child),
  };
}

async function collectOverIpc(child: ChildProcess): Promise<void> {
  child.send('collect');
  await once(child, 'message');
}

async function collectOverHttp(adminUrl: string): Promise<void> {
  const answer = await fetch(`${adminUrl}/debug/gc`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
  });
  if (!answer.ok) throw new Error(`expected /debug/gc to collect; received ${answer.status}`);
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

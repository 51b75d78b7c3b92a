/** The compiled server as a process of its own, for tests that must meet the real one. */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ServerListening } from '../../server/protocol/process-messages.ts';
import type { LoadTarget } from '../generator/load-plan.ts';

const SERVER = fileURLToPath(new URL('../../dist/server/main.js', import.meta.url));

export interface RealServer {
  readonly target: LoadTarget;
  /** Reads one sample of `/metrics`, such as `touchline_broadcasts_total`; 0 where there is none. */
  count(sample: string): Promise<number>;
  stop(): Promise<void>;
}

/** @param settings environment variables on top of free ports */
export async function startRealServer(settings: Readonly<Record<string, string>> = {}): Promise<RealServer> {
  const child = fork(SERVER, [], {
    env: { PATH: process.env['PATH'], PORT: '0', ADMIN_PORT: '0', ...settings },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [],
  });
  const [listening] = (await once(child, 'message')) as [ServerListening];
  return {
    target: { wsUrl: listening.wsUrl, httpUrl: listening.httpUrl },
    count: async (sample) => {
      const text = await (await fetch(`${listening.adminUrl}/metrics`)).text();
      const line = text.split('\n').find((candidate) => candidate.startsWith(`${sample} `));
      return Number(line?.split(' ')[1] ?? 0);
    },
    stop: async () => {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}

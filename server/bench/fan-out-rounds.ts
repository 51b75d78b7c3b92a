/** Rounds of broadcasts to many clients, and what the CPU time of one way is to that of another: for benches of this folder. */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';

const BROADCASTS = 100;
const TEXT = JSON.stringify({ type: 'commentary', text: 'x'.repeat(80) });

export interface BenchedServer {
  readonly wss: WebSocketServer;
  stop(): void;
}

/** A bare `ws` server of this process, with as many clients in a process of their own. */
export async function startServer(
  members: number,
  prepare: (server: { readonly wss: WebSocketServer }) => unknown = () => undefined,
): Promise<BenchedServer> {
  const http = createServer();
  const wss = new WebSocketServer({ server: http });
  prepare({ wss });
  await once(http.listen(0, '127.0.0.1'), 'listening');
  const address = http.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const file = fileURLToPath(new URL('./idle-clients.js', import.meta.url));
  const clients = fork(file, [String(port), String(members)]);
  await once(clients, 'message');
  return {
    wss,
    stop() {
      for (const socket of wss.clients) socket.terminate();
      http.close();
      clients.disconnect();
    },
  };
}

/** CPU of this process in µs for one round of broadcasts; every one is with the kernel when it ends. */
export async function cpuOfBroadcasts({ wss }: BenchedServer): Promise<number> {
  const before = process.cpuUsage();
  for (let broadcast = 0; broadcast < BROADCASTS; broadcast += 1) {
    for (const socket of wss.clients) socket.send(TEXT);
    if (broadcast % 10 === 9) await nextTurn();
  }
  const { user, system } = process.cpuUsage(before);
  for (const socket of wss.clients) while (socket.bufferedAmount > 0) await nextTurn();
  return user + system;
}

/** Prints the median of ratios, one of each round. */
export function reportRatios(title: string, all: readonly number[]): void {
  const sorted = all.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.round((sorted.length - 1) * share)] ?? Number.NaN;
  // Of the median: ranks n/2 ± 0.98 √n hold it with 95 % confidence.
  const reach = 0.98 / Math.sqrt(all.length);
  const [low, high] = [at(Math.max(0, 0.5 - reach)), at(Math.min(1, 0.5 + reach))];
  console.log(
    `${title}: CPU a delivery × ${at(0.5).toFixed(3)} (95 % of the median ${low.toFixed(3)} to ${high.toFixed(3)}, ${all.length} rounds)`,
  );
}

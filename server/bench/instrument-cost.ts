/**
 * What `touchline/instrument` takes of a broadcast: three bare `ws` servers in one process, one of them instrumented, send
 * the same text to as many clients, turn by turn. CPU of the process is compared within each round, so that other work on
 * the machine bends it little; the third server is as bare as the first and shows how far two equals lie apart.
 * Entry file: `node dist/server/bench/instrument-cost.js [--rounds 60] [--members 100]`.
 */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { WebSocketServer } from 'ws';
import type { InstrumentableRegister } from '../instrument.ts';
import { instrument } from '../instrument.ts';

const BROADCASTS = 100;
const TEXT = JSON.stringify({ type: 'commentary', text: 'x'.repeat(80) });
const WARM_UP_ROUNDS = 15;

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '60' }, members: { type: 'string', default: '100' } },
});
const [rounds, members] = [Number(values.rounds), Number(values.members)];

/** Takes what it is given: nobody scrapes here. */
const register: InstrumentableRegister = {
  contentType: 'text/plain',
  getSingleMetric: () => undefined,
  registerMetric: () => undefined,
  removeSingleMetric: () => undefined,
};
const bare = await startServer();
const instrumented = await startServer(({ wss }) => instrument(wss, { register }));
const alsoBare = await startServer();
const order = [bare, instrumented, alsoBare];

const ratios: { readonly cost: number; readonly control: number }[] = [];
for (let round = 0; round < WARM_UP_ROUNDS + rounds; round += 1) {
  const cpu = new Map<BenchedServer, number>();
  // Each begins as often as the others, so that none has the warmer caches.
  for (let turn = 0; turn < order.length; turn += 1) {
    const server = order[(turn + round) % order.length] as BenchedServer;
    cpu.set(server, await cpuOfBroadcasts(server));
  }
  const of = (server: BenchedServer) => cpu.get(server) ?? Number.NaN;
  if (round >= WARM_UP_ROUNDS) {
    ratios.push({ cost: of(instrumented) / of(bare), control: of(alsoBare) / of(bare) });
  }
}
report(
  'instrumented ÷ bare',
  ratios.map(({ cost }) => cost),
);
report(
  'bare ÷ bare (control)',
  ratios.map(({ control }) => control),
);
for (const server of order) server.stop();

interface BenchedServer {
  readonly wss: WebSocketServer;
  stop(): void;
}

async function startServer(
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
async function cpuOfBroadcasts({ wss }: BenchedServer): Promise<number> {
  const before = process.cpuUsage();
  for (let broadcast = 0; broadcast < BROADCASTS; broadcast += 1) {
    for (const socket of wss.clients) socket.send(TEXT);
    if (broadcast % 10 === 9) await nextTurn();
  }
  const { user, system } = process.cpuUsage(before);
  for (const socket of wss.clients) while (socket.bufferedAmount > 0) await nextTurn();
  return user + system;
}

function report(title: string, all: readonly number[]): void {
  const sorted = all.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.round((sorted.length - 1) * share)] ?? Number.NaN;
  // Of the median: ranks n/2 ± 0.98 √n hold it with 95 % confidence.
  const reach = 0.98 / Math.sqrt(all.length);
  const [low, high] = [at(Math.max(0, 0.5 - reach)), at(Math.min(1, 0.5 + reach))];
  console.log(
    `${title}: CPU a delivery × ${at(0.5).toFixed(3)} (95 % of the median ${low.toFixed(3)} to ${high.toFixed(3)}, ${all.length} rounds)`,
  );
}

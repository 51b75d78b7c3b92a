/**
 * What one scrape takes of the event loop: the real server with so many idle connections in so many rooms, scraped one
 * after the other while nothing else happens. The loop's own busy time is read, so waiting for the disk does not count.
 * Entry file: `node --expose-gc dist/server/bench/scrape-cost.js [--connections 10000] [--rooms 5000] [--scrapes 50]`.
 */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { defaultSettings } from '../config.ts';
import { type Core, createCore } from '../core.ts';
import { closePublicPort, createPublicPort, listenPublicly } from '../public-port.ts';

/** What Prometheus asks for. */
const ACCEPT = 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5';
const BUDGET_MS = 15;
/** One process may have 20,000 descriptors, here as on most machines. */
const CONNECTIONS_A_CHILD = 10_000;
const BETWEEN_SCRAPES_MS = 20;
const WARM_UP_SCRAPES = 10;

const { values } = parseArgs({
  options: {
    connections: { type: 'string', default: '10000' },
    rooms: { type: 'string', default: '5000' },
    scrapes: { type: 'string', default: '50' },
  },
});
const [connections, rooms, scrapes] = [values.connections, values.rooms, values.scrapes].map(Number) as [
  number,
  number,
  number,
];

const settings = {
  ...defaultSettings(),
  PORT: 0,
  MAX_CONNECTIONS: connections,
  MAX_CONNECTIONS_PER_IP: connections,
  // The clients say nothing, not even a pong.
  HEARTBEAT_SECS: 3_600,
};
const config = { settings, tls: null, faults: [] };
const options = { adminToken: 'bench', onDefect: (error: unknown) => console.error(error) };
const core = createCore(config, options);
const publicPort = createPublicPort(config, core, options);
const port = await listenPublicly(publicPort, settings);
const children = await openConnections();
let dealt = 0;
for (const connection of core.hub.connections()) core.hub.subscribe(connection, `room-${dealt++ % rooms}`);

for (let round = 0; round < WARM_UP_SCRAPES; round += 1) await measureScrape(core);
globalThis.gc?.();
const costs: ScrapeCost[] = [];
for (let round = 0; round < scrapes; round += 1) {
  await pause(BETWEEN_SCRAPES_MS);
  costs.push(await measureScrape(core));
}
report(costs);

for (const { socket } of core.hub.connections()) socket.terminate();
for (const child of children) child.disconnect();
await closePublicPort(publicPort);
core.stop();

interface ScrapeCost {
  /** Busy time of the loop, waiting left out. */
  readonly loopMs: number;
  /** CPU of the whole process, its helper threads included. */
  readonly cpuMs: number;
  /** From asking until the text is there. */
  readonly wallMs: number;
  readonly bytes: number;
}

async function openConnections() {
  const file = fileURLToPath(new URL('./idle-clients.js', import.meta.url));
  const forked = [];
  for (let left = connections; left > 0; left -= CONNECTIONS_A_CHILD) {
    const child = fork(file, [String(port), String(Math.min(left, CONNECTIONS_A_CHILD))]);
    forked.push(child);
    await once(child, 'message');
  }
  return forked;
}

async function measureScrape({ metrics }: Core): Promise<ScrapeCost> {
  const before = { loop: performance.eventLoopUtilization(), cpu: process.cpuUsage(), at: performance.now() };
  const { body } = await metrics.scrape(ACCEPT);
  const cpu = process.cpuUsage(before.cpu);
  return {
    loopMs: performance.eventLoopUtilization(before.loop).active,
    cpuMs: (cpu.user + cpu.system) / 1000,
    wallMs: performance.now() - before.at,
    bytes: body.length,
  };
}

function report(measured: readonly ScrapeCost[]): void {
  const { connectionCount } = core.hub;
  console.log(`A scrape with ${connectionCount} connections in ${core.hub.roomTotals().count} rooms:`);
  for (const [title, pick, target] of [
    ['time of the loop', (cost: ScrapeCost) => cost.loopMs, ` (target < ${BUDGET_MS} ms)`],
    ['CPU of the process', (cost: ScrapeCost) => cost.cpuMs, ''],
    ['from asking to text', (cost: ScrapeCost) => cost.wallMs, ''],
  ] as const) {
    const sorted = measured.map(pick).toSorted((one, other) => one - other);
    const at = (share: number) => (sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN).toFixed(2);
    console.log(`  ${title.padEnd(20)} median ${at(0.5)} ms, p99 ${at(0.99)} ms${target}`);
  }
  console.log(`  ${measured[0]?.bytes ?? 0} bytes of text`);
}

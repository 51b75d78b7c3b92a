/**
 * The real server's `/ticks`, behind the contract: starts dist/server/main.js, waits until all readers are there, then sets
 * the rate. The server paces itself, so `--per-turn` has no meaning here. Entry file; see ../README.md.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ServerListening } from '../../../server/protocol/process-messages.ts';
import { endWithHarness } from '../contract/end-with-harness.ts';
import { announce } from '../contract/peer-announcement.ts';
import { parsePeerPlan } from '../contract/peer-plan.ts';

const SERVER = fileURLToPath(new URL('../../../server/main.js', import.meta.url));
/** The most that MAX_TICK_RATE may be: more than any engine makes, so as fast as it goes. */
const FASTEST_PER_SECOND = 20_000_000;
/** Until all readers are there the feed hardly ticks. */
const IDLE_PER_SECOND = 1;
const POLL_MS = 10;

const plan = parsePeerPlan(process.argv.slice(2));
const server = fork(SERVER, [], {
  // Nothing of the caller's environment reaches the server.
  env: {
    PORT: '0',
    ADMIN_PORT: '0',
    LOG_LEVEL: 'error',
    MAX_TICK_RATE: String(FASTEST_PER_SECOND),
    DRAIN_TIMEOUT_SECS: '1',
  },
  execArgv: [],
  stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
});
endWithHarness(() => {
  if (server.connected) server.disconnect();
  server.kill('SIGKILL');
});

const listening = await firstMessage(server);
if (listening !== null && (await hasTicks(listening.httpUrl))) {
  await setRate(listening.httpUrl, IDLE_PER_SECOND);
  announce({
    type: 'listening',
    port: Number(new URL(listening.wsUrl).port),
    path: `/ticks?format=${plan.format}`,
    pid: listening.pid,
    version: `touchline /ticks, node ${process.versions.node}`,
  });
  await allReaders(listening.httpUrl);
  await setRate(listening.httpUrl, plan.ratePerSecond === 0 ? FASTEST_PER_SECOND : plan.ratePerSecond);
} else {
  announce({ type: 'unavailable', reason: 'This build of the server has no /ticks.' });
  server.kill('SIGKILL');
}

async function firstMessage(child: ChildProcess): Promise<ServerListening | null> {
  const ended = once(child, 'exit').then(() => null);
  // The first that the server tells a parent is where it listens.
  const told = once(child, 'message').then(([message]: ServerListening[]) => message ?? null);
  return await Promise.race([told, ended]);
}

async function hasTicks(httpUrl: string): Promise<boolean> {
  return (await fetch(`${httpUrl}/ticks/symbols`)).ok;
}

async function setRate(httpUrl: string, rate: number): Promise<void> {
  const answer = await fetch(`${httpUrl}/config`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ rate, rampEnabled: false }),
  });
  if (!answer.ok) throw new Error(`expected POST /config to take rate ${rate}; received ${answer.status}`);
}

async function allReaders(httpUrl: string): Promise<void> {
  for (;;) {
    const stats = await (await fetch(`${httpUrl}/stats`)).text();
    if (Number(/"readers":(\d+)/.exec(stats)?.[1] ?? 0) >= plan.readers) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Each leak on the compiled server: as large as its share says, in the one figure that names it; a clean server has none. */

import { afterEach, describe, expect, it } from 'vitest';
import type { Lifecycle } from '../observability/lifecycle.ts';
import { ServerProcess } from '../testing/server-process.ts';
import { TestClient } from '../testing/test-client.ts';
import { until } from '../testing/until.ts';
import type { FaultName } from './fault-catalogue.ts';

const CLIENTS = 100;
const MATCH = 1;

let server: ServerProcess;
afterEach(() => server.kill());

interface Figures {
  readonly lifecycle: Lifecycle;
  readonly counts: Readonly<Record<string, number>>;
  readonly arrayBuffersBytes: number;
}

async function readFigures(): Promise<Figures> {
  const counts = await server.classCounts();
  const { arrayBuffersBytes } = await server.collect();
  return { lifecycle: await server.lifecycle(), counts, arrayBuffersBytes };
}

/** 100 join and leave, every other one by unsubscribing first, every fourth by vanishing. */
async function comeAndGo(): Promise<void> {
  const clients = await Promise.all(
    Array.from({ length: CLIENTS }, () => TestClient.connect(server.urls.wsUrl)),
  );
  await Promise.all(clients.map((client) => client.ask({ type: 'subscribe', matchId: MATCH })));
  await Promise.all(
    clients.map(async (client, index) => {
      if (index % 2 === 0) await client.ask({ type: 'unsubscribe', matchId: MATCH });
      if (index % 4 === 1) client.webSocket.terminate();
      else await client.close();
    }),
  );
  await until(
    () => server.scrape(),
    (metric) => closedOf(metric) === CLIENTS,
  );
}

const closedOf = (metric: (series: string) => number) =>
  metric('touchline_connections_closed_total{code="1000"}') +
  metric('touchline_connections_closed_total{code="1006"}');

/** What one leak of each connection adds to each figure; everything else stays as it was. */
interface Trace {
  readonly structures?: readonly string[];
  readonly listeners?: readonly string[];
  readonly classes: readonly string[];
  readonly arrayBuffersBytes?: number;
}

const KEPT_CONNECTION = ['Connection', 'Peer', 'WebSocket', 'Socket'];
const TRACES: readonly (readonly [FaultName, Trace])[] = [
  ['leak-connections', { structures: ['hub.connections'], classes: KEPT_CONNECTION }],
  ['leak-room-members', { structures: ['hub.roomMembers'], classes: KEPT_CONNECTION }],
  ['leak-listeners', { listeners: ['httpServer:close'], classes: KEPT_CONNECTION }],
  ['leak-timers', { classes: ['Timeout'] }],
  ['leak-buffers', { classes: ['Buffer'], arrayBuffersBytes: 1_024 }],
  ['leak-sockets', { classes: ['Socket'] }],
];

const grown = (after: Readonly<Record<string, number>>, before: Readonly<Record<string, number>>) =>
  Object.fromEntries(
    Object.keys({ ...before, ...after })
      .map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)] as const)
      .filter(([name, by]) => by !== 0 && !/(History|Ring)$/.test(name)),
  );

describe.each(TRACES)('%s', (fault, trace) => {
  it.each([
    [100, CLIENTS],
    [10, CLIENTS / 10],
  ])('at %i percent leaves exactly %i behind', async (percent, leaked) => {
    server = await ServerProcess.start({ TOUCHLINE_FAULTS: `${fault}=${percent}%` });
    const before = await readFigures();
    await comeAndGo();
    const after = await readFigures();
    const each = (names: readonly string[] = []) => Object.fromEntries(names.map((name) => [name, leaked]));
    const structures = grown(after.lifecycle.structures, before.lifecycle.structures);
    // A room that keeps members is a room that stays in use.
    const { 'hub.rooms': _, ...besideRooms } = structures;
    expect(besideRooms).toEqual(each(trace.structures));
    expect(grown(after.lifecycle.listeners, before.lifecycle.listeners)).toEqual(each(trace.listeners));
    // A kept connection may keep what belongs to it: a room, a timer that ran out.
    expect(grown(after.counts, before.counts)).toMatchObject(each(trace.classes));
    if (trace.arrayBuffersBytes !== undefined) {
      const growth = after.arrayBuffersBytes - before.arrayBuffersBytes;
      expect(growth).toBeGreaterThanOrEqual(leaked * trace.arrayBuffersBytes);
    }
    expect(await server.injections(fault)).toBe(leaked);
    expect(server.stderr).not.toContain('MaxListeners');
    expect(await server.stop()).toBe(0);
  });
});

describe('unbounded-history', () => {
  it.each([
    [100, 60],
    [10, 6],
  ])('at %i percent keeps exactly %i of 60 messages that fell out', async (percent, kept) => {
    server = await ServerProcess.start({ TOUCHLINE_FAULTS: `unbounded-history=${percent}%` });
    for (let n = 0; n < 160; n += 1) await server.publish(MATCH, `Number ${n}.`);
    const { structures, bounds } = await server.lifecycle();
    expect(bounds['hub.messagesHistory']).toBe(100);
    expect(structures['hub.messagesHistory']).toBe(100 + kept);
    expect(await server.injections('unbounded-history')).toBe(kept);
    expect(await server.stop()).toBe(0);
  });
});

describe('a server without faults', () => {
  it('is back where it was, in every figure', async () => {
    server = await ServerProcess.start();
    await comeAndGo();
    const before = await readFigures();
    for (let n = 0; n < 110; n += 1) await server.publish(MATCH, `Number ${n}.`);
    const { structures, bounds } = await server.lifecycle();
    expect(structures['hub.messagesHistory']).toBe(bounds['hub.messagesHistory']);
    const after = await readFigures();
    expect(grown(after.lifecycle.structures, before.lifecycle.structures)).toEqual({});
    expect(grown(after.lifecycle.listeners, before.lifecycle.listeners)).toEqual({});
    expect(after.lifecycle.timers).toBe(before.lifecycle.timers);
    expect(grown(after.counts, { ...before.counts, Room: 1 })).toEqual({});
    expect(await server.stop()).toBe(0);
  });
});

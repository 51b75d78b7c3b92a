/** Delivery faults of the compiled server, as a plain WebSocket client counts them. */

import { afterEach, describe, expect, it } from 'vitest';
import { ENGINES } from '../protocol/engine-names.ts';
import type { Commentary } from '../protocol/messages.ts';
import { ServerProcess } from '../testing/server-process.ts';
import { type ReceivedMessage, TestClient } from '../testing/test-client.ts';
import { until } from '../testing/until.ts';

const MATCH = 1;
const CLIENTS = 10;
const BROADCASTS = 100;
const DELIVERIES = CLIENTS * BROADCASTS;

let server: ServerProcess;
afterEach(() => server.kill());

interface Counts {
  unique: number;
  duplicated: number;
  outOfOrder: number;
  wrongRoom: number;
  /** Messages whose text is not the one that was published under their offset. */
  altered: number;
}

/** Everything a client was sent until it left the match. */
async function listen(client: TestClient): Promise<ReceivedMessage[]> {
  client.send({ type: 'unsubscribe', matchId: MATCH });
  const heard: ReceivedMessage[] = [];
  for (;;) {
    const message = await client.next();
    if (message['type'] === 'unsubscribed') return heard;
    heard.push(message);
  }
}

function count(heard: readonly ReceivedMessage[], counts: Counts): void {
  const seen = new Set<unknown>();
  let highest = 0;
  for (const { matchId, offset, data } of heard) {
    const { text } = data as Commentary;
    if (text !== `Número ${offset}.`) counts.altered += 1;
    if (matchId !== MATCH) counts.wrongRoom += 1;
    else if (seen.has(offset)) counts.duplicated += 1;
    else {
      counts.unique += 1;
      if (Number(offset) < highest) counts.outOfOrder += 1;
      highest = Math.max(highest, Number(offset));
      seen.add(offset);
    }
  }
}

/** Ten clients hear a hundred broadcasts. */
async function countDeliveries(): Promise<Counts> {
  const clients = await Promise.all(
    Array.from({ length: CLIENTS }, () => TestClient.connect(server.urls.wsUrl)),
  );
  await Promise.all(clients.map((client) => client.ask({ type: 'subscribe', matchId: MATCH })));
  for (let n = 1; n <= BROADCASTS; n += 1) await server.publish(MATCH, `Número ${n}.`);
  const counts: Counts = { unique: 0, duplicated: 0, outOfOrder: 0, wrongRoom: 0, altered: 0 };
  for (const client of clients) count(await listen(client), counts);
  await Promise.all(clients.map((client) => client.close()));
  return counts;
}

const CLEAN: Counts = { unique: DELIVERIES, duplicated: 0, outOfOrder: 0, wrongRoom: 0, altered: 0 };

describe.each(ENGINES)('on %s a plain client counts what the server says it did', (ENGINE) => {
  it.each([
    ['duplicate-deliveries', '0.5%', 'duplicated', 5],
    ['wrong-room', '0.1%', 'wrongRoom', 1],
    ['wrong-room', '3%', 'wrongRoom', 30],
  ] as const)('%s=%s', async (fault, value, column, expected) => {
    server = await ServerProcess.start({ ENGINE, TOUCHLINE_FAULTS: `${fault}=${value}` });
    expect(await countDeliveries()).toEqual({ ...CLEAN, [column]: expected });
    expect(await server.injections(fault)).toBe(expected);
    expect((await server.scrape())('touchline_deliveries_total')).toBe(DELIVERIES);
    expect(await server.stop()).toBe(0);
  });

  it.each(['1%', '20%'])('reorder-deliveries=%s', async (value) => {
    server = await ServerProcess.start({ ENGINE, TOUCHLINE_FAULTS: `reorder-deliveries=${value}` });
    const counts = await countDeliveries();
    const injections = await server.injections('reorder-deliveries');
    expect(counts).toEqual({ ...CLEAN, outOfOrder: injections });
    // What waits when a client leaves the match does not change places: at most one a client.
    const asked = (DELIVERIES * Number.parseFloat(value)) / 100;
    expect(injections).toBeLessThanOrEqual(asked);
    expect(injections).toBeGreaterThanOrEqual(asked - CLIENTS);
    expect(await server.stop()).toBe(0);
  });

  it('all of them at once, and lost ones', async () => {
    server = await ServerProcess.start({
      ENGINE,
      TOUCHLINE_FAULTS: 'drop-deliveries=2%,reorder-deliveries=5%,duplicate-deliveries=3%,wrong-room=1%',
    });
    const counts = await countDeliveries();
    expect(counts).toEqual({
      unique: DELIVERIES - (await server.injections('drop-deliveries')),
      duplicated: await server.injections('duplicate-deliveries'),
      outOfOrder: await server.injections('reorder-deliveries'),
      wrongRoom: await server.injections('wrong-room'),
      altered: 0,
    });
    expect(counts.unique).toBe(DELIVERIES * 0.98);
    expect(Math.min(counts.duplicated, counts.outOfOrder, counts.wrongRoom)).toBeGreaterThan(0);
    expect(await server.stop()).toBe(0);
  });

  it('nothing without a fault', async () => {
    server = await ServerProcess.start({ ENGINE });
    expect(await countDeliveries()).toEqual(CLEAN);
    expect(await server.stop()).toBe(0);
  });
});

describe('half-close', () => {
  const HEARTBEAT_SECS = 0.5;
  const endUnnoticed = async (percent: number): Promise<void> => {
    server = await ServerProcess.start({
      HEARTBEAT_SECS: String(HEARTBEAT_SECS),
      TOUCHLINE_FAULTS: `half-close=${percent}%`,
    });
    const clients = await Promise.all(
      Array.from({ length: CLIENTS }, () => TestClient.connect(server.urls.wsUrl)),
    );
    await Promise.all(clients.map((client) => client.ask({ type: 'subscribe', matchId: MATCH })));
    await Promise.all(clients.map((client) => client.close()));
  };

  it.each([
    [100, CLIENTS],
    [30, 3],
  ])(
    'at %i percent leaves %i connections to the heartbeat, which finds them in two',
    async (percent, hidden) => {
      await endUnnoticed(percent);
      const endedAtMs = performance.now();
      const { structures } = await until(
        () => server.lifecycle(),
        (lifecycle) => lifecycle.structures['hub.connections'] === hidden,
      );
      expect(structures).toMatchObject({
        'hub.connections': hidden,
        'hub.roomMembers': hidden,
        'heartbeat.peers': hidden,
      });
      const metric = await until(
        () => server.scrape(),
        (read) => read('touchline_connections') === 0,
      );
      // Two heartbeats, a tick of the wheel, and what the machine adds.
      expect(performance.now() - endedAtMs).toBeLessThan(2 * HEARTBEAT_SECS * 1_000 + 500);
      expect(metric('touchline_heartbeats_missed_total')).toBe(hidden);
      expect(metric('touchline_connections_closed_total{code="4004"}')).toBe(hidden);
      expect(metric('touchline_connections_closed_total{code="1000"}')).toBe(CLIENTS - hidden);
      expect(await server.injections('half-close')).toBe(hidden);
      expect((await server.lifecycle()).structures).toMatchObject({
        'hub.connections': 0,
        'hub.closing': 0,
        'hub.roomMembers': 0,
        'heartbeat.peers': 0,
        'upgrade.addresses': 0,
      });
      expect(await server.stop()).toBe(0);
    },
  );

  it('does not keep a server from ending', async () => {
    await endUnnoticed(100);
    expect(await server.stop()).toBe(0);
  });
});

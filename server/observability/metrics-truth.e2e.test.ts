/** Do the server's figures agree with what its clients counted themselves? On the compiled server, over real sockets. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { ClosedConnection } from '../hub/closed-ring.ts';
import type { ServerListening } from '../protocol/process-messages.ts';
import { contract } from '../testing/contract.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { ConnectionView } from './metric-sources.ts';

const SERVER = new URL('../../dist/server/main.js', import.meta.url).pathname;
const ADMIN_TOKEN = 'truth-test';
const MATCHES = [11, 12, 13] as const;
const BROADCASTS_PER_HALF = 150;

/** A plain client that counts what it sends and receives. */
class CountingClient {
  readonly socket: WebSocket;
  connectionId = '';
  deliveries = 0;
  received = 0;
  receivedBytes = 0;
  sent = 0;
  sentBytes = 0;
  readonly #answers: string[] = [];
  #wake: () => void = () => {};

  constructor(url: string) {
    this.socket = new WebSocket(url);
    this.socket.on('error', () => {});
    this.socket.on('message', (data: Buffer) => {
      this.received += 1;
      this.receivedBytes += data.length;
      const message = JSON.parse(data.toString());
      if (message.type === 'commentary') {
        this.deliveries += 1;
        this.#wake();
        return;
      }
      if (message.type === 'welcome') this.connectionId = message.connectionId;
      this.#answers.push(message.type);
      this.#wake();
    });
  }

  /** Waits until the next message that is no commentary, which must be of this type. */
  async expectAnswer(type: string): Promise<void> {
    while (this.#answers.length === 0) await this.#nextMessage();
    expect(this.#answers.shift()).toBe(type);
  }

  async untilDelivered(count: number): Promise<void> {
    while (this.deliveries < count) await this.#nextMessage();
  }

  send(message: object): void {
    const text = JSON.stringify(message);
    this.sent += 1;
    this.sentBytes += text.length;
    this.socket.send(text);
  }

  async ask(message: object, answerType: string): Promise<void> {
    this.send(message);
    await this.expectAnswer(answerType);
  }

  /** Everything the server sent before is here when the pong is. */
  fence(): Promise<void> {
    return this.ask({ type: 'ping' }, 'pong');
  }

  #nextMessage(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  async closed(how: 'close' | 'terminate'): Promise<void> {
    const ended = once(this.socket, 'close');
    if (how === 'close') this.socket.close(1000);
    else this.socket.terminate();
    await ended;
  }
}

contract('the truth', (engine) => {
  let server: ChildProcess;
  let listening: ServerListening;
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });

  beforeAll(async () => {
    server = fork(SERVER, {
      execArgv: ['--expose-gc'],
      env: { ...process.env, HOST: '127.0.0.1', PORT: '0', ADMIN_PORT: '0', ADMIN_TOKEN, ENGINE: engine },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const exited = once(server, 'exit').then(([code]) => {
      throw new Error(`expected the server to listen; it exited with ${code}`);
    });
    exited.catch(() => {});
    [listening] = (await Promise.race([once(server, 'message'), exited])) as [ServerListening];
  });

  afterAll(() => {
    agent.destroy();
    if (server.exitCode === null) server.kill('SIGKILL');
  });

  /** Asks the admin port. Each question has a connection of its own, so that none of them stays open in the figures. */
  async function askAdmin(path: string, method = 'GET'): Promise<string> {
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, connection: 'close' };
    const response = await fetch(`${listening.adminUrl}${path}`, { method, headers });
    const text = await response.text();
    expect([response.status, text]).toEqual([200, expect.any(String)]);
    return text;
  }

  async function debug<Body>(path: string): Promise<Body> {
    return JSON.parse(await askAdmin(path)) as Body;
  }

  /** Values of a scrape by series, as they stand in the text. */
  async function scrape(): Promise<(series: string) => number> {
    const text = await askAdmin('/metrics');
    const values = new Map(
      [...text.matchAll(/^([a-z]\S*) (\S+)$/gm)].map(([, series = '', value]) => [series, Number(value)]),
    );
    return (series) => values.get(series) ?? Number.NaN;
  }

  /** Publishes over HTTP, eight requests at a time. @returns when all are answered with 201 */
  async function publish(count: number, text: string): Promise<void> {
    let next = 0;
    const publisher = async () => {
      while (next < count) {
        const matchId = MATCHES[next % MATCHES.length];
        next += 1;
        expect(await post(`/matches/${matchId}/commentary`, { minute: next % 90, text })).toBe(201);
      }
    };
    await Promise.all(Array.from({ length: 8 }, publisher));
  }

  function post(path: string, body: object): Promise<number> {
    return new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json' };
      const sent = request(`${listening.httpUrl}${path}`, { method: 'POST', agent, headers }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0));
      });
      sent.on('error', reject);
      sent.end(JSON.stringify(body));
    });
  }

  /** Asks until the condition holds; each question is a round trip to the server, so this is no busy loop. */
  async function until<Value>(read: () => Promise<Value>, holds: (value: Value) => boolean): Promise<Value> {
    const deadlineMs = performance.now() + 15_000;
    let value = await read();
    while (!holds(value) && performance.now() < deadlineMs) value = await read();
    return value;
  }

  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
  const matchOf = (index: number) => MATCHES[index % MATCHES.length];
  const withoutHistory = (structures: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(structures).filter(([name]) => !/(History|Ring)$/.test(name)));

  describe('the figures of the server', () => {
    let baseline: Lifecycle;
    let clients: CountingClient[] = [];
    /** Cut in the middle of the load: what they had in flight only the server knows. */
    let cutInFlight: CountingClient[] = [];

    it('are those its clients counted, through late joins, unsubscribes and abrupt ends', async () => {
      baseline = await debug<Lifecycle>('/debug/lifecycle');
      clients = Array.from({ length: 50 }, () => new CountingClient(listening.wsUrl));
      await Promise.all(clients.map((client) => client.expectAnswer('welcome')));
      const early = clients.slice(0, 42);
      const late = clients.slice(42);
      const subscribe = (client: CountingClient) =>
        client.ask({ type: 'subscribe', matchId: matchOf(clients.indexOf(client)) }, 'subscribed');
      await Promise.all(early.map(subscribe));

      await publish(BROADCASTS_PER_HALF, 'Kick-off, and ünïcödé on the wire.');
      const unsubscribed = early.slice(0, 10);
      await Promise.all(
        unsubscribed.map((client, index) =>
          client.ask({ type: 'unsubscribe', matchId: matchOf(index) }, 'unsubscribed'),
        ),
      );
      const cutAtRest = early.slice(10, 13);
      await Promise.all(cutAtRest.map((client) => client.fence()));
      await Promise.all(cutAtRest.map((client) => client.closed('terminate')));
      await Promise.all(late.map(subscribe));

      cutInFlight = early.slice(13, 16);
      const secondHalf = publish(BROADCASTS_PER_HALF, 'Second half.');
      // Late joiners see the second half only, so this is its middle.
      await late[0]?.untilDelivered(10);
      await Promise.all(cutInFlight.map((client) => client.closed('terminate')));
      await secondHalf;
      const alive = clients.filter(({ socket }) => socket.readyState === WebSocket.OPEN);
      expect(alive).toHaveLength(44);
      await Promise.all(alive.map((client) => client.fence()));

      const metric = await until(scrape, (read) => read('touchline_connections') === 44);
      const { closed } = await debug<{ closed: ClosedConnection[] }>('/debug/connections');
      const serverView = cutInFlight.map(({ connectionId }) => closed.find(({ id }) => id === connectionId));
      const exact = clients.filter((client) => !cutInFlight.includes(client));
      // Beside deliveries, those cut in flight were sent a welcome and a subscribed.
      const cutDeliveries = serverView.map((view) => (view?.sentMessages ?? Number.NaN) - 2);
      const cutBytes = serverView.map((view) => view?.sentPayloadBytes ?? Number.NaN);

      expect(metric('touchline_deliveries_total')).toBe(
        sum(exact.map(({ deliveries }) => deliveries)) + sum(cutDeliveries),
      );
      for (const [index, client] of cutInFlight.entries()) {
        expect(client.deliveries).toBeLessThanOrEqual(cutDeliveries[index] ?? 0);
        expect(client.deliveries).toBeGreaterThan(0);
      }
      expect(metric('touchline_sent_payload_bytes_total')).toBe(
        sum(exact.map(({ receivedBytes }) => receivedBytes)) + sum(cutBytes),
      );
      expect(metric('touchline_replies_total')).toBe(50 + 50 + 10 + 3 + 44);
      expect(metric('touchline_received_payload_bytes_total')).toBe(
        sum(clients.map(({ sentBytes }) => sentBytes)),
      );
      for (const [type, count] of [
        ['subscribe', 50],
        ['unsubscribe', 10],
        ['ping', 47],
        ['identify', 0],
        ['invalid', 0],
      ] as const) {
        expect(metric(`touchline_messages_received_total{type="${type}"}`)).toBe(count);
      }
      expect(metric('touchline_broadcasts_total')).toBe(2 * BROADCASTS_PER_HALF);
      expect(metric('touchline_broadcast_duration_seconds_count')).toBe(2 * BROADCASTS_PER_HALF);
      expect(metric('touchline_broadcast_recipients_count')).toBe(2 * BROADCASTS_PER_HALF);
      expect(metric('touchline_broadcast_recipients_sum')).toBe(metric('touchline_deliveries_total'));
      expect(metric('touchline_http_requests_total{route="/matches/:matchId/commentary",status="201"}')).toBe(
        2 * BROADCASTS_PER_HALF,
      );
      for (const reason of ['fault', 'slow_consumer']) {
        expect(metric(`touchline_deliveries_dropped_total{reason="${reason}"}`)).toBe(0);
      }
      expect(metric('touchline_wire_sent_bytes_total')).toBeGreaterThan(
        metric('touchline_sent_payload_bytes_total'),
      );
      expect(metric('touchline_wire_received_bytes_total')).toBeGreaterThan(
        metric('touchline_received_payload_bytes_total'),
      );
    });

    it('show the connections, rooms and subscriptions of the moment', async () => {
      const metric = await scrape();
      expect(metric('touchline_connections')).toBe(44);
      expect(metric('touchline_connections_opened_total')).toBe(50);
      expect(metric('touchline_connections_closed_total{code="1006"}')).toBe(6);
      expect(metric('touchline_rooms')).toBe(3);
      expect(metric('touchline_subscriptions')).toBe(34);
      // Clients 16…49 by index modulo 3: 11, 12 and 11.
      expect(metric('touchline_room_members_max')).toBe(12);
      expect(metric('touchline_send_queue_bytes')).toBe(0);
      expect(metric('touchline_slow_consumers')).toBe(0);
    });

    it('agree for each connection that lives', async () => {
      const { total, live } = await debug<{ total: number; live: ConnectionView[] }>('/debug/connections');
      expect(total).toBe(44);
      const byId = new Map(live.map((view) => [view.id, view]));
      for (const client of clients.filter(({ socket }) => socket.readyState === WebSocket.OPEN)) {
        expect(byId.get(client.connectionId)).toMatchObject({
          receivedMessages: client.sent,
          sentMessages: client.received,
          sentPayloadBytes: client.receivedBytes,
          bufferedBytes: 0,
        });
      }
    });

    it('are back at their baseline when everyone has left', async () => {
      const alive = clients.filter(({ socket }) => socket.readyState === WebSocket.OPEN);
      await Promise.all(alive.map((client, index) => client.closed(index < 30 ? 'close' : 'terminate')));
      agent.destroy();
      const metric = await until(scrape, (read) => read('touchline_connections') === 0);
      for (const gauge of [
        'touchline_connections',
        'touchline_subscriptions',
        'touchline_room_members_max',
        'touchline_send_queue_bytes',
        'touchline_send_queue_bytes_max',
        'touchline_send_queue_age_seconds_max',
        'touchline_slow_consumers',
      ]) {
        expect([gauge, metric(gauge)]).toEqual([gauge, 0]);
      }
      expect(metric('touchline_connections_closed_total{code="1000"}')).toBe(30);
      expect(metric('touchline_connections_closed_total{code="1006"}')).toBe(20);

      const fdsOf = ({ openFds }: Lifecycle) => openFds ?? 0;
      const after = await until(
        () => debug<Lifecycle>('/debug/lifecycle'),
        (lifecycle) => fdsOf(lifecycle) <= fdsOf(baseline),
      );
      expect(withoutHistory(after.structures)).toEqual(withoutHistory(baseline.structures));
      expect(after.listeners).toEqual(baseline.listeners);
      expect(after.timers).toBeLessThanOrEqual(baseline.timers);
      expect(fdsOf(after)).toBeLessThanOrEqual(fdsOf(baseline));
    });

    it('include a forced garbage collection', async () => {
      const before = (await scrape())('nodejs_gc_duration_seconds_count{kind="major"}');
      expect(JSON.parse(await askAdmin('/debug/gc', 'POST'))).toMatchObject({ collected: true });
      const metric = await until(
        scrape,
        (read) => read('nodejs_gc_duration_seconds_count{kind="major"}') > before,
      );
      expect(metric('nodejs_gc_duration_seconds_count{kind="major"}')).toBeGreaterThan(before);
    });

    it('end with the server, which leaves in order', async () => {
      const exited = once(server, 'exit');
      server.kill('SIGTERM');
      expect(await exited).toEqual([0, null]);
    });
  });
});

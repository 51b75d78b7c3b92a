/** The compiled server's tick feed, read by a plain `ws` client that looks at every message. */

import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { TickConfigValues, TickMessage, TickStatsAnswer, TickTotals } from './protocol/tick-messages.ts';
import { contract } from './testing/contract.ts';
import { ServerProcess } from './testing/server-process.ts';
import { until } from './testing/until.ts';

let server: ServerProcess;
afterEach(() => server.kill());

/** A reader that checks what it gets as it comes, and keeps counts. */
class Reader {
  readonly webSocket: WebSocket;
  received = 0;
  /** Ticks whose time or number is not above the one before. */
  disordered = 0;
  /** Ticks missing between two JSON ticks. */
  missing = 0;
  skipped = 0;
  readonly wrongSums: unknown[] = [];
  readonly controls: Record<string, unknown>[] = [];
  #lastTime = 0n;
  #lastSeq = 0;
  #skippedNow = 0;

  constructor(format: string) {
    this.webSocket = new WebSocket(`${server.urls.wsUrl.replace('/ws', '/ticks')}?format=${format}`);
    this.webSocket.on('message', (data: Buffer, isBinary: boolean) => {
      if (isBinary) this.#binary(data);
      else this.#text(data.toString());
    });
  }

  static async open(format = 'json'): Promise<Reader> {
    const reader = new Reader(format);
    await once(reader.webSocket, 'message');
    return reader;
  }

  say(message: object): void {
    this.webSocket.send(JSON.stringify(message));
  }

  /** @returns the close code, when everything that was given is here */
  async close(): Promise<number> {
    this.webSocket.close(1000);
    const [code] = (await once(this.webSocket, 'close')) as [number];
    return code;
  }

  #text(text: string): void {
    const message = JSON.parse(text);
    if ('symbol' in message) this.#json(message);
    else this.#control(message);
  }

  #json({ ts, seq }: TickMessage): void {
    this.received += 1;
    const time = BigInt(Math.round(ts * 1_000));
    if (time <= this.#lastTime || seq <= this.#lastSeq) this.disordered += 1;
    if (seq !== this.#lastSeq + 1) this.missing += seq - this.#lastSeq - 1;
    this.#lastTime = time;
    this.#lastSeq = seq;
  }

  #binary(data: Buffer): void {
    this.received += 1;
    const time = data.readBigInt64LE(12);
    if (data.length !== 20 || time <= this.#lastTime) this.disordered += 1;
    this.#lastTime = time;
  }

  #control(message: Record<string, unknown>): void {
    this.controls.push(message);
    if (message['type'] === 'hello') this.#lastSeq = Number(message['seq']);
    if (message['type'] !== 'conflated') return;
    this.#skippedNow += Number(message['skipped']);
    this.skipped = this.#skippedNow;
    if (message['upToCount'] !== this.received + this.skipped) this.wrongSums.push(message);
  }
}

async function configure(part: Partial<TickConfigValues>): Promise<TickConfigValues> {
  const answer = await fetch(`${server.urls.httpUrl}/config`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(part),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as TickConfigValues;
}

async function readStats(): Promise<TickStatsAnswer> {
  return (await (await fetch(`${server.urls.httpUrl}/stats`)).json()) as TickStatsAnswer;
}

/** Asks for the totals until they, or what came meanwhile, are as expected. */
async function waitFor(holds: (totals: TickTotals) => boolean): Promise<TickTotals> {
  const { totals } = await until(readStats, (stats) => holds(stats.totals));
  expect(holds(totals)).toBe(true);
  return totals;
}

const everybodyLeft = () => waitFor(({ readers }) => readers === 0);

contract('the tick feed', (engine) => {
  it.each(['json', 'binary'])(
    'gives a %s reader every tick in order, and the counts of both sides agree',
    async (format) => {
      server = await ServerProcess.start({ ENGINE: engine });
      expect(await configure({ rate: 50_000 })).toMatchObject({ rate: 50_000, fanOut: 'coalesced' });
      const reader = await Reader.open(format);
      await waitFor(() => reader.received > 60_000);
      expect(await reader.close()).toBe(1000);
      await everybodyLeft();
      const { totals } = await readStats();
      expect([reader.disordered, reader.wrongSums]).toEqual([0, []]);
      expect(totals.buffered).toBe(reader.received);
      expect(totals.flushed).toBe(reader.received);
      expect(totals.offered).toBe(totals.buffered + totals.skipped);
      if (format === 'json') expect(reader.missing).toBe(reader.skipped);
      expect(await server.stop()).toBe(0);
    },
  );

  it('conflates a reader that stopped, and counts what it never gives', async () => {
    server = await ServerProcess.start({
      ENGINE: engine,
      TICK_READER_BUFFER_BYTES: '65536',
      TICK_MAX_AGE_MS: '100',
    });
    await configure({ rate: 200_000 });
    const slow = await Reader.open();
    slow.webSocket.pause();
    await waitFor(({ offered, buffered }) => offered - buffered > 50_000);
    expect((await server.scrape())('touchline_tick_readers_conflating')).toBe(1);
    slow.webSocket.resume();
    await waitFor(() => slow.controls.some(({ type }) => type === 'conflated'));
    expect(await slow.close()).toBe(1000);
    const totals = await everybodyLeft();
    expect(slow.wrongSums).toEqual([]);
    expect(slow.disordered).toBe(0);
    expect(slow.skipped).toBeGreaterThan(0);
    expect(slow.missing).toBe(slow.skipped);
    expect(totals.buffered).toBe(slow.received);
    expect(totals.skipped).toBeGreaterThanOrEqual(slow.skipped);
  });

  it('answers acknowledgements and HTTP while it runs as fast as it can', async () => {
    server = await ServerProcess.start({ ENGINE: engine });
    await configure({ rate: 1_000_000, format: 'binary' });
    const reader = await Reader.open('binary');
    for (const target of [10_000, 50_000]) {
      await waitFor(() => reader.received > target);
      const { received } = reader;
      reader.say({ type: 'ack', received });
      await waitFor(({ acknowledged }) => acknowledged === received);
    }
    expect([reader.disordered, reader.wrongSums]).toEqual([0, []]);
    reader.webSocket.terminate();
    await everybodyLeft();
    expect(await server.stop()).toBe(0);
  });

  it('is back at its baseline when everybody left', async () => {
    server = await ServerProcess.start({ ENGINE: engine });
    const before = await server.lifecycle();
    for (const fanOut of ['coalesced', 'naive'] as const) {
      await configure({ rate: 2_000, fanOut });
      const readers = await Promise.all(Array.from({ length: 6 }, () => Reader.open()));
      await waitFor(() => readers.every(({ received }) => received > 100));
      for (const [index, reader] of readers.entries()) {
        if (index % 2 === 0) await reader.close();
        else reader.webSocket.terminate();
      }
      await everybodyLeft();
    }
    const after = await server.lifecycle();
    const names = [
      'ticks.readers',
      'ticks.writesUnderWay',
      'ticks.timers',
      'hub.connections',
      'heartbeat.peers',
    ];
    for (const name of names) expect([name, after.structures[name]]).toEqual([name, before.structures[name]]);
    expect(after.timers).toBe(before.timers);
  });
});

describe('the tick feed', () => {
  it('makes what is asked for, or says what it fell short', async () => {
    server = await ServerProcess.start({ MAX_TICK_RATE: '20000000' });
    await configure({ rate: 20_000_000, fanOut: 'naive' });
    const reader = await Reader.open();
    const { made, shortfall } = await waitFor((totals) => totals.shortfall > 0);
    expect(made).toBeGreaterThan(0);
    const scrape = await server.scrape();
    expect(scrape('touchline_ticks_shortfall_total')).toBeGreaterThanOrEqual(shortfall);
    expect(scrape('touchline_tick_target_rate')).toBe(20_000_000);
    reader.webSocket.terminate();
  });

  it('ramps while somebody reads', async () => {
    server = await ServerProcess.start();
    await configure({ rate: 100, rampEnabled: true, rampPercent: 100, rampIntervalSec: 1 });
    const reader = await Reader.open();
    await until(readStats, ({ targetRate }) => targetRate >= 400);
    const { rate } = await configure({ rampEnabled: false });
    expect([400, 800, 1_600, 3_200]).toContain(rate);
    expect(await reader.close()).toBe(1000);
    expect([reader.disordered, reader.missing]).toEqual([0, 0]);
  });

  it('shows in the naive mode how much more is buffered than delivered to a reader that stopped', async () => {
    server = await ServerProcess.start({ TICK_NAIVE_BUFFER_BYTES: '4194304' });
    await configure({ rate: 200_000, fanOut: 'naive' });
    const slow = await Reader.open();
    await waitFor(() => slow.received > 1_000);
    slow.say({ type: 'ack', received: slow.received });
    await waitFor(({ acknowledged }) => acknowledged > 0);
    slow.webSocket.pause();
    await waitFor(({ buffered, flushed, acknowledged }) => {
      return buffered > flushed + 20_000 && buffered > 10 * acknowledged;
    });
    // Nothing conflates it: at its limit it is closed, and what was not taken is not called flushed.
    const { offered, buffered, flushed, skipped, acknowledged } = await everybodyLeft();
    expect(flushed).toBeLessThan(buffered);
    expect(acknowledged).toBeLessThan(flushed);
    expect(offered).toBe(buffered + skipped);
    expect((await server.scrape())('touchline_connections_closed_total{code="4002"}')).toBe(1);
    slow.webSocket.terminate();
  });
});

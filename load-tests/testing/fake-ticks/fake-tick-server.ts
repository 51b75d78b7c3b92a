/**
 * A tick feed that is not ours: `/ticks` as PROTOCOLS has it, at a low rate, with wrongs that are done to exactly
 * every n-th tick of each connection, and counted.
 */

import { createServer, type IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { FakeListener } from '../fake-listener.ts';
import { helloText, type TestTick, TICK_SYMBOLS } from '../tick-messages.ts';
import { type FakeTickFaults, noTickCounts } from './fake-tick-faults.ts';
import { FakeTickFeed } from './fake-tick-feed.ts';

export interface FakeTickOptions {
  /** @defaultValue 5,000 */
  readonly rate?: number;
  /** The number before the feed's first tick. @defaultValue 99,950, so that numbers grow a digit */
  readonly seq?: number;
  /** Decimals of a JSON time. @defaultValue 3 */
  readonly decimals?: number;
  /** Origins a browser may come from; any other than these is refused. */
  readonly allowedOrigins?: readonly string[];
}

/** What the readers said. */
export interface FakeTickWords {
  readonly identified: string[];
  readonly stats: Record<string, unknown>[];
  /** The last acknowledgement of each connection, and how many there were. */
  readonly acknowledged: Map<object, number>;
  acks: number;
  readonly addresses: Set<string>;
}

const BATCH_MS = 10;

export class FakeTickServer {
  readonly counts = noTickCounts();
  readonly words: FakeTickWords = {
    identified: [],
    stats: [],
    acknowledged: new Map(),
    acks: 0,
    addresses: new Set(),
  };
  readonly #faults: FakeTickFaults;
  readonly #options: Required<Omit<FakeTickOptions, 'allowedOrigins'>>;
  readonly #listener: FakeListener;
  readonly #feeds = new Set<FakeTickFeed>();
  readonly #startHrtimeNs = process.hrtime.bigint();
  readonly #startEpochNs = BigInt(Date.now()) * 1_000_000n;
  #made = 0;
  #timer: NodeJS.Timeout | undefined;

  private constructor(faults: FakeTickFaults, options: FakeTickOptions) {
    this.#faults = faults;
    this.#options = {
      rate: options.rate ?? 5_000,
      seq: options.seq ?? 99_950,
      decimals: options.decimals ?? 3,
    };
    const { allowedOrigins = [] } = options;
    const http = createServer((_, response) => response.writeHead(404).end());
    this.#listener = new FakeListener(http, {
      path: '/ticks',
      verifyClient: ({ origin }: { readonly origin?: string }) =>
        origin === undefined || allowedOrigins.includes(origin),
    });
    this.#listener.sockets.on('connection', (socket, request) => this.#connected(socket, request));
  }

  /** Listens on a free loopback port. */
  static async start(faults: FakeTickFaults = {}, options: FakeTickOptions = {}): Promise<FakeTickServer> {
    const server = new FakeTickServer(faults, options);
    await server.#listener.listen();
    server.#timer = setInterval(() => server.#makeTicks(), BATCH_MS);
    return server;
  }

  get target(): { readonly wsUrl: string } {
    return { wsUrl: `ws://127.0.0.1:${this.#listener.port}/ws` };
  }

  get connections(): number {
    return this.#listener.connections;
  }

  /** Cuts every connection and stops listening. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#listener.stop();
  }

  #connected(socket: WebSocket, request: IncomingMessage): void {
    this.words.addresses.add(request.socket.remoteAddress ?? '');
    socket.on('error', () => undefined);
    socket.on('message', (data) => this.#hear(socket, String(data)));
    if (this.#faults.isMute === true) return;
    const asked = new URL(request.url ?? '', 'http://fake').searchParams.get('format');
    const format = asked === 'binary' ? 'binary' : 'json';
    const seq = this.#options.seq + this.#made;
    const clock = { epochNs: this.#startEpochNs, hrtimeNs: this.#startHrtimeNs };
    socket.send(helloText({ format: this.#faults.helloFormat ?? format, seq, ...clock }));
    if (this.#faults.isDeafToClosing === true) socket.close = () => undefined;
    const feed = new FakeTickFeed({
      format,
      socket,
      stream: request.socket,
      faults: this.#faults,
      counts: this.counts,
      decimals: this.#options.decimals,
    });
    this.#feeds.add(feed);
    socket.on('close', () => this.#feeds.delete(feed));
  }

  #hear(socket: WebSocket, text: string): void {
    const message = JSON.parse(text) as Record<string, unknown>;
    if (message['type'] === 'identify') this.words.identified.push(String(message['clientId']));
    if (message['type'] === 'stats') this.words.stats.push(message);
    if (message['type'] !== 'ack') return;
    this.words.acks += 1;
    this.words.acknowledged.set(socket, Number(message['received']));
  }

  /** All that are due by now, none ahead of its time. */
  #makeTicks(): void {
    const { rate, seq } = this.#options;
    const elapsedNs = process.hrtime.bigint() - this.#startHrtimeNs;
    const due = Math.floor(Number(elapsedNs) * (rate / 1e9));
    const stepNs = BigInt(Math.round(1e9 / rate));
    const ticks: TestTick[] = [];
    while (this.#made < due) {
      this.#made += 1;
      ticks.push({
        symbolIndex: (this.#made * 5) % TICK_SYMBOLS.length,
        cents: 10_000 + ((this.#made * 37) % 900_000),
        // The first tick is a step after the start, so none is dated ahead.
        tsNs: this.#startEpochNs + BigInt(this.#made) * stepNs,
        seq: seq + this.#made,
      });
    }
    for (const feed of this.#feeds) feed.give(ticks);
  }
}

/**
 * A tick feed that is not ours: `/ticks` as PROTOCOLS has it, at a low rate, with wrongs that are done to exactly
 * every n-th tick of each connection, and counted.
 */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import {
  binaryTick,
  conflatedText,
  helloText,
  jsonTick,
  type TestTick,
  TICK_SYMBOLS,
  textFrame,
  tickFrame,
} from './tick-messages.ts';

/** `…Every: n` is done to each connection's n-th, 2n-th … tick. Done to the same tick, the first one named is. */
export interface FakeTickFaults {
  readonly dropEvery?: number;
  /** Sent twice in a row. */
  readonly duplicateEvery?: number;
  /** Changes places with the one behind it. */
  readonly swapEvery?: number;
  /** Has the time of the one before it. */
  readonly shareEvery?: number;
  /** No tick any more: JSON loses its second half, a binary one names a symbol that is not there. */
  readonly corruptEvery?: number;
  /** From here on `ticks` are left out, and a `conflated` says so. */
  readonly conflate?: { readonly every: number; readonly ticks: number };
  /** A text message nobody knows follows. */
  readonly foreignEvery?: number;
  /** All ticks are sent so much later than they are dated. */
  readonly delayMs?: number;
  /** Connections are cut, without a close frame, behind this tick. */
  readonly cutAt?: number;
  /** Upgrades never get their hello. */
  readonly isMute?: boolean;
  /** The hello names this format, whatever was asked for. */
  readonly helloFormat?: string;
  /** A close frame gets no answer. */
  readonly isDeafToClosing?: boolean;
}

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

/** What went out, and how often each wrong was done, over all connections. */
export interface FakeTickCounts {
  /** Tick messages written. */
  given: number;
  /** Numbers left out, as later ticks of the same connection show: a last one that is left out shows nowhere. */
  missing: number;
  dropped: number;
  duplicated: number;
  swapped: number;
  shared: number;
  corrupt: number;
  /** Left out, and said so. */
  skipped: number;
  conflations: number;
  /** Dropped before each connection's last word on skipping. */
  short: number;
  foreign: number;
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
  readonly counts: FakeTickCounts = {
    given: 0,
    missing: 0,
    dropped: 0,
    duplicated: 0,
    swapped: 0,
    shared: 0,
    corrupt: 0,
    skipped: 0,
    conflations: 0,
    short: 0,
    foreign: 0,
  };
  readonly words: FakeTickWords = {
    identified: [],
    stats: [],
    acknowledged: new Map(),
    acks: 0,
    addresses: new Set(),
  };
  readonly #faults: FakeTickFaults;
  readonly #options: Required<Omit<FakeTickOptions, 'allowedOrigins'>>;
  readonly #http: Server = createServer((_, response) => response.writeHead(404).end());
  readonly #sockets: WebSocketServer;
  readonly #feeds = new Set<Feed>();
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
    this.#sockets = new WebSocketServer({
      server: this.#http,
      path: '/ticks',
      perMessageDeflate: false,
      verifyClient: ({ origin }: { readonly origin?: string }) =>
        origin === undefined || allowedOrigins.includes(origin),
    });
    this.#sockets.on('connection', (socket, request) => this.#connected(socket, request));
  }

  /** Listens on a free loopback port. */
  static async start(faults: FakeTickFaults = {}, options: FakeTickOptions = {}): Promise<FakeTickServer> {
    const server = new FakeTickServer(faults, options);
    server.#http.listen(0, '127.0.0.1');
    await once(server.#http, 'listening');
    server.#timer = setInterval(() => server.#makeTicks(), BATCH_MS);
    return server;
  }

  get target(): { readonly wsUrl: string } {
    const { port } = this.#http.address() as AddressInfo;
    return { wsUrl: `ws://127.0.0.1:${port}/ws` };
  }

  get connections(): number {
    return this.#sockets.clients.size;
  }

  /** Cuts every connection and stops listening. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#http.closeAllConnections();
    await new Promise<void>((resolve) => this.#http.close(() => resolve()));
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
    const feed = new Feed({
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

interface FeedOptions {
  readonly format: 'json' | 'binary';
  readonly socket: WebSocket;
  readonly stream: Socket;
  readonly faults: FakeTickFaults;
  readonly counts: FakeTickCounts;
  readonly decimals: number;
}

/** What one connection gets. */
class Feed {
  readonly #options: FeedOptions;
  /** Ticks made for it. */
  #made = 0;
  /** Left out since the last one that was sent whole. */
  #missing = 0;
  #toSkip = 0;
  #newestNs = 0n;
  #dropped = 0;
  /** What its last word on skipping left open. */
  #short = 0;
  #heldBack: TestTick | null = null;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  give(ticks: readonly TestTick[]): void {
    const { faults } = this.#options;
    if (faults.delayMs === undefined) this.#write(ticks);
    else setTimeout(() => this.#write(ticks), faults.delayMs);
  }

  #write(ticks: readonly TestTick[]): void {
    const { socket, stream, faults } = this.#options;
    // The reader's close frame ends the feed at once: `ws` has answered it by then.
    if (socket.readyState !== socket.OPEN) return;
    const frames: Buffer[] = [];
    for (const tick of ticks) {
      this.#made += 1;
      this.#place(tick, frames);
      if (this.#made === faults.cutAt) break;
    }
    stream.write(Buffer.concat(frames));
    if (faults.cutAt !== undefined && this.#made >= faults.cutAt) stream.destroySoon();
  }

  #place(tick: TestTick, frames: Buffer[]): void {
    const { faults, counts } = this.#options;
    if (this.#skip(frames)) return;
    if (this.#isDue(faults.dropEvery)) {
      counts.dropped += 1;
      this.#dropped += 1;
      this.#missing += 1;
    } else if (this.#isDue(faults.duplicateEvery)) {
      counts.duplicated += 1;
      this.#send(tick, frames);
      this.#send(tick, frames);
    } else if (this.#isDue(faults.swapEvery)) {
      this.#heldBack = tick;
      // Until it is released: a feed may end before.
      this.#missing += 1;
    } else if (this.#isDue(faults.shareEvery)) {
      counts.shared += 1;
      this.#send({ ...tick, tsNs: this.#newestNs }, frames);
    } else if (this.#isDue(faults.corruptEvery)) {
      this.#sendCorrupt(tick, frames);
    } else {
      this.#send(tick, frames);
      this.#releaseHeldBack(frames);
    }
    if (!this.#isDue(faults.foreignEvery)) return;
    counts.foreign += 1;
    frames.push(textFrame('{"type":"weather","is":"fine"}'));
  }

  /** Whether this tick is one of those left out. */
  #skip(frames: Buffer[]): boolean {
    const { counts, faults } = this.#options;
    if (this.#isDue(faults.conflate?.every)) this.#toSkip = faults.conflate?.ticks ?? 0;
    if (this.#toSkip === 0) return false;
    this.#toSkip -= 1;
    this.#missing += 1;
    if (this.#toSkip > 0) return true;
    counts.conflations += 1;
    counts.skipped += faults.conflate?.ticks ?? 0;
    counts.short += this.#dropped - this.#short;
    this.#short = this.#dropped;
    frames.push(textFrame(conflatedText(faults.conflate?.ticks ?? 0, this.#made)));
    return true;
  }

  #send(tick: TestTick, frames: Buffer[]): void {
    const { counts, format, decimals } = this.#options;
    if (tick.tsNs > this.#newestNs) this.#newestNs = tick.tsNs;
    counts.given += 1;
    counts.missing += this.#missing;
    this.#missing = 0;
    frames.push(tickFrame(format, format === 'json' ? jsonTick(tick, decimals) : binaryTick(tick)));
  }

  #sendCorrupt(tick: TestTick, frames: Buffer[]): void {
    const { format, counts } = this.#options;
    counts.corrupt += 1;
    counts.given += 1;
    this.#missing += 1;
    if (format === 'json') {
      frames.push(tickFrame('json', jsonTick(tick).subarray(0, 30)));
      return;
    }
    const message = binaryTick(tick);
    message.writeUInt32LE(TICK_SYMBOLS.length, 0);
    frames.push(tickFrame('binary', message));
  }

  #releaseHeldBack(frames: Buffer[]): void {
    const tick = this.#heldBack;
    if (tick === null) return;
    this.#heldBack = null;
    this.#options.counts.swapped += 1;
    this.#options.counts.missing -= 1;
    this.#send(tick, frames);
  }

  #isDue(every: number | undefined): boolean {
    return every !== undefined && this.#made % every === 0;
  }
}

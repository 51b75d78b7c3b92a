/** The page of a browser reader: every message is counted and checked, and shown in one of two ways. */

import { type ParsedTick, ParsedTicks } from '../../reading/parsed-ticks.ts';
import { type TickHello, toMonotonicUs } from '../../reading/tick-control.ts';
import type { PageApi, PageReport, PageStart, PageState, PageWindow } from '../page-contract.ts';
import { PageMeter } from './page-meter.ts';
import { TickRows } from './tick-rows.ts';

const STATS_INTERVAL_MS = 1_000;
/** Of a server's frame around a message below 126 bytes. */
const HEADER_BYTES = 2;
const RESOLUTION_STEPS = 20;

declare global {
  var touchline: PageApi;
}

/** Epoch ms, which never step. */
function now(): number {
  return performance.timeOrigin + performance.now();
}

class TickPageReader {
  readonly #start: PageStart;
  readonly #rows = new TickRows();
  readonly #ticks: ParsedTicks;
  readonly #socket: WebSocket;
  readonly #meter = new PageMeter();
  /** Shown at the next animation frame. */
  readonly #latest = new Map<string, ParsedTick>();
  /** What to add to the latency by the page's clock, µs. */
  #clockUs = 0;
  #acknowledged = 0;
  #toldTotal = 0;
  #toldAtMs = now();
  #frames = 0;
  #frameAtMs = 0;
  #longestFrameMs = 0;
  #rowsBefore = 0;
  #rowsWritten = 0;
  #isClosing = false;
  #ended: string | null = null;
  #onEnd: (reason: string) => void = () => undefined;
  #onHello: () => void = () => undefined;

  constructor(start: PageStart) {
    this.#start = start;
    this.#ticks = new ParsedTicks({
      format: start.format,
      onHello: (hello) => this.#greet(hello),
      onSkipped: (ticks) => this.#meter.skip(now(), ticks),
    });
    this.#socket = new WebSocket(start.wsUrl);
    this.#socket.binaryType = 'arraybuffer';
    this.#socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => this.#take(data);
    this.#socket.onclose = ({ code }) => this.#end(`close_${code}`);
  }

  /** Null once the hello came, else why it did not. */
  async connected(): Promise<string | null> {
    return await new Promise((resolve) => {
      const timer = setTimeout(() => resolve('timeout'), this.#start.connectTimeoutMs);
      this.#onHello = () => {
        clearTimeout(timer);
        resolve(null);
      };
      this.#onEnd = (reason) => {
        clearTimeout(timer);
        resolve(reason);
      };
    });
  }

  measure(window: PageWindow): void {
    this.#meter.open(window);
  }

  /** What comes from here on the browser keeps to itself. */
  close(): PageReport {
    if (this.#ended === null) {
      this.#acknowledge();
      this.#isClosing = true;
      this.#socket.close(1000);
    }
    return this.#report();
  }

  /** Resolves when the connection is gone, or the time is over. */
  async closed(timeoutMs: number): Promise<void> {
    if (this.#ended !== null) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#onEnd = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  state(): PageState {
    const { ledger } = this.#ticks;
    return {
      received: ledger.received,
      lost: ledger.unexplainedGaps,
      ended: this.#isClosing ? null : this.#ended,
    };
  }

  #report(): PageReport {
    return {
      ...this.state(),
      ...this.#meter.report(),
      books: this.#ticks.ledger.books(),
      acknowledged: this.#acknowledged,
      frames: this.#frames,
      rowsWritten: this.#rowsWritten,
      longestFrameMs: this.#longestFrameMs,
    };
  }

  #greet(hello: TickHello): void {
    const { ackEveryMs, clientId, format } = this.#start;
    if (hello.format !== format) {
      this.#end('hello_format');
      this.#socket.close();
      return;
    }
    this.#clockUs = this.#start.toMonotonicUs - toMonotonicUs(hello);
    this.#rows.show(hello.symbols);
    this.#send({ type: 'identify', clientId });
    setInterval(() => this.#tellStats(), STATS_INTERVAL_MS);
    if (ackEveryMs > 0) setInterval(() => this.#acknowledge(), ackEveryMs);
    requestAnimationFrame(() => this.#frame());
    this.#onHello();
  }

  #take(data: string | ArrayBuffer): void {
    const atMs = now();
    const before = this.#ticks.ledger.received;
    const isText = typeof data === 'string';
    const tick = isText ? this.#ticks.takeText(data) : this.#ticks.takeBinary(new DataView(data));
    const { received } = this.#ticks.ledger;
    const bytes = (isText ? data.length : data.byteLength) + HEADER_BYTES;
    this.#meter.count(atMs, received - before, bytes);
    if (tick === null) return;
    if (received % this.#start.timeEvery === 0) {
      this.#meter.time(atMs, Math.floor((atMs - tick.ts) * 1_000 + this.#clockUs));
    }
    if (this.#start.mode === 'sampled') {
      this.#latest.set(tick.symbol, tick);
    } else {
      this.#rows.write(tick);
      this.#rows.writeTotal(received);
    }
  }

  #frame(): void {
    const atMs = now();
    for (const tick of this.#latest.values()) this.#rows.write(tick);
    if (this.#latest.size > 0) this.#rows.writeTotal(this.#ticks.ledger.received);
    this.#latest.clear();
    if (this.#meter.includes(atMs)) {
      this.#frames += 1;
      this.#rowsWritten += this.#rows.written - this.#rowsBefore;
      if (this.#frameAtMs > 0) this.#longestFrameMs = Math.max(this.#longestFrameMs, atMs - this.#frameAtMs);
    }
    this.#rowsBefore = this.#rows.written;
    this.#frameAtMs = atMs;
    requestAnimationFrame(() => this.#frame());
  }

  #tellStats(): void {
    const atMs = now();
    const { received } = this.#ticks.ledger;
    const recent = this.#meter.takeRecent();
    const messagesPerSec = Math.round(((received - this.#toldTotal) * 1_000) / (atMs - this.#toldAtMs));
    const p99LatencyMs = recent.quantileMs(0.99);
    this.#toldTotal = received;
    this.#toldAtMs = atMs;
    this.#rows.writeRate(messagesPerSec, p99LatencyMs);
    const avgLatencyMs = Math.round(recent.avgMs * 1_000) / 1_000;
    const { clientId } = this.#start;
    this.#send({
      type: 'stats',
      clientId,
      messagesPerSec,
      totalMessages: received,
      avgLatencyMs,
      p99LatencyMs,
    });
  }

  #acknowledge(): void {
    if (this.#start.ackEveryMs === 0) return;
    this.#acknowledged = this.#ticks.ledger.received;
    this.#send({ type: 'ack', received: this.#acknowledged });
  }

  #send(message: Readonly<Record<string, unknown>>): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #end(reason: string): void {
    this.#ended ??= reason;
    this.#onEnd(reason);
  }
}

/** Several times until the clock has moved: the shortest step. */
function clockResolutionUs(): number {
  let shortestMs = Number.POSITIVE_INFINITY;
  for (let step = 0; step < RESOLUTION_STEPS; step += 1) {
    const before = performance.now();
    let after = before;
    while (after === before) after = performance.now();
    shortestMs = Math.min(shortestMs, after - before);
  }
  return shortestMs * 1_000;
}

let reader: TickPageReader | null = null;

function started(): TickPageReader {
  if (reader === null) throw new Error('expected start before anything else');
  return reader;
}

globalThis.touchline = {
  now,
  clockResolutionUs,
  start: async (start) => {
    reader = new TickPageReader(start);
    return await reader.connected();
  },
  measure: (window) => started().measure(window),
  state: () => started().state(),
  close: () => started().close(),
  closed: async (timeoutMs) => await started().closed(timeoutMs),
};

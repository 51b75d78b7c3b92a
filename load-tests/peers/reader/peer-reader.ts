/** All readers of one peer, in one process: opens them, counts in a window or up to a number, closes them. */

import { CONNECTIONS_PER_ADDRESS, sourceAddresses } from '../../generator/client/source-addresses.ts';
import { LatencyHistogram } from '../../generator/latency/latency-histogram.ts';
import { readOtherFrame } from './other-frames.ts';
import { readBuffer } from './read-buffer.ts';
import { type ConnectionOwner, ReaderConnection } from './reader-connection.ts';
import type { ReaderPlan, ReaderResult } from './reader-plan.ts';
import { TickWalker, type WalkerSink } from './tick-walker.ts';

const IN_FLIGHT = 100;

/** What the process tells while the reader works. */
export interface ReaderObserver {
  measuring(): void;
  measured(): void;
}

interface WindowStart {
  readonly atMs: number;
  readonly cpu: NodeJS.CpuUsage;
  readonly messages: number;
  readonly bytes: number;
}

export class PeerReader implements ConnectionOwner, WalkerSink {
  readonly #plan: ReaderPlan;
  readonly #url: URL;
  readonly #observer: ReaderObserver;
  readonly #addresses: readonly string[];
  readonly #connections: ReaderConnection[] = [];
  readonly #byWalker = new Map<TickWalker, ReaderConnection>();
  #latency = new LatencyHistogram();
  #negative = 0;
  #bytes = 0;
  #corrupt = 0;
  #skipped = 0;
  #joined = 0;
  #unfinished: number;
  #closed = 0;
  #window: WindowStart;
  #result: ReaderResult | null = null;
  readonly #settled: Promise<ReaderResult>;
  #resolve: (result: ReaderResult) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;

  constructor(plan: ReaderPlan, observer: ReaderObserver) {
    this.#plan = plan;
    this.#url = new URL(plan.path, `ws://127.0.0.1:${plan.port}`);
    this.#observer = observer;
    this.#addresses = sourceAddresses(this.#url.hostname, plan.readers);
    this.#unfinished = plan.readers;
    this.#window = this.#now();
    this.#settled = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /**
   * Reads as the plan says.
   *
   * @throws Error when a connection cannot be opened, or ends before its time
   */
  async run(): Promise<ReaderResult> {
    this.#openMore();
    try {
      return await this.#settled;
    } finally {
      for (const connection of this.#connections) connection.destroy();
    }
  }

  opened(): void {
    // Socket.IO has a handshake of its own behind this one.
    if (this.#plan.shape.framing === 'websocket') this.#join();
  }

  read(connection: ReaderConnection, bytes: number): void {
    this.#bytes += bytes;
    const { end } = this.#plan;
    if (end.kind !== 'count' || connection.walker.received < end.messages) return;
    if (connection.isFinished) return;
    connection.isFinished = true;
    this.#unfinished -= 1;
    if (this.#unfinished === 0) this.#closeAll();
  }

  ended(_connection: ReaderConnection, reason: string | null): void {
    if (reason !== null) {
      this.#reject(
        new Error(`expected ${this.#plan.readers} readers to stay connected; one ended: ${reason}`),
      );
      return;
    }
    this.#closed += 1;
    if (this.#closed === this.#connections.length) this.#resolve(this.#finalResult());
  }

  onOther(walker: TickWalker, opcode: number, start: number, end: number): void {
    const connection = this.#byWalker.get(walker);
    const frame = readOtherFrame(this.#plan.shape.framing, opcode, readBuffer.toString('latin1', start, end));
    if (frame.kind === 'corrupt') this.#corrupt += 1;
    else if (frame.kind === 'skipped') this.#skipped += frame.count;
    else if (frame.kind === 'next') walker.expect(frame.seq);
    else if (frame.kind === 'answer') connection?.sendText(frame.text);
    else if (frame.kind === 'close') connection?.closeCame();
    else if (frame.kind === 'joined') this.#join();
  }

  onSample(latencyMs: number): void {
    if (latencyMs >= 0) {
      this.#latency.record(latencyMs * 1_000);
    } else {
      this.#negative += 1;
      this.#latency.record(0);
    }
  }

  #openMore(): void {
    const { readers, shape } = this.#plan;
    while (this.#connections.length < Math.min(readers, this.#joined + IN_FLIGHT)) {
      const walker = new TickWalker(shape, this, this.#connections.length);
      const localAddress = this.#addresses[Math.floor(this.#connections.length / CONNECTIONS_PER_ADDRESS)];
      const connection = new ReaderConnection({ url: this.#url, localAddress, walker, owner: this });
      this.#byWalker.set(walker, connection);
      this.#connections.push(connection);
    }
  }

  #join(): void {
    this.#joined += 1;
    this.#openMore();
    const { end, readers } = this.#plan;
    if (this.#joined < readers) return;
    if (end.kind === 'window') setTimeout(() => this.#startWindow(end.measureMs), end.warmUpMs);
    else this.#startCounting();
  }

  #startCounting(): void {
    this.#window = this.#now();
    this.#observer.measuring();
  }

  #startWindow(measureMs: number): void {
    this.#latency = new LatencyHistogram();
    this.#negative = 0;
    this.#startCounting();
    setTimeout(() => {
      this.#result = this.#resultNow();
      this.#observer.measured();
      if (this.#plan.closesCleanly) this.#closeAll();
      else this.#resolve(this.#finalResult());
    }, measureMs);
  }

  #closeAll(): void {
    for (const connection of this.#connections) connection.close();
  }

  #now(): WindowStart {
    return {
      atMs: performance.now(),
      cpu: process.cpuUsage(),
      messages: this.#sum((walker) => walker.received),
      bytes: this.#bytes,
    };
  }

  /** The window's figures, with the faults of the connections' whole life. */
  #finalResult(): ReaderResult {
    const received = this.#connections.map(({ walker }) => walker.received);
    return {
      ...(this.#result ?? this.#resultNow()),
      // Not by spreading: a thousand arguments are many.
      fewest: received.reduce((least, count) => Math.min(least, count), Number.POSITIVE_INFINITY),
      most: received.reduce((most, count) => Math.max(most, count), 0),
      faults: {
        missing: this.#sum((walker) => walker.missing),
        repeated: this.#sum((walker) => walker.repeated),
        corrupt: this.#corrupt,
        skipped: this.#skipped,
      },
    };
  }

  #resultNow(): ReaderResult {
    const start = this.#window;
    const end = this.#now();
    const seconds = (end.atMs - start.atMs) / 1_000;
    const cpu = process.cpuUsage(start.cpu);
    return {
      type: 'result',
      connections: this.#connections.length,
      messages: this.#plan.end.kind === 'count' ? end.messages : end.messages - start.messages,
      bytes: end.bytes - start.bytes,
      seconds,
      fewest: 0,
      most: 0,
      faults: { missing: 0, repeated: 0, corrupt: 0, skipped: 0 },
      latency: this.#latency.encode(),
      negative: this.#negative,
      cpuCores: (cpu.user + cpu.system) / 1e6 / seconds,
    };
  }

  #sum(of: (walker: TickWalker) => number): number {
    return this.#connections.reduce((sum, { walker }) => sum + of(walker), 0);
  }
}

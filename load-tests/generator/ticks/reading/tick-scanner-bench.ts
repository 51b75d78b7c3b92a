/**
 * How many ticks a second one core checks, without any socket: prepared bytes are copied into one read buffer, as the
 * kernel does, and read from there. Entry file: `node dist/load-tests/generator/ticks/reading/tick-scanner-bench.js`;
 * with `--cpu-prof` it tells where the time goes.
 */

import { OPCODE } from '../../client/frame-parser.ts';
import { LatencyHistogram } from '../../latency/latency-histogram.ts';
import type { TickFormat } from '../tick-plan.ts';
import { ParsedTicks } from './parsed-ticks.ts';
import { type TickIntake, TickStream } from './tick-stream.ts';

const TICKS = 500_000;
const ROUNDS = 9;
const READ_BYTES = 64 * 1024;
const TIME_EVERY = 16;
const SYMBOLS = ['AAPL', 'MSFT', 'GOOGL', 'AMZN', 'NVDA', 'META', 'TSLA', 'BRK.B', 'JPM', 'V'];
const EPOCH_NS = 1_763_689_000_000_000_000n;
const FIRST_SEQ = 1_000_000;

/** As a worker's, but for the window. */
class BenchIntake implements TickIntake {
  receivedUs = 0;
  readonly #histogram = new LatencyHistogram();
  count(): void {}
  skip(): void {}
  time(latencyUs: number): void {
    this.#histogram.record(latencyUs < 0 ? 0 : latencyUs);
  }
}

const sink = {
  onText: () => undefined,
  onBinary: () => undefined,
  onPing: () => undefined,
  onClose: () => undefined,
  onViolation: (what: string): never => {
    throw new Error(what);
  },
};

interface Feed {
  readonly hello: Buffer;
  readonly messages: readonly Buffer[];
  readonly frames: Buffer;
}

/** Heap that a tick of the last lean round took; a collection in between would make it less. */
let heapBytesPerTick = 0;

const readBuffer = Buffer.allocUnsafeSlow(READ_BYTES);
for (const format of ['json', 'binary'] as const) {
  const feed = prepare(format);
  const bytesPerTick = feed.frames.length / TICKS;
  const lean = median(() => readLean(format, feed));
  const parsed = median(() => readParsed(format, feed));
  console.log(
    `${format.padEnd(6)} ${bytesPerTick.toFixed(1)} bytes a tick · lean ${millions(lean)} M/s, ` +
      `${(1e9 / lean).toFixed(1)} ns and ${heapBytesPerTick.toFixed(2)} bytes of heap a tick · JSON.parse or DataView a message ${millions(parsed)} M/s`,
  );
}

/** Ticks a second of CPU time: what else the machine does hardly bends it. */
function readLean(format: TickFormat, { hello, frames }: Feed): number {
  const intake = new BenchIntake();
  const stream = new TickStream({ format, timeEvery: TIME_EVERY, intake, onHello: () => undefined });
  stream.push(hello, 0, hello.length, sink);
  const heapBefore = process.memoryUsage().heapUsed;
  const before = process.cpuUsage();
  for (let at = 0; at < frames.length; at += READ_BYTES) {
    const bytes = frames.copy(readBuffer, 0, at, Math.min(at + READ_BYTES, frames.length));
    stream.push(readBuffer, 0, bytes, sink);
  }
  const cpuUs = cpuUsSince(before);
  heapBytesPerTick = (process.memoryUsage().heapUsed - heapBefore) / TICKS;
  const { received, corrupt, outOfOrder, gaps } = stream.ledger.books();
  if (received !== TICKS || corrupt + outOfOrder + (gaps ?? 0) > 0) throw new Error('miscounted');
  return (TICKS * 1e6) / cpuUs;
}

/** The same by whole messages, without the library that would cut them out. */
function readParsed(format: TickFormat, { hello, messages }: Feed): number {
  const ticks = new ParsedTicks({ format, onHello: () => undefined, onSkipped: () => undefined });
  ticks.takeText(hello.toString('utf8', hello.indexOf('{')));
  const before = process.cpuUsage();
  for (const message of messages) {
    if (format === 'json') ticks.takeText(message.toString());
    else ticks.takeBinary(new DataView(message.buffer, message.byteOffset, message.length));
  }
  const cpuUs = cpuUsSince(before);
  if (ticks.ledger.received !== TICKS) throw new Error('miscounted');
  return (TICKS * 1e6) / cpuUs;
}

function cpuUsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

function prepare(format: TickFormat): Feed {
  const clock = { hrtimeNs: '0', epochNs: String(EPOCH_NS) };
  const hello = { type: 'hello', symbols: SYMBOLS, clock, format, seq: FIRST_SEQ - 1 };
  const messages = Array.from({ length: TICKS }, (_, index) =>
    format === 'json' ? jsonTick(index) : binaryTick(index),
  );
  const opcode = format === 'json' ? OPCODE.text : OPCODE.binary;
  return {
    hello: frame(OPCODE.text, Buffer.from(JSON.stringify(hello))),
    messages,
    frames: Buffer.concat(messages.map((message) => frame(opcode, message))),
  };
}

function jsonTick(index: number): Buffer {
  const ns = String(EPOCH_NS + BigInt(index) * 1_000n);
  const price = (100 + ((index * 7) % 90_000) / 100).toFixed(2);
  const ts = `${ns.slice(0, 13)}.${ns.slice(13, 16)}`;
  return Buffer.from(
    `{"symbol":"${SYMBOLS[(index * 3) % SYMBOLS.length]}","price":${price},"ts":${ts},"seq":${FIRST_SEQ + index}}`,
  );
}

function binaryTick(index: number): Buffer {
  const tick = Buffer.alloc(20);
  tick.writeUInt32LE((index * 3) % SYMBOLS.length, 0);
  tick.writeDoubleLE(100 + ((index * 7) % 90_000) / 100, 4);
  tick.writeBigInt64LE(EPOCH_NS + BigInt(index) * 1_000n, 12);
  return tick;
}

function frame(opcode: number, payload: Buffer): Buffer {
  const header =
    payload.length < 126
      ? Buffer.from([0x80 | opcode, payload.length])
      : Buffer.from([0x80 | opcode, 126, payload.length >>> 8, payload.length & 0xff]);
  return Buffer.concat([header, payload]);
}

function median(measure: () => number): number {
  const rates = Array.from({ length: ROUNDS }, measure).sort((a, b) => a - b);
  return rates[Math.floor(ROUNDS / 2)] ?? 0;
}

function millions(perSecond: number): string {
  return (perSecond / 1e6).toFixed(2);
}

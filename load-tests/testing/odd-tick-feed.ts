/** A feed as bytes in which odd things happen, and what must be counted of it. */

import type { TickFormat } from '../generator/ticks/tick-plan.ts';
import { binaryTick, conflatedText, jsonTick, type TestTick, textFrame, tickFrame } from './tick-messages.ts';
import { serverFrame } from './ws-codec.ts';

const PING = 9;
const CONTINUATION = 0;

/** What may happen to a tick, or behind it. */
export const HAPPENINGS = [
  'ok',
  'drop',
  'twice',
  'swap',
  'share',
  'corrupt',
  'ping',
  'weather',
  'skip',
  'split',
] as const;
export type Happening = (typeof HAPPENINGS)[number];

export class OddTickFeed {
  readonly expected = {
    received: 0,
    twice: 0,
    shared: 0,
    swapped: 0,
    corrupt: 0,
    pings: 0,
    weather: 0,
    skipped: 0,
  };
  readonly #format: TickFormat;
  readonly #tickAt: (index: number) => TestTick;
  readonly #frames: Buffer[] = [];
  #index = 0;
  #newestNs = 0n;

  /** @param hello the frame it begins with */
  constructor(format: TickFormat, hello: Buffer, tickAt: (index: number) => TestTick) {
    this.#format = format;
    this.#tickAt = tickAt;
    this.#frames.push(hello);
    this.#send(this.#next());
  }

  bytes(): Buffer {
    return Buffer.concat(this.#frames);
  }

  /** The next tick, and what happens to it. */
  add(what: Happening): void {
    this.#actions[what](this.#next());
  }

  readonly #actions: Readonly<Record<Happening, (tick: TestTick) => void>> = {
    ok: (tick) => this.#send(tick),
    drop: () => undefined,
    twice: (tick) => {
      this.expected.twice += 1;
      this.#send(tick);
      this.#send(tick);
    },
    swap: (tick) => {
      this.expected.swapped += 1;
      this.#send(this.#next());
      this.#send(tick);
    },
    share: (tick) => {
      this.expected.shared += 1;
      this.#send({ ...tick, tsNs: this.#newestNs });
    },
    corrupt: (tick) => {
      this.expected.corrupt += 1;
      this.expected.received += 1;
      const half = this.#message(tick).subarray(0, this.#format === 'json' ? 40 : 19);
      this.#frames.push(tickFrame(this.#format, half));
    },
    ping: (tick) => {
      this.expected.pings += 1;
      this.#send(tick);
      this.#frames.push(serverFrame(PING, Buffer.from('?')));
    },
    weather: (tick) => {
      this.expected.weather += 1;
      this.#send(tick);
      this.#frames.push(textFrame('{"type":"weather"}'));
    },
    skip: () => {
      this.expected.skipped += 1;
      this.#frames.push(textFrame(conflatedText(1, this.#index)));
    },
    split: (tick) => {
      this.#note(tick);
      const message = this.#message(tick);
      const opcode = this.#format === 'json' ? 1 : 2;
      this.#frames.push(serverFrame(opcode, message.subarray(0, 9), false));
      this.#frames.push(serverFrame(CONTINUATION, message.subarray(9)));
    },
  };

  #next(): TestTick {
    const tick = this.#tickAt(this.#index);
    this.#index += 1;
    return tick;
  }

  #send(tick: TestTick): void {
    this.#note(tick);
    this.#frames.push(tickFrame(this.#format, this.#message(tick)));
  }

  #note({ tsNs }: TestTick): void {
    this.expected.received += 1;
    if (tsNs > this.#newestNs) this.#newestNs = tsNs;
  }

  #message(tick: TestTick): Buffer {
    return this.#format === 'json' ? jsonTick(tick) : binaryTick(tick);
  }
}

/** What one connection of a fake tick server gets. */

import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { isDue } from '../every-nth.ts';
import {
  binaryTick,
  conflatedText,
  jsonTick,
  type TestTick,
  TICK_SYMBOLS,
  textFrame,
  tickFrame,
} from '../tick-messages.ts';
import type { FakeTickCounts, FakeTickFaults } from './fake-tick-faults.ts';

export interface FakeFeedOptions {
  readonly format: 'json' | 'binary';
  readonly socket: WebSocket;
  readonly stream: Socket;
  readonly faults: FakeTickFaults;
  readonly counts: FakeTickCounts;
  readonly decimals: number;
}

export class FakeTickFeed {
  readonly #options: FakeFeedOptions;
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

  constructor(options: FakeFeedOptions) {
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
    if (isDue(this.#made, faults.dropEvery)) {
      counts.dropped += 1;
      this.#dropped += 1;
      this.#missing += 1;
    } else if (isDue(this.#made, faults.duplicateEvery)) {
      counts.duplicated += 1;
      this.#send(tick, frames);
      this.#send(tick, frames);
    } else if (isDue(this.#made, faults.swapEvery)) {
      this.#heldBack = tick;
      // Until it is released: a feed may end before.
      this.#missing += 1;
    } else if (isDue(this.#made, faults.shareEvery)) {
      counts.shared += 1;
      this.#send({ ...tick, tsNs: this.#newestNs }, frames);
    } else if (isDue(this.#made, faults.corruptEvery)) {
      this.#sendCorrupt(tick, frames);
    } else {
      this.#send(tick, frames);
      this.#releaseHeldBack(frames);
    }
    if (!isDue(this.#made, faults.foreignEvery)) return;
    counts.foreign += 1;
    frames.push(textFrame('{"type":"weather","is":"fine"}'));
  }

  /** Whether this tick is one of those left out. */
  #skip(frames: Buffer[]): boolean {
    const { counts, faults } = this.#options;
    if (isDue(this.#made, faults.conflate?.every)) this.#toSkip = faults.conflate?.ticks ?? 0;
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
}

/** The ticks of one turn on their way to the readers: written once for each format in use, handed over in one mode. */

import type { Connection, SendResult } from '../../hub/connection.ts';
import type { Frames } from '../../hub/frames/frame-batch.ts';
import type { HubCounters } from '../../hub/hub-counters.ts';
import type { FanOutMode } from '../../protocol/fan-out-modes.ts';
import type { TickFormat } from '../../protocol/tick-messages.ts';
import { type TickBatch, tickAt } from './tick.ts';
import { naiveTick } from './tick-encoding.ts';
import type { TickReader } from './tick-reader.ts';
import { splitFrames, TICK_HEADER_BYTES, type TickWriter, type WrittenTurn } from './tick-writer.ts';

export interface TickTurnOptions {
  readonly batch: TickBatch;
  readonly mode: FanOutMode;
  readonly writers: Readonly<Record<TickFormat, TickWriter>>;
  readonly counters: HubCounters;
}

/** What is made of the turn when the first reader of a format needs it. */
interface Prepared {
  written?: WrittenTurn;
  frames?: readonly Frames[];
  naive?: readonly (string | Buffer)[];
}

/** What one reader was handed, and the answer to the last of it. */
interface Handed {
  readonly result: SendResult;
  readonly ticks: number;
  readonly payloadBytes: number;
  readonly writes: number;
}

export class TickTurn {
  /** The last tick of the turn. */
  readonly lastSeq: number;
  readonly mode: FanOutMode;
  readonly #options: TickTurnOptions;
  readonly #prepared: Readonly<Record<TickFormat, Prepared>> = { json: {}, binary: {} };

  constructor(options: TickTurnOptions) {
    this.#options = options;
    this.mode = options.mode;
    this.lastSeq = options.batch.firstSeq + options.batch.count - 1;
  }

  /** Hands all of it to one reader, and counts what it got. If a limit ends that half way, the rest is skipped. */
  deliver(reader: TickReader, nowMs: number): SendResult {
    const { result, ticks, payloadBytes, writes } = this.#hand(reader, nowMs);
    if (ticks === 0) return result;
    const { counters } = this.#options;
    counters.socketWrites += writes;
    counters.framesWritten += ticks;
    counters.sentPayloadBytes += payloadBytes;
    reader.give(ticks, this.lastSeq);
    const held = this.#prepared[reader.format].written?.held ?? null;
    reader.wrote(payloadBytes + ticks * TICK_HEADER_BYTES, held);
    return result;
  }

  /** Every reader has it: the buffers may be written again as soon as no socket holds them. */
  release(): void {
    for (const { written } of Object.values(this.#prepared)) written?.held?.release();
  }

  #hand({ connection, format }: TickReader, nowMs: number): Handed {
    switch (this.mode) {
      case 'naive':
        return sendEach(connection, this.#naive(format), nowMs);
      case 'framed':
        return writeEach(connection, this.#frames(format), nowMs);
      case 'corked': {
        connection.socket.cork();
        const handed = writeEach(connection, this.#frames(format), nowMs);
        connection.socket.uncork();
        return { ...handed, writes: 1 };
      }
      case 'coalesced': {
        const written = this.#written(format);
        const result = connection.sendFrames(written, nowMs);
        const ticks = isGiven(result) ? written.count : 0;
        return { result, ticks, payloadBytes: written.payloadBytes, writes: 1 };
      }
    }
  }

  #written(format: TickFormat): WrittenTurn {
    const prepared = this.#prepared[format];
    prepared.written ??= this.#options.writers[format].write(this.#options.batch);
    return prepared.written;
  }

  #frames(format: TickFormat): readonly Frames[] {
    const prepared = this.#prepared[format];
    prepared.frames ??= splitFrames(this.#written(format));
    return prepared.frames;
  }

  #naive(format: TickFormat): readonly (string | Buffer)[] {
    const prepared = this.#prepared[format];
    prepared.naive ??= encodeNaively(this.#options.batch, format);
    return prepared.naive;
  }
}

/** With a tick that serves for a millisecond, what was encoded once is sent again. */
function encodeNaively(batch: TickBatch, format: TickFormat): readonly (string | Buffer)[] {
  const { repeats, count, decimals } = batch;
  if (repeats === null) {
    return Array.from({ length: count }, (_, place) => naiveTick(tickAt(batch, place), format, decimals));
  }
  return repeats.flatMap(({ tick, count: times }) => {
    return Array<string | Buffer>(times).fill(naiveTick(tick, format, decimals));
  });
}

/** The engine frames each of them. */
function sendEach(connection: Connection, ticks: readonly (string | Buffer)[], nowMs: number): Handed {
  let result: SendResult = 'sent';
  let given = 0;
  let payloadBytes = 0;
  for (const tick of ticks) {
    result =
      typeof tick === 'string'
        ? connection.send(tick, tick.length, nowMs)
        : connection.sendBinary(tick, nowMs);
    if (!isGiven(result)) break;
    given += 1;
    payloadBytes += tick.length;
  }
  return { result, ticks: given, payloadBytes, writes: given };
}

function writeEach(connection: Connection, ticks: readonly Frames[], nowMs: number): Handed {
  let result: SendResult = 'sent';
  let given = 0;
  let payloadBytes = 0;
  for (const tick of ticks) {
    result = connection.sendFrames(tick, nowMs);
    if (!isGiven(result)) break;
    given += 1;
    payloadBytes += tick.payloadBytes;
  }
  return { result, ticks: given, payloadBytes, writes: given };
}

function isGiven(result: SendResult): boolean {
  return result === 'sent' || result === 'buffered';
}

/**
 * The feed: makes the ticks that are due, a turn at a time, and hands each turn to every reader. A turn to many readers is
 * handed over in slices, so that acknowledgements and HTTP come in between; a reader that fell behind is left out
 * until it has caught up. Nothing runs while nobody reads.
 */

import type { Connection } from '../../hub/connection.ts';
import type { Hub } from '../../hub/hub.ts';
import type { TickConfigValues, TickFormat } from '../../protocol/tick-messages.ts';
import { catchUpFrames } from './catch-up.ts';
import { FeedReaders } from './feed-readers.ts';
import { decimalsOf } from './tick.ts';
import { NS_PER_SECOND, type TickClock } from './tick-clock.ts';
import { readerLimits, type TickLimitSettings } from './tick-limits.ts';
import { pauseMs } from './tick-pace.ts';
import { TickReader } from './tick-reader.ts';
import { TickSchedule } from './tick-schedule.ts';
import { TickSource } from './tick-source.ts';
import { TickTurn } from './tick-turn.ts';
import { TickWriters } from './tick-writers.ts';
import { TurnLoop, type TurnTimers } from './turn-loop.ts';

export interface TickFeedOptions {
  readonly hub: Hub;
  readonly clock: TickClock;
  readonly config: () => TickConfigValues;
  readonly limits: TickLimitSettings;
  readonly timers: TurnTimers;
  readonly seed: number;
  readonly onDefect: (error: unknown) => void;
}

/** At full speed turns are no closer than this: one write for a few hundred ticks costs as much as one for ten. */
const LEAST_TURN_NS = 250_000;
/** Readers are handed a turn for so long before I/O has its turn. */
const SLICE_NS = 4_000_000;
/** What is due longer than this is given up, and told of as shortfall. */
const MAX_LAG_NS = NS_PER_SECOND;
/** Where each tick is a write, turns are shorter, so that one reader's part of it is. */
const MAX_TICKS_A_WRITE_EACH = 512;

export class TickFeed {
  readonly readers = new FeedReaders();
  readonly schedule: TickSchedule;
  readonly #options: TickFeedOptions;
  readonly #source: TickSource;
  /** Its buffers are let go when nobody reads. */
  #writers = new TickWriters();
  readonly #loop: TurnLoop;
  #turn: TickTurn | null = null;
  /** The readers of this turn, and how many of them have it. */
  #audience: readonly TickReader[] = [];
  #served = 0;
  #turnNotBeforeNs = 0;
  #lagNs = 0;

  constructor(options: TickFeedOptions) {
    const { clock, seed, timers, onDefect } = options;
    this.#options = options;
    this.schedule = new TickSchedule(options.config().rate);
    this.#source = new TickSource({ clock, schedule: this.schedule, seed });
    this.#loop = new TurnLoop({ timers, turn: () => this.#takeTurn(), onDefect });
  }

  /** Of the last tick that was made. */
  get seq(): number {
    return this.#source.seq;
  }

  get isStreaming(): boolean {
    return this.readers.size > 0;
  }

  /** Timers it holds now. */
  get timers(): number {
    return this.#loop.timers;
  }

  /** By how much the first tick of the last turn was late. */
  get lagSeconds(): number {
    return this.isStreaming ? this.#lagNs / NS_PER_SECOND : 0;
  }

  /** A reader is owed every tick after the last one made. */
  join(connection: Connection, format: TickFormat): TickReader {
    const joinedAtMs = this.#options.hub.clock.nowMs();
    const reader = new TickReader({ connection, format, joinedAtSeq: this.seq, joinedAtMs });
    const wasStreaming = this.isStreaming;
    this.readers.add(reader);
    if (!wasStreaming) {
      this.schedule.restart(this.#options.clock.nowNs());
      this.#loop.start();
    }
    return reader;
  }

  /** @param isClean whether the closing handshake came through */
  leave(connection: Connection, isClean: boolean): void {
    this.readers.remove(connection, isClean);
    if (!this.isStreaming) this.stop();
  }

  /** Lets go of timers and buffers. */
  stop(): void {
    this.#loop.stop();
    this.#endTurn();
    this.#writers = new TickWriters();
  }

  /** The rate changed: whatever the loop waits for, it waits anew. */
  rateChanged(rate: number): void {
    this.schedule.setRate(rate, this.#options.clock.nowNs());
    this.#loop.wake();
  }

  /** @returns ms until the next turn */
  #takeTurn(): number {
    const startedAtNs = this.#options.clock.nowNs();
    if (this.#turn === null) this.#beginTurn(startedAtNs);
    if (this.#turn !== null) this.#serve(this.#turn, startedAtNs + SLICE_NS);
    if (this.#turn !== null) return 0;
    const nowNs = this.#options.clock.nowNs();
    // A turn may end before what is due does.
    if (this.schedule.due(nowNs) > 0) return 0;
    return pauseMs(this.schedule.rate, this.schedule.nextDueNs - nowNs);
  }

  #beginTurn(nowNs: number): void {
    const { schedule } = this;
    if (nowNs < this.#turnNotBeforeNs) return;
    schedule.giveUpBefore(nowNs - MAX_LAG_NS);
    const due = schedule.due(nowNs);
    if (due === 0) return;
    const { fanOut, source } = this.#options.config();
    const isWriteEach = fanOut === 'naive' || fanOut === 'framed';
    this.#lagNs = nowNs - schedule.nextDueNs;
    const batch = this.#source.make(isWriteEach ? Math.min(due, MAX_TICKS_A_WRITE_EACH) : due, source);
    if (batch.count === due) this.#turnNotBeforeNs = nowNs + LEAST_TURN_NS;
    const { counters } = this.#options.hub;
    this.#turn = new TickTurn({ batch, mode: fanOut, writers: this.#writers.of(source), counters });
    this.#audience = this.readers.all();
    this.#served = 0;
  }

  #serve(turn: TickTurn, untilNs: number): void {
    const { hub, clock } = this.#options;
    const limits = readerLimits(this.#options.limits, this.readers.size);
    const nowMs = hub.clock.nowMs();
    while (this.#served < this.#audience.length) {
      const reader = this.#audience[this.#served];
      this.#served += 1;
      if (reader === undefined || reader.hasLeft) continue;
      if (!reader.connection.isEnding) this.#serveOne(reader, turn, { limits, nowMs });
      if (clock.nowNs() >= untilNs && this.#served < this.#audience.length) return;
    }
    this.#endTurn();
  }

  #serveOne(
    reader: TickReader,
    turn: TickTurn,
    { limits, nowMs }: { readonly limits: ReturnType<typeof readerLimits>; readonly nowMs: number },
  ): void {
    const { hub } = this.#options;
    if (reader.isConflating && reader.hasCaughtUp()) {
      this.#catchUp(reader, turn, nowMs);
    } else if (reader.isConflating) {
      reader.withhold(turn.lastSeq);
      if (reader.isStuck(limits, nowMs)) hub.endSlow(reader.connection, 'age');
    } else if (turn.mode !== 'naive' && reader.fallsBehind(limits, nowMs)) {
      reader.withhold(turn.lastSeq);
    } else {
      const result = turn.deliver(reader, nowMs);
      if (result === 'bytes' || result === 'age') hub.endSlow(reader.connection, result);
    }
  }

  #catchUp(reader: TickReader, turn: TickTurn, nowMs: number): void {
    const latest = this.#source.latestSince(reader.gapAfterSeq);
    const cost = reader.gapCost(latest.length, turn.lastSeq);
    const { format } = reader;
    const frames = catchUpFrames({ latest, format, decimals: decimalsOf(this.schedule.rate), cost });
    const { counters } = this.#options.hub;
    const result = reader.connection.sendFrames(frames, nowMs);
    if (result !== 'sent' && result !== 'buffered') return;
    counters.socketWrites += 1;
    counters.framesWritten += frames.count;
    counters.sentPayloadBytes += frames.payloadBytes;
    reader.resume(latest.length, turn.lastSeq);
    reader.wrote(frames.bytes.byteLength, null);
  }

  #endTurn(): void {
    this.#turn?.release();
    this.#turn = null;
    this.#audience = [];
  }
}

/** What a tick load saw, as data. */

import { type Static, type TSchema, Type } from 'typebox';
import {
  ConnectResultSchema,
  EncodedHistogramSchema,
  FailureCountSchema,
  WorkerUsageSchema,
} from '../load-result.ts';

const Count = Type.Integer({ minimum: 0 });
const Ratio = Type.Number({ minimum: 0 });
const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/**
 * What all readers together got, each from its hello until its closing handshake was answered.
 *
 * Of a JSON feed numbered = (received − duplicated − corrupt) + gaps, exactly. A binary feed has no numbers: what is
 * null there cannot be seen; its loss is the server's flushed count − received − skipped.
 */
export const TickLedgerSchema = Type.Object({
  /** Tick messages, corrupt ones included. */
  received: Count,
  /** Numbers of the feed from each reader's hello up to the highest it got. */
  numbered: Nullable(Count),
  /** Of these, those that never came: the ones the server skipped on purpose are among them. */
  gaps: Nullable(Count),
  /** Ticks whose number had come already. */
  duplicated: Nullable(Count),
  /** Ticks older than the newest one so far, by their time or by their number. */
  outOfOrder: Count,
  /** Ticks with the very time of the newest one so far; a repetition is one too. */
  sharedTimestamps: Count,
  /** Messages that are no well-formed tick of a known symbol with a plausible price and time. */
  corrupt: Count,
  /** Ticks the server said it left out for readers that could not keep up. */
  skipped: Count,
  /** How often it said so. */
  conflations: Count,
  /**
   * Ticks made for the connections less received less skipped, each as of its last word on skipping: loss that shows
   * without numbers. Null when there was no such word.
   */
  shortAtConflation: Nullable(Type.Integer()),
  /** Text messages that are neither tick nor control message. */
  foreignText: Count,
  /**
   * Readers whose closing handshake was not answered: their part of all this ends at some moment, and what was under
   * way then is neither received nor lost. A browser shows its page nothing that comes after `close()`, so its reader
   * is always one.
   */
  undetermined: Count,
  /** What the readers acknowledged last, summed. */
  acknowledged: Count,
});

/** What came while the window was open, by time of receipt; without the slow readers. */
export const TickMeasuredSchema = Type.Object({
  received: Count,
  skipped: Count,
  /** Bytes of frames: of the lean reader as they were read, of others as these messages take on the wire. */
  bytes: Count,
  perSecond: Ratio,
});

/**
 * Receipt minus the tick's own time, of what was received in the window; each half is that by receipt. A reader that
 * cannot keep up is told by what it got, however old that was.
 */
export const TickLatencySchema = Type.Object({
  response: EncodedHistogramSchema,
  firstHalf: EncodedHistogramSchema,
  secondHalf: EncodedHistogramSchema,
  /** Receipts before the tick's own time: a server ahead of its clock, or an error of the clocks. Not in the histograms. */
  negative: Count,
  /** Every how many-th message of a reader was timed: 1 is all of them. */
  sampledEvery: Type.Integer({ minimum: 1 }),
  /** Each latency may be off by so much because of the clocks; null where the target's clock is not this machine's. */
  clockErrorUs: Nullable(Ratio),
});

/** By time of receipt. */
export const TickSecondSchema = Type.Object({
  elapsedMs: Type.Number(),
  /** All messages. */
  received: Count,
  /** Of the timed ones. */
  p50Ms: Nullable(Type.Number()),
  p99Ms: Nullable(Type.Number()),
  maxMs: Nullable(Type.Number()),
});

/** Readers that stopped reading as the window began. */
export const TickSlowReadersSchema = Type.Object({
  /** How many did. */
  count: Count,
  /** What slow readers had received until then, by the ledger's terms. */
  receivedBeforePause: Count,
  gapsBeforePause: Nullable(Count),
  /** Those whose connection was seen to end while they did not read; most ends go unseen. */
  ended: Type.Array(FailureCountSchema),
});

/** The browser of a browser reader, over the measured window. */
export const TickBrowserSchema = Type.Object({
  version: Type.String(),
  /** CPU seconds per second of all its processes: 1 is a whole core; null where /proc does not tell. */
  cpuRatio: Nullable(Ratio),
  rssBytes: Nullable(Count),
  /** Animation frames, and rows written into the document. */
  frames: Count,
  rowsWritten: Count,
  /** The longest time between two animation frames. */
  longestFrameMs: Ratio,
  /** The steps of the page's clock. */
  clockResolutionUs: Ratio,
  screenshotFile: Nullable(Type.String()),
});

export const TickResultSchema = Type.Object({
  /** `lost-target`: every connection ended before the load did. */
  state: Type.Union([Type.Literal('completed'), Type.Literal('interrupted'), Type.Literal('lost-target')]),
  reader: Type.Union([
    Type.Literal('lean'),
    Type.Literal('ws'),
    Type.Literal('browser-naive'),
    Type.Literal('browser-sampled'),
  ]),
  format: Type.Union([Type.Literal('json'), Type.Literal('binary')]),
  readers: Count,
  /** Epoch ms when the measured window began; 0 when it never did. */
  measureStartedAt: Type.Number(),
  measureRequestedMs: Type.Number(),
  measureAchievedMs: Type.Number(),
  /** Its latency is from socket creation to the hello. */
  connect: ConnectResultSchema,
  ledger: TickLedgerSchema,
  measured: TickMeasuredSchema,
  latency: TickLatencySchema,
  seconds: Type.Array(TickSecondSchema),
  /** Connections that ended before they were closed, by close code or socket error. */
  disconnects: Type.Array(FailureCountSchema),
  slowReaders: TickSlowReadersSchema,
  workers: Type.Array(WorkerUsageSchema),
  /** Busy share of all cores of this machine over the measured window (0–1). */
  machineCpuRatio: Nullable(Ratio),
  browser: Type.Optional(TickBrowserSchema),
});

export type TickResult = Static<typeof TickResultSchema>;
export type TickLedgerTotals = Static<typeof TickLedgerSchema>;
export type TickSecond = Static<typeof TickSecondSchema>;
export type TickBrowser = Static<typeof TickBrowserSchema>;

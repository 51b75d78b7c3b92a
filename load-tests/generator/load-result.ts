/** What a load run saw, as data: the generator fills it, run.json keeps it, the analysis reads it. */

import { type Static, Type } from 'typebox';

const Count = Type.Integer({ minimum: 0 });
const Ratio = Type.Number({ minimum: 0 });
/** An HDR histogram of microseconds, V2-compressed base64; decode with `decodeHistogram`. */
export const EncodedHistogramSchema = Type.String();

/** Failures of the measured system are data: a reason such as `http_503`, `ECONNRESET`, `timeout`, `close_4002`. */
export const FailureCountSchema = Type.Object({ reason: Type.String(), count: Count });

export const ConnectResultSchema = Type.Object({
  attempted: Count,
  connected: Count,
  /** From the first attempt to the last success or failure. */
  establishMs: Type.Number(),
  /** From socket creation to the `welcome` message. */
  latency: EncodedHistogramSchema,
  failures: Type.Array(FailureCountSchema),
});

export const SubscribeResultSchema = Type.Object({
  acknowledged: Count,
  durationMs: Type.Number(),
  failures: Type.Array(FailureCountSchema),
});

export const PublishResultSchema = Type.Object({
  /** Sends the schedule called for until the load ended; of a closed load, which has none, what was sent. */
  intended: Count,
  /** Of a closed load, up to one a publisher was under way as the load ended, neither accepted nor failed. */
  sent: Count,
  accepted: Count,
  failures: Type.Array(FailureCountSchema),
  /** Actual minus intended send time; empty of a closed load. */
  scheduleLag: EncodedHistogramSchema,
  /** Intended send time to the 201; of a closed load from the actual send. */
  latency: EncodedHistogramSchema,
  /** Broadcasts accepted per second within the measured window. */
  achievedPerSecond: Type.Number(),
});

/** The conservation law: expected = unique + lost; received = unique + duplicated + foreign. */
export const DeliveryLedgerSchema = Type.Object({
  /** Accepted broadcasts × members, each from its subscribe acknowledgement to its unsubscribe acknowledgement. */
  expected: Count,
  received: Count,
  unique: Count,
  lost: Count,
  duplicated: Count,
  outOfOrder: Count,
  /** Messages of a match the client is not subscribed to. */
  wrongRoom: Count,
  /** Messages without this run's ledger entry. */
  foreign: Count,
  /** Messages that could not be parsed. */
  corrupt: Count,
  /** Expected by clients whose connection ended early, and by slow readers: neither delivered nor provably lost. */
  undetermined: Count,
});

export const LatencyResultSchema = Type.Object({
  /** Receive minus intended send time: what users feel. */
  response: EncodedHistogramSchema,
  /** Receive minus actual send time. */
  service: EncodedHistogramSchema,
  /** Response time of the first and second half of the window, for the steadiness check. */
  firstHalf: EncodedHistogramSchema,
  secondHalf: EncodedHistogramSchema,
  /** Receive times before the send time: a broken clock. Not in the histograms. */
  negative: Count,
});

/** Response times by equal stretches of the measured window, by intended send time. */
export const LatencySlotsSchema = Type.Object({
  /** When the first begins, µs of the monotonic clock that the processes of a machine share. */
  startUs: Type.Number(),
  lengthUs: Type.Number(),
  response: Type.Array(EncodedHistogramSchema),
});

/** One second of the measured window, by intended send time; of a closed load by the time of receipt. */
export const SecondSchema = Type.Object({
  elapsedMs: Type.Number(),
  deliveries: Count,
  p50Ms: Type.Union([Type.Number(), Type.Null()]),
  p99Ms: Type.Union([Type.Number(), Type.Null()]),
  maxMs: Type.Union([Type.Number(), Type.Null()]),
});

/** A generator process, over the measured window. */
export const WorkerUsageSchema = Type.Object({
  worker: Type.Integer(),
  role: Type.Union([Type.Literal('subscribers'), Type.Literal('publisher')]),
  pid: Type.Integer(),
  connections: Count,
  /** CPU seconds per second: 1 is a whole core. */
  cpuRatio: Ratio,
  loopDelayP99Ms: Type.Number(),
  loopUtilisationRatio: Ratio,
  deliveriesPerSecond: Type.Number(),
  rssBytes: Count,
  openFds: Count,
});

/**
 * How one broadcast spreads over its members, over the broadcasts of the measured window. Times count from the
 * intended send. Members are those that were there to the end; slow readers are none. A broadcast that one of them
 * never got stands in `first` (and `median`, if half of them got it), not in `last` and `spread`: the count of
 * these histograms is that of the complete ones.
 */
export const FanOutShapeSchema = Type.Object({
  /** Broadcasts in these figures. */
  broadcasts: Count,
  /** 1: all of the window are; 3: every third was kept, for want of memory. */
  everyNth: Type.Integer({ minimum: 1 }),
  members: Count,
  /** Until the first member has it. */
  first: EncodedHistogramSchema,
  /** Until half of the members have it. */
  median: EncodedHistogramSchema,
  /** Until every member has it. */
  last: EncodedHistogramSchema,
  /** Last minus first. */
  spread: EncodedHistogramSchema,
  /**
   * Members by their place in the room (order of the subscribe acknowledgements), in up to ten equal groups;
   * percentiles are null where there are too few deliveries to tell.
   */
  positions: Type.Array(
    Type.Object({
      /** From 1. */
      from: Count,
      to: Count,
      meanMs: Type.Number(),
      p50Ms: Type.Union([Type.Number(), Type.Null()]),
      p99Ms: Type.Union([Type.Number(), Type.Null()]),
    }),
  ),
});

/** Clients that stopped reading as the measured window began. */
export const SlowReadersSchema = Type.Object({
  count: Count,
  /** What they had received until then: of this run, each once. With `ledger.undetermined` it makes up what they were owed. */
  received: Count,
  /** Those whose connection was seen to end while they did not read; most ends go unseen. */
  ended: Type.Array(FailureCountSchema),
});

export const LoadResultSchema = Type.Object({
  /** `lost-target`: every connection ended before the load did. */
  state: Type.Union([Type.Literal('completed'), Type.Literal('interrupted'), Type.Literal('lost-target')]),
  connections: Count,
  broadcastsPerSecond: Type.Number(),
  matchId: Type.Integer(),
  /** Epoch ms when the measured window began; 0 when it never did. */
  measureStartedAt: Type.Number(),
  measureRequestedMs: Type.Number(),
  measureAchievedMs: Type.Number(),
  connect: ConnectResultSchema,
  subscribe: SubscribeResultSchema,
  publish: PublishResultSchema,
  ledger: DeliveryLedgerSchema,
  latency: LatencyResultSchema,
  seconds: Type.Array(SecondSchema),
  /** Connections that ended before the tier did, by close code or socket error. */
  disconnects: Type.Array(FailureCountSchema),
  workers: Type.Array(WorkerUsageSchema),
  /** Busy share of all cores of this machine over the measured window (0–1), from /proc/stat. */
  machineCpuRatio: Type.Union([Ratio, Type.Null()]),
  /** Publishers of a closed load; absent where the load was open. */
  closedPublishers: Type.Optional(Count),
  fanOut: Type.Optional(FanOutShapeSchema),
  /** Where the plan wants them; whoever does keeps no more of them in a record than their sums. */
  latencySlots: Type.Optional(LatencySlotsSchema),
  slowReaders: Type.Optional(SlowReadersSchema),
  /** Those that unsubscribed while they stayed open; absent where none was to. */
  leftEarly: Type.Optional(Type.Object({ asked: Count, acknowledged: Count })),
});

export type LoadResult = Static<typeof LoadResultSchema>;
export type DeliveryLedgerTotals = Static<typeof DeliveryLedgerSchema>;
export type WorkerUsage = Static<typeof WorkerUsageSchema>;
export type FailureCount = Static<typeof FailureCountSchema>;
export type LatencySlotsResult = Static<typeof LatencySlotsSchema>;
export type FanOutShape = Static<typeof FanOutShapeSchema>;
export type SlowReaders = Static<typeof SlowReadersSchema>;
export type LoadSecond = Static<typeof SecondSchema>;

/** RunRecord v1: the one file between measuring and judging (`run.json`). */

import { type Static, Type } from 'typebox';
import { CalibrationSchema } from '../../load-tests/calibration/calibration.ts';
import { LoadResultSchema } from '../../load-tests/generator/load-result.ts';

export const RUN_RECORD_VERSION = 1;

const NullableNumber = Type.Union([Type.Number(), Type.Null()]);

/** Up to the last instant that a Date can hold. */
const EpochMs = Type.Number({ minimum: 0, maximum: 8.64e15 });

/** The server's memory at one moment; null where the target does not show it. */
export const MemorySampleSchema = Type.Object({
  connections: Type.Integer({ minimum: 0 }),
  /** Whether garbage was collected by force just before. */
  forcedGc: Type.Boolean(),
  rssBytes: NullableNumber,
  heapTotalBytes: NullableNumber,
  heapUsedBytes: NullableNumber,
  externalBytes: NullableNumber,
  arrayBuffersBytes: NullableNumber,
  /** Queued in TCP sockets of the whole machine (/proc/net/sockstat), not in RSS; the sockets themselves are not in it. */
  kernelSocketBytes: NullableNumber,
});

/** One reading of the target's /metrics during the measured window. Rates are since the reading before. */
export const ServerSampleSchema = Type.Object({
  /** Since the measured window began. */
  elapsedMs: Type.Number(),
  connections: NullableNumber,
  cpuCores: NullableNumber,
  rssBytes: NullableNumber,
  heapUsedBytes: NullableNumber,
  loopDelayP99Ms: NullableNumber,
  loopUtilisationRatio: NullableNumber,
  deliveriesPerSecond: NullableNumber,
  sendQueueBytes: NullableNumber,
  gcMsPerSecond: NullableNumber,
});

/** The target's own counters over the whole tier (after minus before); null where it shows none. */
export const ServerCountersSchema = Type.Object({
  opened: NullableNumber,
  refused: NullableNumber,
  broadcasts: NullableNumber,
  deliveries: NullableNumber,
  /** Deliveries the server says it left out, by reason. */
  droppedByReason: Type.Record(Type.String(), Type.Number()),
  slowConsumersClosed: NullableNumber,
});

/** The measured window as the target's counters show it. */
export const ServerWindowSchema = Type.Object({
  cpuCores: NullableNumber,
  loopDelayP50Ms: NullableNumber,
  loopDelayP99Ms: NullableNumber,
  loopDelayMaxMs: NullableNumber,
  loopUtilisationRatio: NullableNumber,
  gcMs: NullableNumber,
  openFds: NullableNumber,
  maxFds: NullableNumber,
});

export const TierRecordSchema = Type.Object({
  /** Connections asked for. */
  connections: Type.Integer({ minimum: 1 }),
  /** Said where the rate was lowered for this tier (above 10,000 connections). */
  rateNote: Type.Optional(Type.String()),
  load: LoadResultSchema,
  /** After the load, every connection open. */
  memory: Type.Union([MemorySampleSchema, Type.Null()]),
  serverWindow: ServerWindowSchema,
  serverCounters: ServerCountersSchema,
  serverSamples: Type.Array(ServerSampleSchema),
});

export const EnvironmentSchema = Type.Object({
  node: Type.String(),
  v8: Type.String(),
  platform: Type.String(),
  kernel: Type.String(),
  cpuModel: Type.String(),
  cores: Type.Integer(),
  memoryBytes: Type.Number(),
  fdLimit: NullableNumber,
  localPortRange: Type.Union([Type.String(), Type.Null()]),
  gitCommit: Type.Union([Type.String(), Type.Null()]),
  touchlineVersion: Type.String(),
  dependencies: Type.Record(Type.String(), Type.String()),
  store: Type.String(),
  loadAverage: Type.Array(Type.Number()),
});

export const TargetSchema = Type.Object({
  kind: Type.Union([Type.Literal('spawned'), Type.Literal('running')]),
  url: Type.String(),
  http: Type.String(),
  metrics: Type.Union([Type.String(), Type.Null()]),
  admin: Type.Union([Type.String(), Type.Null()]),
  /** What could be seen of it. */
  sees: Type.Object({ metrics: Type.Boolean(), forcedGc: Type.Boolean() }),
  sharesMachine: Type.Boolean(),
  nodeVersion: Type.Union([Type.String(), Type.Null()]),
});

/** The unmeasured load before the idle server is looked at. */
export const ServerWarmUpSchema = Type.Object({
  connections: Type.Integer({ minimum: 1 }),
  broadcastsPerSecond: Type.Number(),
  durationMs: Type.Number(),
});

export const OutcomeSchema = Type.Union([
  Type.Object({ state: Type.Literal('completed') }),
  Type.Object({ state: Type.Literal('interrupted'), message: Type.String() }),
  Type.Object({ state: Type.Literal('aborted'), code: Type.String(), message: Type.String() }),
]);

export const RunRecordSchema = Type.Object({
  schema: Type.Literal('touchline/run-record'),
  schemaVersion: Type.Literal(RUN_RECORD_VERSION),
  runId: Type.String(),
  scenario: Type.Literal('concurrency'),
  outcome: OutcomeSchema,
  startedAt: EpochMs,
  finishedAt: EpochMs,
  /** The command that repeats the run. */
  command: Type.String(),
  seed: Type.Integer(),
  quick: Type.Boolean(),
  options: Type.Record(
    Type.String(),
    Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]),
  ),
  /** As typed: `drop-deliveries=1%`. */
  faults: Type.Array(Type.String()),
  /** Server settings the profiler changed in a server that it spawned. */
  overrides: Type.Array(Type.Object({ name: Type.String(), value: Type.String(), why: Type.String() })),
  /** Limits that differ from the defaults, by threshold name. */
  thresholds: Type.Record(Type.String(), Type.Number()),
  target: TargetSchema,
  environment: EnvironmentSchema,
  calibration: Type.Union([CalibrationSchema, Type.Null()]),
  /** Absent where there was none, as in runs recorded before it existed. */
  serverWarmUp: Type.Optional(ServerWarmUpSchema),
  /** The server without a connection, before the first tier. */
  idle: Type.Object({
    memory: Type.Union([MemorySampleSchema, Type.Null()]),
    cpuCores: NullableNumber,
  }),
  tiers: Type.Array(TierRecordSchema),
});

export type RunRecord = Static<typeof RunRecordSchema>;
export type TierRecord = Static<typeof TierRecordSchema>;
export type MemorySample = Static<typeof MemorySampleSchema>;
export type ServerSample = Static<typeof ServerSampleSchema>;
export type ServerCounters = Static<typeof ServerCountersSchema>;
export type ServerWindow = Static<typeof ServerWindowSchema>;
export type Environment = Static<typeof EnvironmentSchema>;
export type ServerWarmUp = Static<typeof ServerWarmUpSchema>;
export type RunTarget = Static<typeof TargetSchema>;
export type RunOutcome = Static<typeof OutcomeSchema>;

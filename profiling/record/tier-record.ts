/** One stretch of load with everything that was seen of the target meanwhile. Scenarios put their records together from it. */

import { type Static, Type } from 'typebox';
import { LoadResultSchema } from '../../load-tests/generator/load-result.ts';
import { BreachSchema } from './breach-record.ts';

const NullableNumber = Type.Union([Type.Number(), Type.Null()]);

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
  /** Writes that carried deliveries, and the frames in them; absent in runs recorded before they were. */
  socketWrites: Type.Optional(NullableNumber),
  framesWritten: Type.Optional(NullableNumber),
  slowConsumersClosed: NullableNumber,
  /** Connections closed because they answered no heartbeat; absent in runs recorded before it was. */
  heartbeatsMissed: Type.Optional(NullableNumber),
  /** How often each fault that is switched on did its harm; absent where none is. */
  faultInjections: Type.Optional(Type.Record(Type.String(), Type.Number())),
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
  /** Where a limit broke while it was measured, and the server gave a profile. */
  breach: Type.Optional(BreachSchema),
});

/** The server without a connection, before the first load. */
export const IdleSchema = Type.Object({
  memory: Type.Union([MemorySampleSchema, Type.Null()]),
  cpuCores: NullableNumber,
});

/** The unmeasured load before the idle server is looked at. */
export const ServerWarmUpSchema = Type.Object({
  connections: Type.Integer({ minimum: 1 }),
  broadcastsPerSecond: Type.Number(),
  durationMs: Type.Number(),
});

export type TierRecord = Static<typeof TierRecordSchema>;
export type MemorySample = Static<typeof MemorySampleSchema>;
export type ServerSample = Static<typeof ServerSampleSchema>;
export type ServerCounters = Static<typeof ServerCountersSchema>;
export type ServerWindow = Static<typeof ServerWindowSchema>;
export type IdleRecord = Static<typeof IdleSchema>;
export type ServerWarmUp = Static<typeof ServerWarmUpSchema>;

/** The window of a target that shows nothing. */
export const UNSEEN_WINDOW: ServerWindow = {
  cpuCores: null,
  loopDelayP50Ms: null,
  loopDelayP99Ms: null,
  loopDelayMaxMs: null,
  loopUtilisationRatio: null,
  gcMs: null,
  openFds: null,
  maxFds: null,
};

/** What the scenario `churn` measured. */

import { type Static, Type } from 'typebox';
import { ChurnResultSchema } from '../../load-tests/generator/churn/churn-result.ts';
import { LifecycleSampleSchema, ReleasePointsSchema } from './lifecycle-record.ts';
import { ENVELOPE } from './run-envelope.ts';
import {
  MemorySampleSchema,
  ServerCountersSchema,
  ServerSampleSchema,
  ServerWarmUpSchema,
  ServerWindowSchema,
} from './tier-record.ts';

const Count = Type.Integer({ minimum: 0 });
const NullableNumber = Type.Union([Type.Number(), Type.Null()]);

/** What the clients were told to do. */
export const ChurnOutlineSchema = Type.Object({
  connectsPerSecond: Type.Number(),
  churnMs: Type.Number(),
  /** How long a client stays after its welcome, drawn evenly between the two. */
  stayMs: Type.Object({ min: Type.Number(), max: Type.Number() }),
  /** Share that ends abruptly (0–1), half of it by a reset, half by silence. */
  abruptRatio: Type.Number(),
  /** How long a silent client waits to be found. */
  silentTimeoutMs: Type.Number(),
  stormClients: Count,
  stormAwayMs: Type.Number(),
  broadcastsPerSecond: Type.Number(),
});

/** TCP sockets of this machine that have the target at one end, from /proc/net/tcp and tcp6. */
export const SocketCountsSchema = Type.Object({
  /** Held by the target for somebody whose end is open, too: scrapes and kept-alive publishers, when all clients are gone. */
  held: Count,
  /** In TIME_WAIT at the target's end: it closed first. */
  serverTimeWait: Count,
  /** In TIME_WAIT at the other end, each with a port of the caller's that is taken for a minute. */
  clientTimeWait: Count,
});
const MaybeSockets = Type.Union([SocketCountsSchema, Type.Null()]);

/** What the target and the kernel held at one moment; null where it cannot be seen. */
export const ChurnLookSchema = Type.Object({
  lifecycle: Type.Union([LifecycleSampleSchema, Type.Null()]),
  memory: Type.Union([MemorySampleSchema, Type.Null()]),
  sockets: MaybeSockets,
});

/** One reading a second from the churn's start to the end of the storm. */
export const ChurnSampleSchema = Type.Object({
  /** Since the churn began. */
  elapsedMs: Type.Number(),
  openFds: NullableNumber,
  connections: NullableNumber,
  sockets: MaybeSockets,
});

/** How long the target held connections that had all ended, as its own count of connections tells. */
export const ReleaseSchema = Type.Object({
  after: Type.Union([Type.Literal('churn'), Type.Literal('storm')]),
  /** From the moment the last client was gone; null when it still held some after {@link waitedMs}. */
  releasedMs: NullableNumber,
  waitedMs: Type.Number(),
  /** Connections above the baseline at the last look. */
  stillHeld: Count,
});

export const CHURN_BODY = {
  scenario: Type.Literal('churn'),
  serverWarmUp: Type.Optional(ServerWarmUpSchema),
  /** Null when the run ended before it was decided. */
  outline: Type.Union([ChurnOutlineSchema, Type.Null()]),
  /** The target's time between heartbeats; null where it is not known. */
  heartbeatMs: NullableNumber,
  /** After the warm-up, without a connection. */
  baseline: ChurnLookSchema,
  /** Everyone of the churn gone; null when the run ended before. */
  settled: Type.Union([ChurnLookSchema, Type.Null()]),
  /** After the storm, everyone gone. */
  end: Type.Union([ChurnLookSchema, Type.Null()]),
  releases: Type.Array(ReleaseSchema),
  load: Type.Union([ChurnResultSchema, Type.Null()]),
  /** Over the churn, from its start until all its clients were gone. */
  serverWindow: ServerWindowSchema,
  /** From the baseline until all the churn's clients were gone. */
  serverCounters: ServerCountersSchema,
  /** From then to the end. */
  stormCounters: ServerCountersSchema,
  serverSamples: Type.Array(ServerSampleSchema),
  samples: Type.Array(ChurnSampleSchema),
  releasePoints: ReleasePointsSchema,
} as const;

const BodySchema = Type.Object(CHURN_BODY);
export const ChurnRecordSchema = Type.Object({ ...ENVELOPE, ...CHURN_BODY });

export type ChurnBody = Static<typeof BodySchema>;
export type ChurnRecord = Static<typeof ChurnRecordSchema>;
export type ChurnOutline = Static<typeof ChurnOutlineSchema>;
export type ChurnLook = Static<typeof ChurnLookSchema>;
export type ChurnSample = Static<typeof ChurnSampleSchema>;
export type Release = Static<typeof ReleaseSchema>;
export type SocketCounts = Static<typeof SocketCountsSchema>;

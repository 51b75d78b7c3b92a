/** What the scenario `churn` measured. */

import { type Static, Type } from 'typebox';
import { ChurnResultSchema } from '../../load-tests/generator/churn-result.ts';
import { LifecycleSampleSchema, ReleasePointsSchema } from './lifecycle-record.ts';
import { ENVELOPE } from './run-envelope.ts';
import {
  MemorySampleSchema,
  ServerCountersSchema,
  ServerSampleSchema,
  ServerWarmUpSchema,
  ServerWindowSchema,
} from './tier-record.ts';

const NullableNumber = Type.Union([Type.Number(), Type.Null()]);
const MaybeLifecycle = Type.Union([LifecycleSampleSchema, Type.Null()]);

/** What the target and the kernel held at one moment. */
export const ChurnLookSchema = Type.Object({
  lifecycle: MaybeLifecycle,
  memory: Type.Union([MemorySampleSchema, Type.Null()]),
  /** Sockets of this machine in TIME_WAIT; null where /proc does not tell or the target is elsewhere. */
  timeWaitSockets: NullableNumber,
});

/** One reading a second while the churn lasts. */
export const ChurnSampleSchema = Type.Object({
  elapsedMs: Type.Number(),
  openFds: NullableNumber,
  timeWaitSockets: NullableNumber,
});

export const CHURN_BODY = {
  scenario: Type.Literal('churn'),
  serverWarmUp: Type.Optional(ServerWarmUpSchema),
  /** The target's time between heartbeats; null where it is not known. */
  heartbeatMs: NullableNumber,
  /** After the warm-up, without a connection. */
  baseline: ChurnLookSchema,
  /** Everyone of the churn gone; null when the run ended before. */
  settled: Type.Union([ChurnLookSchema, Type.Null()]),
  /** After the storm, everyone gone. */
  end: Type.Union([ChurnLookSchema, Type.Null()]),
  /** From the moment the last clean or reset client was gone until the target had released them all; null when it never did. */
  releaseMs: NullableNumber,
  load: Type.Union([ChurnResultSchema, Type.Null()]),
  serverWindow: ServerWindowSchema,
  serverCounters: ServerCountersSchema,
  serverSamples: Type.Array(ServerSampleSchema),
  samples: Type.Array(ChurnSampleSchema),
  releasePoints: ReleasePointsSchema,
} as const;

const BodySchema = Type.Object(CHURN_BODY);
export const ChurnRecordSchema = Type.Object({ ...ENVELOPE, ...CHURN_BODY });

export type ChurnBody = Static<typeof BodySchema>;
export type ChurnRecord = Static<typeof ChurnRecordSchema>;
export type ChurnLook = Static<typeof ChurnLookSchema>;

/** What the scenario `broadcast` measured. */

import { type Static, Type } from 'typebox';
import { ENVELOPE } from './run-envelope.ts';
import { IdleSchema, ServerWarmUpSchema, TierRecordSchema } from './tier-record.ts';

/** One rate of the search, or one comparison, in the order they were run. */
export const BroadcastStepSchema = Type.Object({
  /**
   * `sweep`: rates one after the other, each larger; `bisection`: between the last that held and the first that
   * broke; `confirmation`: the rate that was found, once more and longer.
   */
  kind: Type.Union([Type.Literal('sweep'), Type.Literal('bisection'), Type.Literal('confirmation')]),
  /** Broadcasts per second asked for. */
  rate: Type.Number(),
  tier: TierRecordSchema,
});

/** The same load without and with readers that stopped reading. */
export const SlowReaderStepSchema = Type.Object({
  slowReaders: Type.Integer({ minimum: 0 }),
  rate: Type.Number(),
  /** Characters of each text: longer than in the search, so that the buffers of a stopped reader fill. */
  textLength: Type.Integer({ minimum: 1 }),
  tier: TierRecordSchema,
});

export const BROADCAST_BODY = {
  scenario: Type.Literal('broadcast'),
  serverWarmUp: Type.Optional(ServerWarmUpSchema),
  idle: IdleSchema,
  /** Members of the match. */
  connections: Type.Integer({ minimum: 1 }),
  /** Rates of the sweep as they were asked for, ascending. */
  rates: Type.Array(Type.Number(), { minItems: 1 }),
  steps: Type.Array(BroadcastStepSchema),
  /** Highest rate that held every threshold, by the search's own judgement; null when none did. The verdict judges anew. */
  sustainedRate: Type.Union([Type.Number(), Type.Null()]),
  /** autocannon, closed: null when it was left out or the run ended before. */
  closed: Type.Union([TierRecordSchema, Type.Null()]),
  /** Without and with slow readers; empty when it was left out. */
  slowReaders: Type.Array(SlowReaderStepSchema),
} as const;

const BodySchema = Type.Object(BROADCAST_BODY);
export const BroadcastRecordSchema = Type.Object({ ...ENVELOPE, ...BROADCAST_BODY });

export type BroadcastBody = Static<typeof BodySchema>;
export type BroadcastRecord = Static<typeof BroadcastRecordSchema>;
export type BroadcastStep = Static<typeof BroadcastStepSchema>;
export type SlowReaderStep = Static<typeof SlowReaderStepSchema>;

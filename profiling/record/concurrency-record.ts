/** What the scenario `concurrency` measured. */

import { type Static, Type } from 'typebox';
import { ENVELOPE } from './run-envelope.ts';
import { IdleSchema, ServerWarmUpSchema, TierRecordSchema } from './tier-record.ts';

export const CONCURRENCY_BODY = {
  scenario: Type.Literal('concurrency'),
  /** Absent where there was none, as in runs recorded before it existed. */
  serverWarmUp: Type.Optional(ServerWarmUpSchema),
  /** The server without a connection, before the first tier. */
  idle: IdleSchema,
  tiers: Type.Array(TierRecordSchema),
} as const;

const BodySchema = Type.Object(CONCURRENCY_BODY);
export const ConcurrencyRecordSchema = Type.Object({ ...ENVELOPE, ...CONCURRENCY_BODY });

export type ConcurrencyBody = Static<typeof BodySchema>;
export type ConcurrencyRecord = Static<typeof ConcurrencyRecordSchema>;

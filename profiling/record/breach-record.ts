/** A limit that broke while a load was measured, and what the server did under that load. */

import { type Static, Type } from 'typebox';
import { CpuProfileSchema } from './profile-record.ts';

export const BreachSchema = Type.Object({
  /** The limit that broke: `p99`. */
  threshold: Type.String(),
  /** Milliseconds. */
  limit: Type.Number(),
  /** Of the deliveries of the last half second, those that were later than the limit. */
  broken: Type.Number(),
  /** Deliveries of that half second. */
  of: Type.Number(),
  /** When it was seen, since the measured window began. */
  elapsedMs: Type.Number({ minimum: 0 }),
  /** The same on the wall clock, epoch ms. */
  seenAt: Type.Number({ minimum: 0 }),
  /** Of the server, under the same load once more (until 2026-11-27: from that second on); null where it could not be taken. */
  profile: Type.Union([CpuProfileSchema, Type.Null()]),
  /** Why there is no profile; null where there is. */
  missing: Type.Union([Type.String(), Type.Null()]),
});

export type BreachRecord = Static<typeof BreachSchema>;

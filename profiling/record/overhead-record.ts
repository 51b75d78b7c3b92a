/** What the scenario `overhead` measured: the same load on servers that differ in their instrumentation, interleaved. */

import { type Static, Type } from 'typebox';
import { ENVELOPE } from './run-envelope.ts';
import { TierRecordSchema } from './tier-record.ts';

/** A way to run the server. */
export const OverheadArmSchema = Type.Object({
  /** `off` is what the others are compared with; `metrics` is the default server, scraped as Prometheus would. */
  name: Type.Union([
    Type.Literal('off'),
    Type.Literal('metrics'),
    Type.Literal('debug-log'),
    Type.Literal('cpu-profile'),
  ]),
  /** What is on, in words. */
  what: Type.String(),
  settings: Type.Record(Type.String(), Type.String()),
});

export const OverheadTurnSchema = Type.Object({
  round: Type.Integer({ minimum: 1 }),
  arm: OverheadArmSchema.properties.name,
  tier: TierRecordSchema,
  /** The server's CPU time from the beginning of the measured window to its last delivery; null where it was not seen. */
  cpuSeconds: Type.Union([Type.Number(), Type.Null()]),
  /** Deliveries of the measured window: those that were due to be sent in it. */
  deliveries: Type.Integer({ minimum: 0 }),
});

export const OVERHEAD_BODY = {
  scenario: Type.Literal('overhead'),
  connections: Type.Integer({ minimum: 1 }),
  rate: Type.Number(),
  arms: Type.Array(OverheadArmSchema),
  /** In the order they were run. */
  turns: Type.Array(OverheadTurnSchema),
} as const;

const BodySchema = Type.Object(OVERHEAD_BODY);
export const OverheadRecordSchema = Type.Object({ ...ENVELOPE, ...OVERHEAD_BODY });

export type OverheadBody = Static<typeof BodySchema>;
export type OverheadRecord = Static<typeof OverheadRecordSchema>;
export type OverheadArm = Static<typeof OverheadArmSchema>;
export type ArmName = OverheadArm['name'];
export type OverheadTurn = Static<typeof OverheadTurnSchema>;

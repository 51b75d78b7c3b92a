/** What the scenario `overhead` measured: the same load on a server with its instrumentation on and off, interleaved. */

import { type Static, Type } from 'typebox';
import { EncodedHistogramSchema } from '../../load-tests/generator/load-result.ts';
import { ENVELOPE } from './run-envelope.ts';
import { TierRecordSchema } from './tier-record.ts';

/** A way to run the server. */
export const OverheadArmSchema = Type.Object({
  /** `metrics` is the default server, scraped as Prometheus would, and compared with `off`; the last two are compared with `twin`. */
  name: Type.Union([
    Type.Literal('off'),
    Type.Literal('metrics'),
    Type.Literal('twin'),
    Type.Literal('debug-log'),
    Type.Literal('cpu-profile'),
  ]),
  /** What is on, in words. */
  what: Type.String(),
  settings: Type.Record(Type.String(), Type.String()),
});

/** What one way to run the server had of a turn. */
const OverheadPartSchema = Type.Object({
  arm: OverheadArmSchema.properties.name,
  /** How long its slices were together. */
  seconds: Type.Number({ minimum: 0 }),
  /** The server's CPU time in them; null where it was not seen. */
  cpuSeconds: Type.Union([Type.Number(), Type.Null()]),
  /** Deliveries that were due to be sent in them: the turn's, by their share of the time. */
  deliveries: Type.Number({ minimum: 0 }),
  /** Response times of what was due inside its slices and not near an edge; absent in runs recorded before they were kept. */
  latency: Type.Optional(EncodedHistogramSchema),
});

/** One load on one server. */
const OverheadTurnSchema = Type.Object({
  round: Type.Integer({ minimum: 1 }),
  tier: TierRecordSchema,
  /** One, or two where the server was switched between two ways to run. */
  parts: Type.Array(OverheadPartSchema, { minItems: 1 }),
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
export type OverheadPart = Static<typeof OverheadPartSchema>;
export type OverheadTurn = Static<typeof OverheadTurnSchema>;

/** What every run records, whatever its scenario: how it was asked for, of what target, on what machine, how it ended. */

import { type Static, Type } from 'typebox';
import { CalibrationSchema } from '../../load-tests/calibration/calibration.ts';
import { ProfilesSchema } from './profile-record.ts';

export const RUN_RECORD_VERSION = 1;

const NullableNumber = Type.Union([Type.Number(), Type.Null()]);

/** Up to the last instant that a Date can hold. */
const EpochMs = Type.Number({ minimum: 0, maximum: 8.64e15 });

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

export const OutcomeSchema = Type.Union([
  Type.Object({ state: Type.Literal('completed') }),
  Type.Object({ state: Type.Literal('interrupted'), message: Type.String() }),
  Type.Object({ state: Type.Literal('aborted'), code: Type.String(), message: Type.String() }),
]);

/** The members that all records share. */
export const ENVELOPE = {
  schema: Type.Literal('touchline/run-record'),
  schemaVersion: Type.Literal(RUN_RECORD_VERSION),
  runId: Type.String(),
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
  /** Of a run with --profile. */
  profiles: Type.Optional(ProfilesSchema),
} as const;

const RunEnvelopeSchema = Type.Object(ENVELOPE);

export type RunEnvelope = Static<typeof RunEnvelopeSchema>;
export type Environment = Static<typeof EnvironmentSchema>;
export type RunTarget = Static<typeof TargetSchema>;
export type RunOutcome = Static<typeof OutcomeSchema>;
/** A setting that the profiler changed in a server it started, and why. */
export type Override = RunEnvelope['overrides'][number];

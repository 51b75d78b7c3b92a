/** What every run records, whatever its scenario: how it was asked for, of what target, on what machine, how it ended. */

import { type Static, Type } from 'typebox';
import { CalibrationSchema } from '../../load-tests/calibration/calibration.ts';
import { AttachedSchema } from './attached-process.ts';
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
  /** The process of a running target that was profiled over its inspector; absent where none was. */
  attached: Type.Optional(AttachedSchema),
});

export const OutcomeSchema = Type.Union([
  Type.Object({ state: Type.Literal('completed') }),
  Type.Object({ state: Type.Literal('interrupted'), message: Type.String() }),
  Type.Object({ state: Type.Literal('aborted'), code: Type.String(), message: Type.String() }),
]);

/** A file that a run left beside its report. */
export const ArtefactSchema = Type.Object({
  title: Type.String(),
  /** In the run's folder. */
  file: Type.String(),
  /** What it shows, in sentences. */
  note: Type.String(),
});

/** The tool that the server ran under. */
export const ToolSchema = Type.Object({
  /** `clinic doctor 13.0.0` */
  title: Type.String(),
  /** What that means for the figures of the run, as a sentence. */
  cost: Type.String(),
  /** Why it left nothing; null when it left its artefacts. */
  failure: Type.Union([Type.String(), Type.Null()]),
});

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
  /** Absent where the server ran by itself. */
  tool: Type.Optional(ToolSchema),
  artefacts: Type.Optional(Type.Array(ArtefactSchema)),
} as const;

const RunEnvelopeSchema = Type.Object(ENVELOPE);

export type RunEnvelope = Static<typeof RunEnvelopeSchema>;
export type Environment = Static<typeof EnvironmentSchema>;
export type RunTarget = Static<typeof TargetSchema>;
export type RunOutcome = Static<typeof OutcomeSchema>;
export type Artefact = Static<typeof ArtefactSchema>;
/** A setting that the profiler changed in a server it started, and why. */
export type Override = RunEnvelope['overrides'][number];

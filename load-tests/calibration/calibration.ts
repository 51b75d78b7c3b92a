/** What this machine's generator can do and what it costs: measured against the built-in sink, kept per machine. */

import { type Static, Type } from 'typebox';

/** What must be the same for a kept calibration to hold. */
export const MachineFingerprintSchema = Type.Object({
  node: Type.String(),
  kernel: Type.String(),
  cpuModel: Type.String(),
  cores: Type.Integer(),
});

/** The sink broadcasts 10 times a second to `fanOut` clients of one worker: the best any server could look. */
export const BurstCalibrationSchema = Type.Object({
  fanOut: Type.Integer(),
  p50Ms: Type.Number(),
  p99Ms: Type.Number(),
  /** The worker's loop delay while it reads such bursts. */
  loopDelayP99Ms: Type.Number(),
  workerCpuRatio: Type.Number(),
});

export const CalibrationSchema = Type.Object({
  schemaVersion: Type.Literal(1),
  calibratedAt: Type.Number(),
  fingerprint: MachineFingerprintSchema,
  /** Deliveries checked per second of worker CPU, one frame a read. */
  singleFramePerCoreSecond: Type.Number(),
  /** The same when many frames arrive in one read. */
  coalescedPerCoreSecond: Type.Number(),
  connectsPerSecondPerWorker: Type.Number(),
  /** Latency floor per fan-out, ascending. */
  bursts: Type.Array(BurstCalibrationSchema),
});

export type MachineFingerprint = Static<typeof MachineFingerprintSchema>;
export type BurstCalibration = Static<typeof BurstCalibrationSchema>;
export type Calibration = Static<typeof CalibrationSchema>;

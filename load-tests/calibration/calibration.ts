/** What this machine's generator can do and what it costs: measured against the built-in sink, kept per machine. */

import { type Static, Type } from 'typebox';

/** What must be the same for a kept calibration to hold. */
export const MachineFingerprintSchema = Type.Object({
  node: Type.String(),
  kernel: Type.String(),
  cpuModel: Type.String(),
  cores: Type.Integer(),
});

/**
 * The sink broadcasts 10 times a second to `fanOut` clients of one worker: the best any server could look.
 * Percentiles are those of the median second.
 */
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
  /**
   * Share of all cores (0–1) that other programs took in the worst stretch of it; above {@link BUSY_RATIO} the figures tell of
   * them too. Absent where the machine does not say.
   */
  othersCpuRatio: Type.Optional(Type.Number({ minimum: 0 })),
  /** Latency floor per fan-out, ascending. */
  bursts: Type.Array(BurstCalibrationSchema),
});

/** A machine that others load more than this is not quiet enough to be calibrated. */
export const BUSY_RATIO = 0.1;

/** What to say of a calibration on a busy machine; null when it was quiet. */
export function busyWarning({ othersCpuRatio }: Calibration): string | null {
  if (othersCpuRatio === undefined || othersCpuRatio <= BUSY_RATIO) return null;
  const percent = (othersCpuRatio * 100).toFixed(0);
  return `the machine was busy while calibrating: up to ${percent} % of its CPU went to others; calibrate again when it is quiet`;
}

export type MachineFingerprint = Static<typeof MachineFingerprintSchema>;
export type BurstCalibration = Static<typeof BurstCalibrationSchema>;
export type Calibration = Static<typeof CalibrationSchema>;

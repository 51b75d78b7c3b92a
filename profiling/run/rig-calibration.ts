/** The generator's own floor and ceiling on this machine: read where it is kept, measured where it is not. */

import { calibrate } from '../../load-tests/calibration/calibrate.ts';
import type { Calibration } from '../../load-tests/calibration/calibration.ts';
import { readCalibration, writeCalibration } from '../../load-tests/calibration/calibration-store.ts';
import { machineFingerprint } from '../../load-tests/calibration/machine-fingerprint.ts';
import { TouchlineError } from '../../server/protocol/touchline-error.ts';

export interface RigCalibrationOptions {
  /** Where calibrations are kept. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Called before and while it is measured; not at all when it was kept. */
  readonly onStep: (text: string) => void;
}

/** @returns the calibration of this machine; a new one is a quick one and is kept for the next run */
export async function obtainCalibration(options: RigCalibrationOptions): Promise<Calibration> {
  const kept = await readCalibration(options.folder, machineFingerprint());
  if (kept !== undefined) return kept;
  options.onStep('calibrating the generator on this machine, once (npm run calibrate measures it longer)');
  const calibration = await calibrate({ quick: true, onProgress: options.onStep, signal: options.signal });
  await keep(options.folder, calibration);
  return calibration;
}

/** A read-only checkout can still be measured from; it then calibrates each time. */
async function keep(folder: string, calibration: Calibration): Promise<void> {
  try {
    await writeCalibration(folder, calibration);
  } catch (error) {
    if (!(error instanceof TouchlineError)) throw error;
  }
}

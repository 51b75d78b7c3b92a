/** Keeps the calibration of this machine in a file (`.touchline/calibration.json`). */

import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Compile } from 'typebox/compile';
import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import { type Calibration, CalibrationSchema, type MachineFingerprint } from './calibration.ts';
import { isSameMachine } from './machine-fingerprint.ts';

const FILE_NAME = 'calibration.json';
const calibrationCheck = Compile(CalibrationSchema);

/**
 * @param folder where {@link writeCalibration} put it
 * @param fingerprint the machine as it is now
 * @returns the kept calibration; undefined when there is none, or it is of another machine or version
 */
export async function readCalibration(
  folder: string,
  fingerprint: MachineFingerprint,
): Promise<Calibration | undefined> {
  let kept: unknown;
  try {
    kept = JSON.parse(await readFile(join(folder, FILE_NAME), 'utf8'));
  } catch {
    // Missing, unreadable or not JSON: all mean "calibrate again", which overwrites it.
    return undefined;
  }
  return calibrationCheck.Check(kept) && isSameMachine(kept.fingerprint, fingerprint) ? kept : undefined;
}

/**
 * Keeps a calibration, whole or not at all.
 *
 * @param folder is made when it is not there
 * @throws TouchlineError `TL_OUT_NOT_WRITABLE`
 */
export async function writeCalibration(folder: string, calibration: Calibration): Promise<void> {
  const file = join(folder, FILE_NAME);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(`${file}.${process.pid}`, `${JSON.stringify(calibration, null, 2)}\n`);
    await rename(`${file}.${process.pid}`, file);
  } catch (cause) {
    throw new TouchlineError('TL_OUT_NOT_WRITABLE', `expected to write ${file}; received ${String(cause)}`, {
      cause,
    });
  }
}

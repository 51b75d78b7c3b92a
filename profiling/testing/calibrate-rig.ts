/**
 * Calibrates the generator before the e2e tests, where no calibration is kept: while nothing else runs, and once.
 * Otherwise the first profilers that tests start do so at the same time, and all later ones go by a busy machine.
 */

import { fileURLToPath } from 'node:url';
import { obtainCalibration } from '../../dist/profiling/run/rig-calibration.js';

/** Called by vitest before the first test. */
export async function setup(): Promise<void> {
  await obtainCalibration({
    folder: fileURLToPath(new URL('../../.touchline', import.meta.url)),
    signal: new AbortController().signal,
    onStep: () => undefined,
  });
}

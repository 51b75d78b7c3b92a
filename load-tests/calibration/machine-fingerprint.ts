/** What must stay the same for a calibration of this machine to hold. */

import { cpus, release } from 'node:os';
import type { MachineFingerprint } from './calibration.ts';

/** Reads the fingerprint of the machine and the Node that run this. */
export function machineFingerprint(): MachineFingerprint {
  const cores = cpus();
  return {
    node: process.version,
    kernel: release(),
    cpuModel: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
  };
}

/** Whether a calibration made under `a` holds under `b`. */
export function isSameMachine(a: MachineFingerprint, b: MachineFingerprint): boolean {
  return a.node === b.node && a.kernel === b.kernel && a.cpuModel === b.cpuModel && a.cores === b.cores;
}

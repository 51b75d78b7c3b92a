import { expect, it } from 'vitest';
import { busyWarning, type Calibration } from './calibration.ts';

const quiet: Calibration = {
  schemaVersion: 1,
  calibratedAt: 0,
  fingerprint: { node: 'v20.20.0', kernel: '6.1', cpuModel: 'Some CPU', cores: 2 },
  singleFramePerCoreSecond: 1,
  coalescedPerCoreSecond: 1,
  connectsPerSecondPerWorker: 1,
  bursts: [],
};

it.each([undefined, 0, 0.1])('says nothing of a quiet machine (%s)', (othersCpuRatio) => {
  expect(busyWarning(othersCpuRatio === undefined ? quiet : { ...quiet, othersCpuRatio })).toBeNull();
});

it('warns of a busy one, with how busy it was', () => {
  expect(busyWarning({ ...quiet, othersCpuRatio: 0.374 })).toContain('busy while calibrating: up to 37 %');
});

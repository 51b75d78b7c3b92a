import { describe, expect, it } from 'vitest';
import type { Calibration } from '../../load-tests/calibration/calibration.ts';
import { chooseWorkers, type RigDemand } from './rig-size.ts';

const CALIBRATION: Calibration = {
  schemaVersion: 1,
  calibratedAt: 0,
  fingerprint: { node: 'v20', kernel: '6', cpuModel: 'x', cores: 8 },
  singleFramePerCoreSecond: 100_000,
  coalescedPerCoreSecond: 5_000_000,
  connectsPerSecondPerWorker: 5_000,
  bursts: [],
};
const DEMAND: RigDemand = {
  requested: undefined,
  connections: 1_000,
  deliveriesPerSecond: 10_000,
  cores: 8,
  fdLimit: 20_000,
  calibration: CALIBRATION,
};

describe('chooseWorkers', () => {
  it.each<[string, Partial<RigDemand>, number]>([
    ['one for a small run', {}, 1],
    ['as many as the deliveries need', { connections: 10_000, deliveriesPerSecond: 100_000 }, 2],
    ['at most half the cores', { connections: 10_000, deliveriesPerSecond: 1_000_000 }, 4],
    ['one on two cores', { connections: 10_000, deliveriesPerSecond: 100_000, cores: 2 }, 1],
    [
      'enough descriptors, whatever the cores',
      { connections: 50_000, cores: 2, deliveriesPerSecond: 100_000 },
      3,
    ],
    [
      'by a careful guess without a calibration',
      { connections: 10_000, deliveriesPerSecond: 100_000, calibration: null },
      3,
    ],
    ['what was asked for', { requested: 7 }, 7],
  ])('takes %s', (_, change, expected) => {
    expect(chooseWorkers({ ...DEMAND, ...change })).toBe(expected);
  });
});

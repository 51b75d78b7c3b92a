import { expect, it } from 'vitest';
import { calibrationTable } from './calibration-table.ts';

it('shows ceilings and the floor per fan-out', () => {
  const text = calibrationTable({
    schemaVersion: 1,
    calibratedAt: 0,
    fingerprint: { node: 'v20.20.0', kernel: '6.1', cpuModel: 'Some CPU', cores: 2 },
    singleFramePerCoreSecond: 123_456.7,
    coalescedPerCoreSecond: 3_210_987,
    connectsPerSecondPerWorker: 5_000,
    bursts: [
      { fanOut: 10, p50Ms: 1.304, p99Ms: 3.34, loopDelayP99Ms: 1.58, workerCpuRatio: 0.012 },
      { fanOut: 10_000, p50Ms: 43.42, p99Ms: 123.58, loopDelayP99Ms: 6.13, workerCpuRatio: 0.62 },
    ],
  });
  expect(text.split('\n')).toEqual([
    'Some CPU, 2 cores, Node v20.20.0',
    '',
    'Ceilings of one generator worker',
    '  deliveries checked per core, one frame a read   123,457/s',
    '  deliveries checked per core, frames coalesced   3,210,987/s',
    '  connections opened                              5,000/s',
    '',
    'Floor: what even the simplest server shows, at 10 broadcasts/s',
    '  fan-out       p50        p99  loop delay p99  worker CPU',
    '       10   1.30 ms    3.34 ms         1.58 ms         1 %',
    '   10,000  43.42 ms  123.58 ms         6.13 ms        62 %',
  ]);
});

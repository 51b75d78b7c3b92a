import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Calibration } from './calibration.ts';
import { readCalibration, writeCalibration } from './calibration-store.ts';

const fingerprint = { node: 'v20.20.0', kernel: '6.1', cpuModel: 'Some CPU', cores: 2 };
const calibration: Calibration = {
  schemaVersion: 1,
  calibratedAt: 1_700_000_000_000,
  fingerprint,
  singleFramePerCoreSecond: 100_000,
  coalescedPerCoreSecond: 3_000_000,
  connectsPerSecondPerWorker: 5_000,
  bursts: [{ fanOut: 10, p50Ms: 1, p99Ms: 2, loopDelayP99Ms: 3, workerCpuRatio: 0.01 }],
};

describe('the calibration store', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'touchline-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('gives back what it kept, in a folder it made', async () => {
    const deeper = join(folder, 'a', 'b');
    await writeCalibration(deeper, calibration);
    expect(await readCalibration(deeper, fingerprint)).toEqual(calibration);
  });

  it.each([{ node: 'v24.0.0' }, { kernel: '6.2' }, { cpuModel: 'Other' }, { cores: 4 }])(
    'does not hold for another machine: %j',
    async (change) => {
      await writeCalibration(folder, calibration);
      expect(await readCalibration(folder, { ...fingerprint, ...change })).toBeUndefined();
    },
  );

  it.each(['', '{', '{"schemaVersion":1}', '{"schemaVersion":2}'])('takes %j for none', async (text) => {
    await writeFile(join(folder, 'calibration.json'), text);
    expect(await readCalibration(folder, fingerprint)).toBeUndefined();
  });

  it('has none at first, and says when it can keep none', async () => {
    expect(await readCalibration(folder, fingerprint)).toBeUndefined();
    await writeFile(join(folder, 'file'), 'kept');
    await expect(writeCalibration(join(folder, 'file'), calibration)).rejects.toMatchObject({
      code: 'TL_OUT_NOT_WRITABLE',
    });
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('kept');
  });
});

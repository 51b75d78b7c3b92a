import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCalibration } from '../calibration/calibration-store.ts';
import { machineFingerprint } from '../calibration/machine-fingerprint.ts';

const ENTRY = fileURLToPath(new URL('../calibrate.js', import.meta.url));

interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe('npm run calibrate', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'touchline-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function calibrate(...args: readonly string[]): Promise<Finished> {
    return await new Promise((resolve) => {
      const child = execFile(process.execPath, [ENTRY, ...args], { cwd: folder }, (_error, stdout, stderr) =>
        resolve({ code: child.exitCode ?? -1, stdout, stderr }),
      );
    });
  }

  it('measures, keeps what it measured, and prints it', async () => {
    const startedMs = performance.now();
    const { code, stdout } = await calibrate('--quick', '--json');
    expect(code).toBe(0);
    // 8 s on a quiet machine; the tests may share theirs.
    expect(performance.now() - startedMs).toBeLessThan(20_000);
    const kept = await readCalibration(join(folder, '.touchline'), machineFingerprint());
    expect(JSON.parse(stdout)).toEqual(kept);
    expect(kept?.bursts.map((burst) => burst.fanOut)).toEqual([10, 100, 1_000]);
    // Far below the 80,000 and 3,000,000 of a quiet machine: a tenth of that means that something broke.
    expect(kept?.singleFramePerCoreSecond).toBeGreaterThan(8_000);
    expect(kept?.coalescedPerCoreSecond).toBeGreaterThan(300_000);
    expect(kept?.connectsPerSecondPerWorker).toBeGreaterThan(100);
    for (const burst of kept?.bursts ?? []) expect(burst.p99Ms).toBeGreaterThanOrEqual(burst.p50Ms);
  });

  it('explains itself', async () => {
    const { code, stdout } = await calibrate('--help');
    expect(code).toBe(0);
    expect(stdout).toContain('--quick');
  });

  it('refuses an option it does not know', async () => {
    const { code, stderr } = await calibrate('--quik');
    expect(code).toBe(2);
    expect(stderr).toContain('TL_USAGE');
    expect(stderr).toContain('--quick');
  });
});

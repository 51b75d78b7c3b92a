import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProfilerProcess } from './profiler-process.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'touchline-profiler-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Blocks, so that children which end are not reaped. */
const BLOCK = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);';

async function command(script: string): Promise<ProfilerProcess> {
  const file = join(folder, 'command.cjs');
  await writeFile(
    file,
    `const { spawn } = require('node:child_process'); const fs = require('node:fs'); ${script}`,
  );
  return new ProfilerProcess(file, []);
}

describe('leftovers of a command', () => {
  it('are none where a child ended and was not reaped when it was looked at', async () => {
    const started = await command(`spawn('true'); ${BLOCK} fs.writeSync(2, 'seen'); ${BLOCK}`);
    expect((await started.ended).stderr).toBe('seen');
    expect(started.leftovers()).toEqual([]);
  });

  it('are what outlives it', async () => {
    const started = await command(
      `spawn('sleep', ['30'], { detached: true, stdio: 'ignore' }).unref(); ${BLOCK} fs.writeSync(2, 'seen'); ${BLOCK}`,
    );
    await started.ended;
    expect(started.leftovers()).toEqual(['sleep 30']);
    process.kill(started.pidOf('sleep 30'), 'SIGKILL');
  });
});

/** `baseline` on runs that exist: what it writes is covered by report/baseline, what it runs by the scenarios' own tests. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { outputFolder } from '../server/testing/output-folder.ts';
import { BASELINE, ProfilerProcess, runProfiler } from './testing/profiler-process.ts';
import { sampleOverhead } from './testing/sample-overhead.ts';

const out = outputFolder();

describe('baseline', () => {
  it('writes down runs that exist, judged again', async () => {
    const runs = join(out.path, 'runs');
    await mkdir(join(runs, 'overhead'), { recursive: true });
    await writeFile(join(runs, 'overhead', 'run.json'), JSON.stringify(sampleOverhead()));
    const written = join(out.path, 'written');
    const { exit, stdout, stderr } = await runProfiler(BASELINE, ['--from', runs, '--out', written]);
    expect(exit, stdout + stderr).toBe(0);
    expect(stdout).toContain(join(written, 'BASELINE.md'));
    expect(readFileSync(join(written, 'BASELINE.md'), 'utf8')).toContain('Pass: overhead passed.');
  });

  it('is exit 2 when there is no run in the folder', async () => {
    const { exit, stderr } = await runProfiler(BASELINE, ['--from', out.path, '--out', out.path]);
    expect(exit).toBe(2);
    expect(stderr).toMatch(/^TL_RECORD_INVALID: expected a run\.json in /);
  });

  it('leaves the baseline alone when it is interrupted', async () => {
    const profiler = new ProfilerProcess(BASELINE, ['--quick', '--out', out.path]);
    await profiler.until(/tier 1\/3 · measuring/);
    profiler.child.kill('SIGINT');
    const { exit, stdout } = await profiler.ended;
    expect(exit).toBe(130);
    expect(stdout).toContain('No baseline is written');
    expect(existsSync(join(out.path, 'BASELINE.md'))).toBe(false);
    expect(profiler.leftovers()).toEqual([]);
  });
});

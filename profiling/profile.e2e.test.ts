/** `profile` as users start it, where that is short: what it does with scenarios that break or are interrupted. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { outputFolder } from '../server/testing/output-folder.ts';
import { PROFILE, ProfilerProcess, runProfiler } from './testing/profiler-process.ts';

const out = outputFolder();

describe('profile', () => {
  it('runs the other scenarios when one cannot be measured, and ends with a run error', async () => {
    const argv = ['--url', 'ws://127.0.0.1:1/ws', '--out', out.path, '--json', '--quiet'];
    const { exit, stdout, stderr } = await runProfiler(PROFILE, argv);
    expect(exit, stdout + stderr).toBe(3);
    const printed: {
      scenario: string;
      verdict: string;
      runs: unknown[];
      errors: { scenario: string; code: string }[];
      reportFile: string;
    } = JSON.parse(stdout);
    expect(printed).toMatchObject({ scenario: 'profile', verdict: 'inconclusive', runs: [] });
    expect(printed.errors.map(({ scenario }) => scenario)).toEqual([
      'concurrency',
      'broadcast',
      'memory',
      'churn',
      'firehose',
    ]);
    expect(new Set(printed.errors.map(({ code }) => code))).toEqual(new Set(['TL_TARGET_UNREACHABLE']));
    expect(readFileSync(printed.reportFile, 'utf8')).toContain('**concurrency** | **not measured**');
  });

  it('ends with the first scenario that is interrupted, and sums up what there is', async () => {
    const profiler = new ProfilerProcess(PROFILE, ['--out', out.path, '--seed', '7']);
    await profiler.until(/tier 1\/3 · measuring/);
    profiler.child.kill('SIGINT');
    const { exit, stdout } = await profiler.ended;
    expect(exit, stdout).toBe(130);
    expect(stdout).toMatch(/^concurrency: Inconclusive: the run was cut short/m);
    expect(stdout).not.toMatch(/^broadcast:/m);
    expect(stdout).toMatch(/repeat +npm run profile -- --seed 7\n/);
    const markdown = readFileSync(join(out.path, 'SUMMARY.md'), 'utf8');
    expect(markdown).toContain('[concurrency/report.md](concurrency/report.md)');
    expect(existsSync(join(out.path, 'concurrency', 'report.md'))).toBe(true);
    expect(existsSync(join(out.path, 'SUMMARY.html'))).toBe(true);
    expect(profiler.leftovers()).toEqual([]);
  });

  it('says before it runs anything that --all has what --url cannot be used with', async () => {
    const { exit, stdout, stderr } = await runProfiler(PROFILE, [
      '--all',
      '--url',
      'ws://127.0.0.1:1/ws',
      '--out',
      out.path,
    ]);
    expect([exit, stdout]).toEqual([2, '']);
    expect(stderr).toContain('TL_USAGE: overhead needs servers that the profiler starts');
  });
});

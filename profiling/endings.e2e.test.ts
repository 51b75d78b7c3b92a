/** How commands end when something is wrong: a sentence, the documented exit code, nothing lost, nothing left. */

import { existsSync } from 'node:fs';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { outputFolder } from './testing/output-folder.ts';
import { CONCURRENCY, FIREHOSE, ProfilerProcess, recordIn, runProfiler } from './testing/profiler-process.ts';

const out = outputFolder();

describe('a wrong command line', () => {
  it.each<[string, readonly string[], RegExp]>([
    ['an unknown option', ['--tresholds', 'x'], /unknown option --tresholds; did you mean --threshold\?/],
    ['a bad value', ['--tiers', 'many'], /--tiers: expected connection counts/],
    ['a fault for a running server', ['--url', 'ws://127.0.0.1:1/ws', '--fault', 'stall'], /--fault needs/],
    [
      'more than descriptors allow',
      ['--tiers', '50000', '--workers', '1'],
      /expected at most \d+ connections at a time; received/,
    ],
  ])('%s: exit 2, a sentence, nothing on stdout', async (_, argv, expected) => {
    const { exit, stdout, stderr } = await runProfiler(CONCURRENCY, argv);
    expect(stderr).toMatch(expected);
    expect(stderr).toMatch(/^TL_USAGE: /);
    expect([exit, stdout]).toEqual([2, '']);
  });

  it('a checkout that was not built: exit 3 and the command that builds it', async () => {
    for (const file of ['launch.js', 'report.js']) {
      await copyFile(join('profiling', file), join(out.path, file));
    }
    await writeFile(join(out.path, 'package.json'), '{"type":"module"}');
    const { exit, stderr } = await runProfiler(join(out.path, 'report.js'), ['run.json']);
    expect(stderr).toMatch(/^TL_NOT_BUILT: .*npm run build/);
    expect(exit).toBe(3);
  });

  it('shows help on stdout', async () => {
    const { exit, stdout, stderr } = await runProfiler(CONCURRENCY, ['--help']);
    expect(stdout).toContain('--tiers <list>');
    expect([exit, stderr]).toEqual([0, '']);
  });

  it('an output folder that cannot be written: exit 2 before anything is started', async () => {
    const file = join(out.path, 'a-file');
    await writeFile(file, '');
    const { exit, stderr } = await runProfiler(CONCURRENCY, ['--quick', '--out', join(file, 'below')]);
    expect(stderr).toMatch(/^TL_OUT_NOT_WRITABLE: expected to write into .*ENOTDIR/);
    expect(exit).toBe(2);
  });
});

describe('a target that is not there', () => {
  it('is said at once: exit 3, no folder left', async () => {
    const folder = join(out.path, 'run');
    const argv = ['--url', 'ws://127.0.0.1:1/ws', '--out', folder, '--quiet'];
    const { exit, stdout, stderr } = await runProfiler(CONCURRENCY, argv);
    expect(stderr).toMatch(/^TL_TARGET_UNREACHABLE: expected a WebSocket server at ws:.*ECONNREFUSED/);
    expect([exit, stdout, existsSync(folder)]).toEqual([3, '', false]);
  });

  it('a server that dies mid-run: exit 3, what was measured is written and reported', async () => {
    const argv = ['--tiers', '5,30', '--duration', '2s', '--warm-up', '200ms', '--out', out.path];
    const profiler = new ProfilerProcess(CONCURRENCY, argv);
    await profiler.until(/tier 2\/2 · measuring/);
    process.kill(profiler.pidOf('dist/server/main.js'), 'SIGKILL');
    const { exit, stdout } = await profiler.ended;
    expect(exit).toBe(3);
    expect(stdout).toMatch(/TL_TARGET_DIED: .*it went away in the tier of 30 connections/);
    const { outcome, tiers } = recordIn(out.path, 'concurrency');
    expect(outcome).toMatchObject({ state: 'aborted', code: 'TL_TARGET_DIED' });
    expect(tiers[0]?.load).toMatchObject({ state: 'completed', ledger: { lost: 0 } });
    expect(existsSync(join(out.path, 'report.html'))).toBe(true);
    expect(profiler.leftovers()).toEqual([]);
  });
});

describe('a generator that dies while it measures', () => {
  it.each([
    ['concurrency', CONCURRENCY, ['--tiers', '5'], /tier 1\/1 · measuring/],
    ['firehose', FIREHOSE, ['--quick', '--rates', '1000', '--engines', 'ws'], /· measuring/],
  ] as const)('%s: exit 3, and the command ends', async (_, script, words, measuring) => {
    const profiler = new ProfilerProcess(script, [...words, '--duration', '20s', '--out', out.path]);
    await profiler.until(measuring);
    // Its first reading is under way, the next one is due in a second.
    process.kill(profiler.pidOf('worker/worker.js'), 'SIGKILL');
    const { exit, stdout, stderr } = await profiler.ended;
    expect(exit, stdout + stderr).toBe(3);
    expect(stdout + stderr).toContain('TL_WORKER_FAILED');
    expect(profiler.leftovers()).toEqual([]);
  });
});

describe('Ctrl-C', () => {
  it('ends in order: exit 130, what was measured is written and reported', async () => {
    const profiler = new ProfilerProcess(CONCURRENCY, [
      '--tiers',
      '5,30',
      '--duration',
      '60s',
      '--out',
      out.path,
    ]);
    await profiler.until(/tier 1\/2 · measuring/);
    profiler.child.kill('SIGINT');
    const { exit, stdout, stderr } = await profiler.ended;
    expect(stderr).toContain('SIGINT: ending the run');
    expect(exit).toBe(130);
    expect(stdout).toContain('stopped by a signal');
    expect(recordIn(out.path, 'concurrency')).toMatchObject({
      outcome: { state: 'interrupted' },
      tiers: [{ connections: 5 }],
    });
    expect(await readFile(join(out.path, 'server.log'), 'utf8')).toContain('drain');
    expect(profiler.leftovers()).toEqual([]);
  });
});

/** How commands end when something is wrong: a sentence, the documented exit code, nothing lost, nothing left. */

import { existsSync } from 'node:fs';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { outputFolderOf } from '../server/testing/output-folder.ts';
import {
  CHURN,
  CONCURRENCY,
  FIREHOSE,
  ProfilerProcess,
  recordIn,
  runProfiler,
} from './testing/profiler-process.ts';

describe.concurrent('a wrong command line', () => {
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

  it('a checkout that was not built: exit 3 and the command that builds it', async (test) => {
    const folder = await outputFolderOf(test);
    for (const file of ['launch.js', 'report.js']) {
      await copyFile(join('profiling', file), join(folder, file));
    }
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    const { exit, stderr } = await runProfiler(join(folder, 'report.js'), ['run.json']);
    expect(stderr).toMatch(/^TL_NOT_BUILT: .*npm run build/);
    expect(exit).toBe(3);
  });

  it('shows help on stdout', async () => {
    const { exit, stdout, stderr } = await runProfiler(CONCURRENCY, ['--help']);
    expect(stdout).toContain('--tiers <list>');
    expect([exit, stderr]).toEqual([0, '']);
  });

  it('an output folder that cannot be written: exit 2 before anything is started', async (test) => {
    const folder = await outputFolderOf(test);
    const file = join(folder, 'a-file');
    await writeFile(file, '');
    const { exit, stderr } = await runProfiler(CONCURRENCY, ['--quick', '--out', join(file, 'below')]);
    expect(stderr).toMatch(/^TL_OUT_NOT_WRITABLE: expected to write into .*ENOTDIR/);
    expect(exit).toBe(2);
  });
});

describe.concurrent('a target that is not there', () => {
  it('is said at once: exit 3, no folder left', async (test) => {
    const folder = join(await outputFolderOf(test), 'run');
    const argv = ['--url', 'ws://127.0.0.1:1/ws', '--out', folder, '--quiet'];
    const { exit, stdout, stderr } = await runProfiler(CONCURRENCY, argv);
    expect(stderr).toMatch(/^TL_TARGET_UNREACHABLE: expected a WebSocket server at ws:.*ECONNREFUSED/);
    expect([exit, stdout, existsSync(folder)]).toEqual([3, '', false]);
  });

  it('a server that dies mid-run: exit 3, what was measured is written and reported', async (test) => {
    const folder = await outputFolderOf(test);
    const argv = ['--tiers', '5,30', '--duration', '2s', '--warm-up', '200ms', '--out', folder];
    const profiler = new ProfilerProcess(CONCURRENCY, argv);
    await profiler.until(/tier 2\/2 · measuring/);
    process.kill(profiler.pidOf('dist/server/main.js'), 'SIGKILL');
    const { exit, stdout } = await profiler.ended;
    expect(exit).toBe(3);
    expect(stdout).toMatch(/TL_TARGET_DIED: .*it went away in the tier of 30 connections/);
    const { outcome, tiers } = recordIn(folder, 'concurrency');
    expect(outcome).toMatchObject({ state: 'aborted', code: 'TL_TARGET_DIED' });
    expect(tiers[0]?.load).toMatchObject({ state: 'completed', ledger: { lost: 0 } });
    expect(existsSync(join(folder, 'report.html'))).toBe(true);
    expect(profiler.leftovers()).toEqual([]);
  });
});

describe.concurrent('a generator that dies while it measures', () => {
  it.for([
    ['concurrency', CONCURRENCY, ['--tiers', '5'], /tier 1\/1 · measuring/],
    ['firehose', FIREHOSE, ['--quick', '--rates', '1000', '--engines', 'ws'], /· measuring/],
  ] as const)('%s: exit 3, and the command ends', async ([_, script, words, measuring], test) => {
    const folder = await outputFolderOf(test);
    const profiler = new ProfilerProcess(script, [...words, '--duration', '20s', '--out', folder]);
    await profiler.until(measuring);
    // Its first reading is under way, the next one is due in a second.
    process.kill(profiler.pidOf('worker/worker.js'), 'SIGKILL');
    const { exit, stdout, stderr } = await profiler.ended;
    expect(exit, stdout + stderr).toBe(3);
    expect(stdout + stderr).toContain('TL_WORKER_FAILED');
    expect(profiler.leftovers()).toEqual([]);
  });
});

describe.concurrent('Ctrl-C', () => {
  it('ends in order: exit 130, what was measured is written and reported', async (test) => {
    const folder = await outputFolderOf(test);
    const profiler = new ProfilerProcess(CONCURRENCY, [
      '--tiers',
      '5,30',
      '--duration',
      '60s',
      '--out',
      folder,
    ]);
    await profiler.until(/tier 1\/2 · measuring/);
    profiler.child.kill('SIGINT');
    const { exit, stdout, stderr } = await profiler.ended;
    expect(stderr).toContain('SIGINT: ending the run');
    expect(exit).toBe(130);
    expect(stdout).toContain('stopped by a signal');
    expect(recordIn(folder, 'concurrency')).toMatchObject({
      outcome: { state: 'interrupted' },
      tiers: [{ connections: 5 }],
    });
    expect(await readFile(join(folder, 'server.log'), 'utf8')).toContain('drain');
    expect(profiler.leftovers()).toEqual([]);
  });

  it.for([
    ['churn', /clients come and go · [1-9]/],
    ['storm', /everybody reconnects/],
  ] as const)(
    'in the %s of a churn: exit 130, what was measured is written, nothing is left running',
    async ([part, moment], test) => {
      const folder = await outputFolderOf(test);
      const argv = ['--quick', '--duration', part === 'churn' ? '60s' : '500ms', '--storm', '100'];
      const profiler = new ProfilerProcess(CHURN, [...argv, '--out', folder]);
      await profiler.until(moment);
      profiler.child.kill('SIGINT');
      const { exit, stdout } = await profiler.ended;
      expect(exit).toBe(130);
      expect(stdout).toContain('stopped by a signal in the churn');
      const { outcome, load, settled } = recordIn(folder, 'churn');
      expect(outcome.state).toBe('interrupted');
      expect(load?.state).toBe('interrupted');
      expect(load?.connect.connected).toBeGreaterThan(0);
      expect(settled === null).toBe(part === 'churn');
      expect(existsSync(join(folder, 'report.html'))).toBe(true);
      expect(profiler.leftovers()).toEqual([]);
    },
  );
});

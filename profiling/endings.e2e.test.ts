/** How commands end when something is wrong: a sentence, the documented exit code, nothing lost, nothing left. */

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  CONCURRENCY,
  ProfilerProcess,
  printedVerdict,
  REPORT,
  recordIn,
  runProfiler,
  temporaryFolder,
} from './testing/profiler-process.ts';

let out: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  // The machine is calibrated once, before anything starves it.
  const folder = await temporaryFolder();
  await runProfiler(CONCURRENCY, [
    '--tiers',
    '1',
    '--duration',
    '1s',
    '--warm-up',
    '0',
    '--out',
    folder.path,
  ]);
  await folder.remove();
});
beforeEach(async () => {
  out = await temporaryFolder();
});
afterEach(async () => {
  await out.remove();
});

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

describe('a starved generator', () => {
  it('makes the run inconclusive: exit 4, with the rig named', async () => {
    const hogs: ChildProcess[] = [];
    try {
      for (let hog = 0; hog < cpus().length * 2; hog += 1) {
        hogs.push(spawn(process.execPath, ['-e', 'for(;;);'], { stdio: 'ignore' }));
      }
      const load = ['--tiers', '200', '--duration', '4s', '--warm-up', '500ms'];
      const { exit, stdout, stderr } = await runProfiler(CONCURRENCY, [...load, '--out', out.path, '--json']);
      expect(exit, stdout + stderr).toBe(4);
      expect(printedVerdict(stdout).verdict).toBe('inconclusive');
      expect(recordIn(out.path, 'concurrency').tiers[0]?.load.machineCpuRatio).toBeGreaterThan(0.9);
    } finally {
      for (const hog of hogs) hog.kill('SIGKILL');
    }
  });
});

describe('report', () => {
  it('judges and renders a run again, with other limits when asked', async () => {
    const first = join(out.path, 'first');
    const again = join(out.path, 'again');
    const tiny = ['--tiers', '5,40', '--duration', '2s', '--warm-up', '200ms', '--out', first];
    await runProfiler(CONCURRENCY, tiny);
    const file = join(first, 'run.json');
    const same = await runProfiler(REPORT, [file, '--out', again]);
    expect(existsSync(join(again, 'report.html'))).toBe(true);
    expect(await readFile(join(again, 'report.md'), 'utf8')).toBe(
      await readFile(join(first, 'report.md'), 'utf8'),
    );
    expect(same.stdout).toContain(join(again, 'report.md'));
    const strict = await runProfiler(REPORT, [file, '--out', again, '--threshold', 'p50=0.001ms', '--json']);
    expect(strict.exit).toBe(1);
    expect(printedVerdict(strict.stdout).checks).toContainEqual(
      expect.objectContaining({ name: 'p50', verdict: 'fail', threshold: 0.001 }),
    );
    const unjudged = await runProfiler(REPORT, [file, '--out', again, '--threshold', 'fds=3']);
    expect(unjudged.exit).toBe(2);
    expect(unjudged.stderr).toContain('--threshold fds is not judged by concurrency');
  });

  it.each<[string, string | undefined, RegExp]>([
    ['a missing file', undefined, /expected a file that can be read at .*ENOENT/],
    ['no JSON', '{"half":', /expected JSON at /],
    ['another version', '{"schema":"touchline/run-record","schemaVersion":99}', /99/],
    ['something else', '{"name":"x"}', /expected/],
  ])('explains %s: exit 2', async (_, content, expected) => {
    const file = join(out.path, 'run.json');
    if (content !== undefined) await writeFile(file, content);
    const { exit, stdout, stderr } = await runProfiler(REPORT, [file]);
    expect(stderr).toMatch(/^TL_RECORD_INVALID: /);
    expect(stderr).toMatch(expected);
    expect([exit, stdout]).toEqual([2, '']);
  });
});

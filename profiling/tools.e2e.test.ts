/** The real 0x and the real clinic around the real server: what they leave, what is told of it, and that nothing stays behind. */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { ensureClinic } from '../dist/profiling/tools/clinic-cache.js';
import { outputFolderOf } from '../server/testing/output-folder.ts';
import { isRunning, ProfilerProcess, recordIn, runProfiler } from './testing/profiler-process.ts';

const lasting = (duration: string) => [
  ...['--scenario', 'concurrency', '--tiers', '5', '--warm-up', '0', '--duration', duration],
];
const INSTALL_MS = 300_000;
/** clinic bundles its page anew each time: 11 s of CPU for doctor, minutes on a busy machine. */
const RUN_MS = 600_000;

/** What must not be there after a run: the server, and the folder that the tool ran in. */
async function leftBehind(folder: string): Promise<readonly string[]> {
  const log = await readFile(join(folder, 'server.log'), 'utf8');
  const pid = /"pid":(\d+)/.exec(log)?.[1];
  if (pid === undefined) throw new Error(`no server in its log:\n${log}`);
  const names = (await readdir(folder)).filter(
    (name) => /^\.tool-|\.log$/.test(name) && name !== 'server.log',
  );
  return isRunning(pid) ? [...names, `process ${pid}`] : names;
}

beforeAll(async () => {
  const note = () => undefined;
  const { signal } = new AbortController();
  await ensureClinic({ projectFolder: process.cwd(), environment: process.env, note, signal });
}, INSTALL_MS);

describe.concurrent('the server under a tool', { timeout: RUN_MS }, () => {
  it.for([
    ['flame', '0x 6', 'flame.html', /deliver|createHub|startServer/, /A block is a function/],
    ['doctor', 'clinic doctor 13', 'doctor.html', /Doctor/, /^Doctor (sees|suspects|could)/],
    ['bubbleprof', 'clinic bubbleprof 13', 'bubbleprof.html', /startServer/, /A bubble is/],
    [
      'heapprofiler',
      'clinic heapprofiler 13',
      'heapprofiler.html',
      /readSettings|createHub|startServer/,
      /memory/,
    ],
  ] as const)(
    'profile:%s leaves its page beside the report',
    async ([name, title, file, shows, words], test) => {
      const folder = await outputFolderOf(test);
      const profiler = new ProfilerProcess(`profiling/${name}.js`, [
        ...lasting('500ms'),
        '--json',
        '--out',
        folder,
      ]);
      const { exit, stdout, stderr } = await profiler.ended;
      expect(exit, stderr).toBe(0);
      expect(await readFile(join(folder, file), 'utf8')).toMatch(shows);
      const { tool, artefacts, outcome } = recordIn(folder, 'concurrency');
      expect(outcome.state).toBe('completed');
      expect(tool).toMatchObject({ title: expect.stringContaining(title), failure: null });
      expect(artefacts?.[0]).toMatchObject({ file, note: expect.stringMatching(words) });
      expect(JSON.parse(stdout).artefacts[0].path).toBe(join(folder, file));
      expect(await readFile(join(folder, 'report.md'), 'utf8')).toContain(`](${file})`);
      expect(await readFile(join(folder, 'report.html'), 'utf8')).toContain(`href="${file}"`);
      expect([...(await leftBehind(folder)), ...profiler.leftovers()]).toEqual([]);
    },
  );

  it('a tool that is killed in the middle: exit 3, told, and what was measured is reported', async (test) => {
    const folder = await outputFolderOf(test);
    const profiler = new ProfilerProcess('profiling/flame.js', [...lasting('20s'), '--out', folder]);
    await profiler.until(/tier 1\/1 · measuring/);
    process.kill(profiler.pidOf('0x/cmd.js'), 'SIGKILL');
    const { exit, stderr } = await profiler.ended;
    expect(stderr).toMatch(
      /TL_TOOL_FAILED: expected 0x 6\S* to leave its result; expected it to write flame\.html/,
    );
    expect(exit).toBe(3);
    expect(recordIn(folder, 'concurrency').tool?.failure).toContain('SIGKILL');
    expect(await readFile(join(folder, 'report.md'), 'utf8')).toContain('left no result');
    expect([...(await leftBehind(folder)), ...profiler.leftovers()]).toEqual([]);
  });

  it('takes heap snapshots of a memory run beside the heap profiler, which stays the only one', async (test) => {
    const folder = await outputFolderOf(test);
    const words = [
      '--scenario',
      'memory',
      '--quick',
      '--cycles',
      '2',
      '--connections',
      '20',
      '--out',
      folder,
    ];
    const { exit, stdout, stderr } = await runProfiler('profiling/heapprofiler.js', words);
    expect(exit, stderr + stdout).toBe(0);
    const { tool, heapGrowth } = recordIn(folder, 'memory');
    expect(tool?.failure).toBeNull();
    expect(heapGrowth?.snapshots).toHaveLength(3);
  });

  it.for([
    ['as the server starts', 'nothing', /^concurrency: /m],
    ['as the load runs', 'page and report', /tier 1\/1 · measuring/],
    ['as the page is drawn', 'report', /works on what it collected/],
  ] as const)('Ctrl-C on a terminal %s: exit 130, leaving %s', async ([moment, left, seen], test) => {
    const folder = await outputFolderOf(test);
    const duration = moment === 'as the page is drawn' ? '500ms' : '60s';
    const profiler = new ProfilerProcess('profiling/flame.js', [...lasting(duration), '--out', folder], {
      ownGroup: true,
    });
    await profiler.until(seen);
    if (left === 'nothing') await vi.waitFor(() => profiler.pidOf('0x/cmd.js'), 10_000);
    profiler.pressCtrlC();
    const { exit, stderr } = await profiler.ended;
    expect([exit, stderr]).toEqual([130, expect.stringContaining('SIGINT: ending the run')]);
    const kept = (await readdir(folder)).filter((name) => /^(flame|report)\.html$/.test(name));
    expect(kept).toEqual(
      { nothing: [], report: ['report.html'], 'page and report': ['flame.html', 'report.html'] }[left],
    );
    expect(profiler.leftovers()).toEqual([]);
    expect((await readdir(folder)).filter((name) => name.startsWith('.tool-'))).toEqual([]);
  });

  it.for([
    [
      'an unknown scenario',
      ['--scenario', 'brodcast'],
      /--scenario: expected one of .*did you mean broadcast/,
    ],
    ['an option of another scenario', ['--scenario', 'memory', '--tiers', '5'], /unknown option --tiers/],
  ] as const)('%s: exit 2 and what was expected', async ([_, argv, expected]) => {
    const { exit, stdout, stderr } = await runProfiler('profiling/bubbleprof.js', argv);
    expect(stderr).toMatch(expected);
    expect([exit, stdout]).toEqual([2, '']);
  });
});

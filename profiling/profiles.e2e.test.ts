/** `--profile` against the real server: a planted hot function is named first, and nobody names it where it is not planted. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { outputFolderOf } from '../server/testing/output-folder.ts';
import { parseCpuProfile, parseHeapProfile } from './cpu/v8-profiles.ts';
import { CONCURRENCY, printedVerdict, recordIn, runProfiler } from './testing/profiler-process.ts';

const LOAD = '--quick --tiers 10,30 --duration 1500ms --warm-up 200ms --seed 7 --no-live --quiet --json';
const SOURCE = 'server/faults/hot-function.ts';

function lineOf(text: string): number {
  return (
    readFileSync(SOURCE, 'utf8')
      .split('\n')
      .findIndex((line) => line.includes(text)) + 1
  );
}

describe.concurrent('a profiled run', () => {
  it('names a planted hot function first, with its line of TypeScript, in every file it leaves', async (test) => {
    const folder = await outputFolderOf(test);
    const fault = ['--fault', 'hot-function=1ms', '--profile', 'both', '--out', folder];
    const { stdout, stderr } = await runProfiler(CONCURRENCY, [...LOAD.split(' '), ...fault]);
    expect(stderr).toBe('');

    const { profiles } = recordIn(folder, 'concurrency');
    expect(profiles).toMatchObject({ windows: 2, missing: [] });
    const drawn = profiles?.cpu.at(-1);
    expect(drawn?.functions[0]).toMatchObject({
      functionName: 'burnHot',
      file: SOURCE,
      line: lineOf('export function burnHot('),
      room: 'server/faults',
    });
    expect(drawn?.calls.some(({ functionName }) => functionName === 'burnHot')).toBe(true);
    // Thirty deliveries of 1 ms each: the median waits for fifteen.
    const p50 = printedVerdict(stdout).checks.find(({ name }) => name === 'p50');
    expect(p50?.observed).toBeGreaterThan(p50?.threshold ?? Number.POSITIVE_INFINITY);

    const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));
    expect(profiles?.cpu.map(({ file }) => parseCpuProfile(read(file), file).samples.length > 0)).toEqual([
      true,
      true,
    ]);
    expect(
      profiles?.heap.map(({ file }) => parseHeapProfile(read(file), file).head.children.length > 0),
    ).toEqual([true, true]);
    const html = readFileSync(join(folder, 'report.html'), 'utf8');
    expect(html).toContain(`<title>burnHot (${SOURCE}:`);
    expect(html).toContain('Hottest function: burnHot');
    expect(readFileSync(join(folder, 'flame-graph.svg'), 'utf8')).toContain('burnHot');
  });

  it('does not name it where it is not planted', async (test) => {
    const folder = await outputFolderOf(test);
    await runProfiler(CONCURRENCY, [...LOAD.split(' '), '--profile', 'cpu', '--out', folder]);
    const { profiles } = recordIn(folder, 'concurrency');
    expect(profiles?.cpu).toHaveLength(2);
    expect(profiles?.cpu[1]?.functions.length).toBeGreaterThan(0);
    expect(JSON.stringify(profiles)).not.toContain('burnHot');
    expect(existsSync(join(folder, 'heap'))).toBe(false);
  });
});

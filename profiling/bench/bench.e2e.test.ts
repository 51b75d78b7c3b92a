/** `npm run bench` as users start it, in its short form: every part runs and says its figure. */
import { describe, expect, it } from 'vitest';
import { runProfiler } from '../testing/profiler-process.ts';

const BENCH = 'profiling/bench.js';

describe('bench', () => {
  it('goes through every part', async () => {
    const { exit, stdout, stderr } = await runProfiler(BENCH, ['--quick']);
    expect(exit, stdout + stderr).toBe(0);
    for (const kind of ['bare ws', 'touchline', 'bare uws', 'touchline uws']) {
      expect(stdout).toMatch(new RegExp(`round 1  ${kind} +-?[\\d.]+ KB ± [\\d.]+ KB`));
    }
    expect(stdout).toMatch(/50 subscribed, 10 broadcasts\/s\n.* [1-9]\d* deliveries, 0 lost/);
    expect(stdout).toMatch(/50 idle/);
    expect(stdout).toMatch(/The hub's own state\n {2}\S/);
    expect(stdout).toMatch(
      /A scrape with 100 connections in 50 rooms:\n +time of the loop +median [\d.]+ ms, p99 [\d.]+ ms \(target < 15 ms\)/,
    );
    expect(stdout).toMatch(/one frame a read: [\d,]+ /);
  });

  it('explains itself, and refuses an option that it does not know', async () => {
    const help = await runProfiler(BENCH, ['--help']);
    expect([help.exit, help.stdout]).toEqual([0, expect.stringContaining('npm run bench -- [--quick]')]);
    const wrong = await runProfiler(BENCH, ['--rounds', '3']);
    expect([wrong.exit, wrong.stdout]).toEqual([2, '']);
    expect(wrong.stderr).toMatch(/^TL_USAGE: Unknown option '--rounds'/);
  });
});

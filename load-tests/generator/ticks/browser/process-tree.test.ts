import { expect, it } from 'vitest';
import { parseStat, treeUsage } from './process-tree.ts';

it('reads what the kernel says of a process, whatever its name is', () => {
  const line =
    '4242 (a) b (c) S 17 4242 4242 0 -1 4194560 1 2 3 4 150 50 7 8 20 0 9 0 12345 1000000 2500 184467 1 1';
  expect(parseStat(line)).toEqual({ pid: 4242, parentPid: 17, cpuTicks: 200, rssPages: 2_500 });
});

it('sums up everything below a process, in whatever order it is listed', () => {
  const stat = (pid: number, parentPid: number) => ({ pid, parentPid, cpuTicks: 100, rssPages: 1 });
  const stats = [stat(5, 4), stat(4, 3), stat(3, 1), stat(1, 0), stat(9, 0), stat(10, 9)];
  expect(treeUsage(stats, 1)).toEqual({ cpuSeconds: 3, rssBytes: 3 * 4_096 });
  expect(treeUsage(stats, 10)).toEqual({ cpuSeconds: 0, rssBytes: 0 });
});

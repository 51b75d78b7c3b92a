import { expect, it } from 'vitest';
import { parseSchedstat, readCpuSeconds } from './process-cpu.ts';

it('reads the time on a CPU out of schedstat', () => {
  expect(parseSchedstat('71751984 186608325 28\n')).toBe(71_751_984);
  expect(parseSchedstat('')).toBe(0);
});

it('grows by what the process used, and agrees with what the process knows of itself', () => {
  const before = readCpuSeconds(process.pid);
  const usage = process.cpuUsage();
  let sum = 0;
  for (let index = 0; index < 3e7; index += 1) sum += Math.sqrt(index);
  const used = process.cpuUsage(usage);
  const after = readCpuSeconds(process.pid);
  expect(sum).toBeGreaterThan(0);
  const ownSeconds = (used.user + used.system) / 1e6;
  expect((after ?? 0) - (before ?? 0)).toBeGreaterThan(0.9 * ownSeconds - 0.01);
  expect((after ?? 0) - (before ?? 0)).toBeLessThan(1.1 * ownSeconds + 0.01);
});

it('is null for a process there is not', () => {
  expect(readCpuSeconds(2 ** 22 + 1)).toBeNull();
});

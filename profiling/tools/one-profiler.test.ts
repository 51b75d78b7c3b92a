import { describe, expect, it } from 'vitest';
import type { ProfileSource } from '../run/profile-source.ts';
import { snapshotsOnly } from './one-profiler.ts';

const never = () => Promise.reject(new Error('asked of the server'));
const SOURCE: ProfileSource = {
  startCpu: never,
  stopCpu: never,
  startHeap: never,
  stopHeap: never,
  writeSnapshot: async () => ({ bytes: 1, durationMs: 2 }),
  close: async () => undefined,
};

describe('snapshotsOnly', () => {
  const source = snapshotsOnly(SOURCE, 'clinic heapprofiler');

  it.each([
    ['a CPU profile', () => source.startCpu(1_000)],
    ['a heap profile', () => source.startHeap(4_096)],
  ])('refuses %s before the server is asked', async (_, start) => {
    await expect(start()).rejects.toMatchObject({
      code: 'TL_PROFILE_RUNNING',
      message: expect.stringContaining('it runs under clinic heapprofiler'),
    });
  });

  it('takes snapshots', async () => {
    expect(await source.writeSnapshot('a.heapsnapshot')).toEqual({ bytes: 1, durationMs: 2 });
  });
});

import { describe, expect, it } from 'vitest';
import { until } from '../../testing/until.ts';
import { ProcessProfiler } from './process-profiler.ts';
import { CPU_PROFILE, HEAP_PROFILE } from './profile-kinds.ts';

interface CpuProfile {
  readonly nodes: readonly { readonly callFrame: { readonly functionName: string } }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

function burnForTheProfile(turns: number): number {
  let sum = 0;
  for (let turn = 0; turn < turns; turn += 1) sum += Math.sqrt(turn);
  return sum;
}

describe('a CPU profile of this process', () => {
  it('names the function that ran, from start to stop', async () => {
    const profiler = new ProcessProfiler(CPU_PROFILE);
    await profiler.start(100);
    burnForTheProfile(30_000_000);
    const { nodes, samples, timeDeltas } = (await profiler.stop()) as CpuProfile;
    expect(samples).toHaveLength(timeDeltas.length);
    expect(nodes.map(({ callFrame }) => callFrame.functionName)).toContain('burnForTheProfile');
  });

  it('ends by itself where a time is given', async () => {
    const profiler = new ProcessProfiler(CPU_PROFILE);
    const taken = profiler.answer({ what: 'take', seconds: 0.02, interval: 1_000 });
    await expect(taken).resolves.toHaveProperty('samples');
  });

  it('runs once at a time, also while it is being started', async () => {
    const profiler = new ProcessProfiler(CPU_PROFILE);
    const started = profiler.start(1_000);
    await expect(profiler.start(1_000)).rejects.toMatchObject({ code: 'TL_PROFILE_RUNNING' });
    await started;
    await expect(profiler.start(1_000)).rejects.toMatchObject({ code: 'TL_PROFILE_RUNNING' });
    await profiler.stop();
    await expect(profiler.stop()).rejects.toMatchObject({ code: 'TL_PROFILE_NOT_RUNNING' });
  });

  it('ends at its deadline where nobody stops it', async () => {
    const profiler = new ProcessProfiler(CPU_PROFILE, { longestMs: 5 });
    await profiler.start(1_000);
    const startAgain = async () => {
      await new Promise(setImmediate);
      return profiler.start(1_000).then(
        () => 'started',
        () => 'running',
      );
    };
    expect(await until(startAgain, (state) => state === 'started')).toBe('started');
  });

  it('names the missing inspector', async () => {
    const profiler = new ProcessProfiler(CPU_PROFILE, { hasInspector: false });
    await expect(profiler.start(1_000)).rejects.toMatchObject({ code: 'TL_PROFILE_UNAVAILABLE' });
  });
});

describe('a heap profile of this process', () => {
  it('names who allocated what is alive, beside a CPU profile', async () => {
    const cpu = new ProcessProfiler(CPU_PROFILE);
    await cpu.start(1_000);
    const profiler = new ProcessProfiler(HEAP_PROFILE);
    await profiler.start(512);
    const kept = allocateForTheProfile();
    const profile = JSON.stringify(await profiler.stop());
    expect(kept).toHaveLength(5_000);
    expect(profile).toContain('"allocateForTheProfile"');
    await cpu.stop();
  });
});

function allocateForTheProfile(): readonly object[] {
  return Array.from({ length: 5_000 }, (_, index) => ({ index, text: `kept ${index}` }));
}

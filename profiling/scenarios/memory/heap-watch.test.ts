import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TouchlineError } from '../../../server/protocol/touchline-error.ts';
import type { ProfileSource } from '../../run/profile-source.ts';
import { Rehearsal } from '../../testing/rehearsal.ts';
import { sampleHeapGrowth } from '../../testing/sample-memory.ts';
import { sampleTier } from '../../testing/sample-tier.ts';
import type { ScenarioContext, SnapshotComparison } from '../scenario.ts';
import type { ScenarioOptions } from '../scenario-options.ts';
import { memory } from './memory.ts';

const HEAP_BYTES = 20_000_000;
let runFolder: string;
beforeEach(async () => {
  runFolder = await mkdtemp(join(tmpdir(), 'touchline-test-'));
});
afterEach(() => rm(runFolder, { recursive: true, force: true }));

/** A target on this machine that takes profiles of itself, and what was asked of it. */
class Stage {
  readonly asked: string[] = [];
  readonly compared: SnapshotComparison[] = [];
  readonly rehearsal: Rehearsal;
  sharesMachine = true;
  heapBytes = HEAP_BYTES;
  /** What goes wrong in it. */
  refuses: (asked: string) => TouchlineError | undefined = () => undefined;

  constructor(options: Partial<ScenarioOptions> = {}) {
    this.rehearsal = new Rehearsal({ cycles: 5, connections: 10, measureMs: 500, ...options });
    this.rehearsal.runFolder = runFolder;
    this.rehearsal.tier = (plan) => {
      this.asked.push('cycle');
      return sampleTier(plan.connections, { durationMs: 500 }).load;
    };
    this.rehearsal.comparison = async (comparison) => {
      this.note('compare');
      this.compared.push(comparison);
      return sampleHeapGrowth();
    };
  }

  run() {
    return memory.run(this.context());
  }

  private note(what: string): void {
    this.asked.push(what);
    const error = this.refuses(what);
    if (error !== undefined) throw error;
  }

  private context(): ScenarioContext {
    const context = this.rehearsal.context();
    const { target } = context;
    const { heapBytes } = this;
    const after = {
      rssBytes: 5e7,
      heapTotalBytes: heapBytes,
      heapUsedBytes: heapBytes,
      externalBytes: 0,
      arrayBuffersBytes: 0,
    };
    return {
      ...context,
      target: {
        ...target,
        view: { ...target.view, askAdmin: async (_, path) => (path === '/debug/gc' ? { after } : null) },
        description: { ...target.description, sharesMachine: this.sharesMachine },
        profiles: this.profiles(),
      },
    };
  }

  private profiles(): ProfileSource {
    const never = () => Promise.reject(new Error('a memory run takes no CPU profile'));
    return {
      startCpu: never,
      stopCpu: never,
      startHeap: async (interval) => this.note(`start ${interval}`),
      stopHeap: async () => {
        this.note('stop');
        return { head: 'what was allocated' };
      },
      writeSnapshot: async (file) => {
        this.note('snapshot');
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, 'a snapshot');
        return { bytes: 10, durationMs: 100 * this.asked.filter((what) => what === 'snapshot').length };
      },
      close: async () => undefined,
    };
  }
}

const refusal = () => new TouchlineError('TL_PROFILE_UNAVAILABLE', 'expected one; received none');

describe('heap snapshots of a memory run', () => {
  it('are taken after the warm-up, half of the cycles and all, with the allocations in between', async () => {
    const stage = new Stage();
    const { outcome, body } = await stage.run();
    expect(outcome).toEqual({ state: 'completed' });
    expect(stage.asked).toEqual([
      ...['cycle', 'cycle', 'snapshot', 'start 4096', 'cycle', 'cycle', 'snapshot'],
      ...['cycle', 'cycle', 'cycle', 'stop', 'snapshot', 'compare'],
    ]);
    const files = [1, 2, 3].map((number) => join(runFolder, 'heap', `${number}.heapsnapshot`));
    // Five cycles of ten: 25 in each interval, on average.
    expect(stage.compared).toEqual([{ files, connections: 25, allocations: { head: 'what was allocated' } }]);
    expect(body.heapGrowth?.snapshots.map(({ file, durationMs }) => [file, durationMs])).toEqual([
      ['heap/1.heapsnapshot', 100],
      ['heap/2.heapsnapshot', 200],
      ['heap/3.heapsnapshot', 300],
    ]);
    expect(body.allocationProfile).toBe('heap/allocations.heapprofile');
    const profile = await readFile(join(runFolder, 'heap', 'allocations.heapprofile'), 'utf8');
    expect(JSON.parse(profile)).toEqual({ head: 'what was allocated' });
    expect(body.noHeapGrowth).toBeUndefined();
  });

  it.each<[string, (stage: Stage) => void, Partial<ScenarioOptions>]>([
    ['the heap held 20.0 MB, and above 10.0 MB', () => undefined, { snapshotHeapLimitBytes: 10_000_000 }],
    ['growth must show in both halves of the cycles, and there is 1', () => undefined, { cycles: 1 }],
    ['the target runs on another machine', (stage) => Object.assign(stage, { sharesMachine: false }), {}],
    [
      'the target took none (TL_PROFILE_UNAVAILABLE: expected one',
      (stage) => {
        stage.refuses = (asked) => (asked === 'snapshot' ? refusal() : undefined);
      },
      {},
    ],
    [
      'they could not be compared (TL_PROFILE_UNAVAILABLE: expected one',
      (stage) => {
        stage.refuses = (asked) => (asked === 'compare' ? refusal() : undefined);
      },
      {},
    ],
  ])('are left out where %s, and the run goes on', async (why, prepare, options) => {
    const stage = new Stage(options);
    prepare(stage);
    const { outcome, body } = await stage.run();
    expect(outcome).toEqual({ state: 'completed' });
    expect(body.heapGrowth).toBeNull();
    expect(body.noHeapGrowth).toContain(why);
    expect(await readdir(runFolder)).toEqual([]);
  });

  it('do not need the allocations', async () => {
    const stage = new Stage();
    stage.refuses = (asked) => (asked.startsWith('start') ? refusal() : undefined);
    const { body } = await stage.run();
    expect(body.heapGrowth?.snapshots).toHaveLength(3);
    expect(body.allocationProfile).toBeNull();
    expect(stage.compared[0]?.allocations).toBeNull();
  });

  it('leave no file and no profile behind when the run is interrupted', async () => {
    const stage = new Stage();
    stage.rehearsal.tier = (plan) => {
      if (stage.rehearsal.plans.length === 4) stage.rehearsal.interrupt.abort();
      return sampleTier(plan.connections, { durationMs: 500 }).load;
    };
    const { outcome, body } = await stage.run();
    expect(outcome.state).toBe('interrupted');
    expect(stage.asked).toEqual(['snapshot', 'start 4096', 'stop']);
    expect(body.heapGrowth).toBeNull();
    expect(body.noHeapGrowth).toBe('the run ended before the last one');
    expect(await readdir(runFolder)).toEqual([]);
  });
});

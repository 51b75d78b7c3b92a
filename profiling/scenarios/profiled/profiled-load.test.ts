import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CHURN_PHASES, type ChurnPlan } from '../../../load-tests/generator/churn/churn-plan.ts';
import type { ChurnResult } from '../../../load-tests/generator/churn/churn-result.ts';
import { HTTP_PHASES, type HttpLoadPlan } from '../../../load-tests/generator/http/http-plan.ts';
import type { HttpLoadResult } from '../../../load-tests/generator/http/http-result.ts';
import type { LoadObserver } from '../../../load-tests/generator/load-observer.ts';
import type { LoadPlan } from '../../../load-tests/generator/load-plan.ts';
import { TouchlineError } from '../../../server/protocol/touchline-error.ts';
import type { ProfileSource } from '../../run/profile-source.ts';
import { PHASES } from '../../testing/rehearsal.ts';
import { sampleTier } from '../../testing/sample-tier.ts';
import type { LoadRunner } from '../scenario.ts';
import { KeptProfiles } from './kept-profiles.ts';
import { ProfiledLoad } from './profiled-load.ts';
import type { ProfileKinds } from './window-profile.ts';

const WS_URL = 'ws://127.0.0.1:1/ws';
const HTTP_URL = 'http://127.0.0.1:1';
const HTTP_PLAN: HttpLoadPlan = {
  target: { httpUrl: HTTP_URL },
  request: { method: 'GET', path: '/livez', body: null, withToken: false },
  connections: 1,
  warmUpMs: 0,
  measureMs: 1,
  timeoutMs: 1_000,
};
const PLAN = { connections: 10, target: { wsUrl: WS_URL, httpUrl: '' } } as LoadPlan;

/** As long as any window of these tests, and busy for a share of it. */
function cpuProfile(busySamples: number) {
  const frame = (functionName: string, url: string) => ({
    functionName,
    scriptId: '1',
    url,
    lineNumber: 4,
    columnNumber: 0,
  });
  const samples = Array.from({ length: 1_000 }, (_, index) => (index % 100 < busySamples ? 3 : 2));
  return {
    nodes: [
      { id: 1, callFrame: frame('(root)', ''), children: [2, 3] },
      { id: 2, callFrame: frame('(idle)', '') },
      { id: 3, callFrame: frame('work', 'file:///project/a.js') },
    ],
    startTime: 0,
    endTime: 60_000_000,
    samples,
    timeDeltas: samples.map(() => 1),
  };
}

/** Writes down what was asked, and answers as each test says. */
class Script implements LoadRunner, ProfileSource {
  readonly happened: string[] = [];
  busySamples = 50;
  failsToStart = false;
  phases: readonly (typeof PHASES)[number][] = PHASES;

  async run(_: LoadPlan, observer: LoadObserver) {
    for (const phase of this.phases) {
      this.happened.push(phase);
      await observer.phase(phase);
    }
    return sampleTier(10).load;
  }
  async churn(_: ChurnPlan, observer: Parameters<LoadRunner['churn']>[1]) {
    for (const phase of CHURN_PHASES) {
      this.happened.push(phase);
      await observer.phase(phase);
    }
    return {} as ChurnResult;
  }
  ticks = () => Promise.reject(new Error('no ticks here'));
  async http(_: HttpLoadPlan, observer: Parameters<LoadRunner['http']>[1]) {
    for (const phase of HTTP_PHASES) {
      this.happened.push(phase);
      await observer.phase(phase);
    }
    return {} as HttpLoadResult;
  }

  async startCpu() {
    if (this.failsToStart)
      throw new TouchlineError('TL_PROFILE_UNAVAILABLE', 'expected a profile; received none');
    this.happened.push('start cpu');
  }
  async stopCpu() {
    this.happened.push('stop cpu');
    return cpuProfile(this.busySamples);
  }
  async startHeap() {
    this.happened.push('start heap');
  }
  async stopHeap() {
    this.happened.push('stop heap');
    const callFrame = cpuProfile(1).nodes[2]?.callFrame;
    return { head: { callFrame, selfSize: 0, children: [{ callFrame, selfSize: 512, children: [] }] } };
  }
  writeSnapshot = () => Promise.reject(new Error('no snapshots here'));
  close = async () => undefined;
}

describe('a load that is profiled', () => {
  let runFolder: string;
  let script: Script;
  let kept: KeptProfiles;
  let step: string | null;

  beforeEach(() => {
    runFolder = mkdtempSync(join(tmpdir(), 'touchline-profiled-'));
    script = new Script();
    kept = new KeptProfiles({ runFolder, projectFolder: '/project' });
    step = 'tier 1/2';
  });
  afterEach(() => rmSync(runFolder, { recursive: true, force: true }));

  function profiled(kinds: Partial<ProfileKinds> = { cpu: true }) {
    return new ProfiledLoad(script, {
      kinds: { cpu: false, heap: false, ...kinds },
      kept,
      sourceOf: (url) => (url === WS_URL || url === HTTP_URL ? script : null),
      step: () => step,
    });
  }
  /** Tells what the scenario's own observer saw, between the asks. */
  const observer = (): LoadObserver => ({
    phase: async (phase) => void script.happened.push(`seen ${phase}`),
    progress: () => undefined,
  });

  it('starts before the measured window and stops behind it, when the scenario has looked at the server', async () => {
    expect(await profiled({ cpu: true, heap: true }).run(PLAN, observer())).toEqual(sampleTier(10).load);
    const from = script.happened.indexOf('warm-up');
    expect(script.happened.slice(from, from + 10)).toEqual([
      'warm-up',
      'seen warm-up',
      'start heap',
      'start cpu',
      'measure',
      'seen measure',
      'hold',
      'seen hold',
      'stop cpu',
      'stop heap',
    ]);
  });

  it('keeps a file of each window, and what they say in short', async () => {
    const load = profiled({ cpu: true, heap: true });
    await load.run(PLAN, observer());
    step = 'tier 2/2';
    await load.run(PLAN, observer());
    const { cpu, heap, windows, missing } = kept.record();
    expect([windows, missing]).toEqual([2, []]);
    expect(cpu.map(({ step: name, file }) => [name, file])).toEqual([
      ['tier 1/2', 'cpu/tier-1-of-2.cpuprofile'],
      ['tier 2/2', 'cpu/tier-2-of-2.cpuprofile'],
    ]);
    expect(heap[1]).toMatchObject({ file: 'heap/tier-2-of-2.heapprofile', liveBytes: 512 });
    const file = JSON.parse(readFileSync(join(runFolder, 'cpu/tier-2-of-2.cpuprofile'), 'utf8'));
    expect(file.samples).toHaveLength(file.timeDeltas.length);
    // The last one is drawn, unless another was clearly busier.
    expect(heap.map(({ calls }) => calls.length)).toEqual([0, 1]);
  });

  it('keeps the busiest windows when there are many', async () => {
    const load = profiled({ heap: true });
    for (let window = 1; window <= 14; window += 1) {
      step = 'cycle';
      await load.run(PLAN, observer());
    }
    const { heap, windows } = kept.record();
    expect(windows).toBe(14);
    expect(heap).toHaveLength(12);
    expect(readdirSync(join(runFolder, 'heap')).sort()).toEqual(
      heap.map(({ file }) => file.replace('heap/', '')).sort(),
    );
  });

  it('profiles a churn and its storm, each for itself', async () => {
    await profiled().churn({ target: PLAN.target } as ChurnPlan, observer() as never);
    const cpu = script.happened.filter((what) => !what.startsWith('seen'));
    expect(cpu).toEqual([
      'start cpu',
      'churn',
      'silence',
      'stop cpu',
      'settled',
      'gather',
      'start cpu',
      'storm',
      'drain',
      'stop cpu',
      'close',
    ]);
    expect(kept.record().cpu.map(({ step: name }) => name)).toEqual(['churn', 'storm']);
  });

  it('profiles the measured requests of an HTTP load, by the address that is asked', async () => {
    step = 'livez';
    await profiled().http(HTTP_PLAN, observer() as never);
    const happened = script.happened.filter((what) => !what.startsWith('seen'));
    expect(happened).toEqual(['start cpu', 'warm-up', 'measure', 'drain', 'stop cpu']);
    expect(kept.record().cpu.map(({ step: name }) => name)).toEqual(['livez']);
  });

  it('leaves a load alone that warms up, and a server that it does not know', async () => {
    step = null;
    await profiled().run(PLAN, observer());
    step = 'tier 1/1';
    await profiled().run({ ...PLAN, target: { wsUrl: 'ws://127.0.0.1:2/ws', httpUrl: '' } }, observer());
    expect(script.happened.filter((what) => what.includes('cpu'))).toEqual([]);
    expect(kept.record()).toEqual({ cpu: [], heap: [], windows: 0, missing: [] });
  });

  it('says of which window there is no profile, and measures all the same', async () => {
    script.failsToStart = true;
    await profiled().run(PLAN, observer());
    expect(script.happened).toContain('seen close');
    expect(kept.record().missing).toEqual(['tier 1/2: expected a profile; received none']);
    expect(existsSync(join(runFolder, 'cpu'))).toBe(false);
  });

  it('keeps what there was of a load that ended early', async () => {
    script.phases = ['connect', 'warm-up', 'measure'];
    await profiled().run(PLAN, observer());
    expect(script.happened.at(-1)).toBe('stop cpu');
    expect(kept.record().cpu).toHaveLength(1);
  });
});

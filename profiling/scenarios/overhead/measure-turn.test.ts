import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  decodeHistogram,
  LatencyHistogram,
} from '../../../load-tests/generator/latency/latency-histogram.ts';
import type { LoadObserver } from '../../../load-tests/generator/load-observer.ts';
import type { LoadPlan } from '../../../load-tests/generator/load-plan.ts';
import type { LoadResult } from '../../../load-tests/generator/load-result.ts';
import { monotonicUs } from '../../../load-tests/generator/monotonic-clock.ts';
import { testPlan } from '../../../load-tests/testing/load-plans.ts';
import type { OverheadTurn } from '../../record/overhead-record.ts';
import { Rehearsal } from '../../testing/rehearsal.ts';
import { sampleTier } from '../../testing/sample-tier.ts';
import { ARMS } from './arms.ts';
import { measureTurn } from './measure-turn.ts';
import { ScrapeClock } from './scrape-clock.ts';
import { slicesOf, slotsIn } from './slices.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'hrtime', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const MEASURE_MS = 2_000;
const FAST_MS = 1;
const SLOW_MS = 9;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A server that is slow while its instrumentation is on, and a load that delivers something each millisecond. */
class SlowWhenOn {
  private isOn = true;
  private readonly switchMs: number;

  /** @param switchMs until it answers that it was switched, as it was after half of that */
  constructor(switchMs: number) {
    this.switchMs = switchMs;
  }

  async askAdmin(path: string): Promise<{ on: boolean }> {
    await sleep(this.switchMs / 2);
    this.isOn = path.endsWith('on=true');
    await sleep(this.switchMs / 2);
    return { on: this.isOn };
  }

  async load(plan: LoadPlan, observer: LoadObserver): Promise<LoadResult> {
    const slots = Array.from({ length: plan.latencySlots ?? 0 }, () => new LatencyHistogram());
    const startUs = monotonicUs();
    const lengthUs = (plan.measureMs * 1_000) / slots.length;
    void observer.phase('measure');
    for (let elapsedMs = 0; elapsedMs < plan.measureMs; elapsedMs += 1) {
      slots[Math.floor((elapsedMs * 1_000) / lengthUs)]?.record((this.isOn ? SLOW_MS : FAST_MS) * 1_000);
      await sleep(1);
    }
    await observer.phase('hold');
    const response = slots.map((slot) => slot.encode());
    return { ...sampleTier(plan.connections).load, latencySlots: { startUs, lengthUs, response } };
  }
}

async function turnOf(server: SlowWhenOn): Promise<Omit<OverheadTurn, 'round'>> {
  const context = new Rehearsal().context();
  const { target } = context;
  const view = { ...target.view, askAdmin: (_: string, path: string) => server.askAdmin(path) };
  const load = {
    ...context.load,
    run: (plan: LoadPlan, observer: LoadObserver) => server.load(plan, observer),
  };
  const measured = measureTurn(
    { ...context, load },
    {
      server: { ...target, view },
      slices: slicesOf(ARMS.slice(0, 2), 0, MEASURE_MS),
      scrapes: new ScrapeClock(() => undefined),
      plan: testPlan(target.load, { measureMs: MEASURE_MS, latencySlots: slotsIn(MEASURE_MS) }),
      step: '',
      remainingMs: 0,
    },
  );
  await vi.advanceTimersByTimeAsync(2 * MEASURE_MS);
  return await measured;
}

describe('measureTurn', () => {
  it.each([0, 4, 60])(
    'gives each arm the latencies of its own slices, switched in %d ms',
    async (switchMs) => {
      const { parts } = await turnOf(new SlowWhenOn(switchMs));
      expect(parts.map(({ arm }) => arm)).toEqual(['off', 'metrics']);
      for (const [index, ms] of [FAST_MS, SLOW_MS].entries()) {
        const latency = decodeHistogram(parts[index]?.latency ?? '');
        expect(latency.quantileMs(0)).toBeCloseTo(ms, 1);
        expect(latency.maxMs).toBeCloseTo(ms, 1);
        // Of a second, two slots or three around a switch are missing.
        expect(latency.count).toBeGreaterThanOrEqual(700);
        expect(latency.count).toBeLessThanOrEqual(950);
      }
    },
  );

  it('keeps sums of the slots, not the slots', async () => {
    const { tier } = await turnOf(new SlowWhenOn(0));
    expect(tier.load.latencySlots).toBeUndefined();
  });
});

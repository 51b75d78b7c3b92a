/** One stretch of load, with the server watched from before its first connection to after its last. */

import type { LoadObserver, LoadPhase, LoadProgress } from '../../load-tests/generator/load-observer.ts';
import type { LoadPlan } from '../../load-tests/generator/load-plan.ts';
import type { BreachRecord } from '../record/breach-record.ts';
import type { MemorySample, TierRecord } from '../record/tier-record.ts';
import { takeMemorySample } from '../sampling/memory-sample.ts';
import { targetCounters } from '../sampling/target-counters.ts';
import { WindowSampler } from '../sampling/window-sampler.ts';
import type { TierBreach } from './breach/breach-profiles.ts';
import type { ScenarioContext } from './scenario.ts';

/** Lets the last deliveries arrive before garbage collection holds the server up. */
const SETTLE_MS = 250;

export interface TierInput {
  readonly plan: LoadPlan;
  /** Said where the rate was lowered for this tier. */
  readonly rateNote?: string | undefined;
  /** For the progress line: `tier 2/3`. */
  readonly step: string;
  /** How long this tier will take, until the generator knows better. */
  readonly estimatedMs: number;
  /** What comes after it. */
  readonly remainingAfterMs: number;
}

/**
 * Runs one plan against the target.
 *
 * @throws TouchlineError as `LoadCoordinator.run` does
 */
export async function measureTier(context: ScenarioContext, input: TierInput): Promise<TierRecord> {
  const { target, load } = context;
  const { plan, rateNote } = input;
  const observer = new TierObserver(context, input);
  try {
    const before = await target.view.scrape();
    const result = await load.run(plan, observer);
    const after = await target.view.scrape();
    const { window, samples } = await observer.sampler.end();
    const breach = result.state === 'completed' ? await observer.explain() : undefined;
    return {
      connections: plan.connections,
      ...(rateNote === undefined ? {} : { rateNote }),
      load: result,
      memory: observer.memory,
      serverWindow: window,
      serverCounters: targetCounters(before, after),
      serverSamples: [...samples],
      ...(breach === undefined ? {} : { breach }),
    };
  } finally {
    observer.sampler.abandon();
  }
}

/** Follows one tier: samples the server while it is measured, takes its memory while the load holds still. */
class TierObserver implements LoadObserver {
  readonly sampler: WindowSampler;
  readonly breach: TierBreach | null;
  memory: MemorySample | null = null;
  /** What the generator told last. */
  private latest: LoadProgress | null = null;
  private readonly context: ScenarioContext;
  private readonly input: TierInput;

  constructor(context: ScenarioContext, input: TierInput) {
    this.context = context;
    this.input = input;
    this.sampler = new WindowSampler(context.target.view);
    this.breach = context.breaches?.watch(input.plan) ?? null;
  }

  /** What broke while it was measured, if something did, and what the server does under that load. */
  async explain(): Promise<BreachRecord | undefined> {
    const { breaches, signal } = this.context;
    const { plan, step } = this.input;
    const seen = this.breach?.seen;
    if (seen === undefined || signal.aborted) return undefined;
    const onPhase = (phase: LoadPhase) => this.report(phase, null, `${step} once more, profiled`);
    return await breaches?.explain({ step, seen, plan, onPhase });
  }

  async phase(phase: LoadPhase): Promise<void> {
    // While connections come up, figures half a second old would be of another phase.
    const settled = phase === 'measure' || phase === 'hold' || phase === 'drain' || phase === 'close';
    this.report(phase, settled ? this.latest : null);
    if (phase === 'measure') {
      this.sampler.begin();
      this.breach?.begin(this.latest ?? { received: 0 });
    }
    if (phase === 'hold') await this.hold();
  }

  progress(progress: LoadProgress): void {
    this.latest = progress;
    this.report(progress.phase, progress);
    if (progress.phase === 'measure') this.breach?.look(progress);
  }

  private async hold(): Promise<void> {
    const { target, wait } = this.context;
    await this.sampler.end();
    await wait(SETTLE_MS);
    this.memory = await takeMemorySample(target.view, {
      connections: this.input.plan.connections,
      sharesMachine: target.description.sharesMachine,
    });
  }

  private report(phase: LoadPhase, load: LoadProgress | null, step = this.input.step): void {
    const { plan, estimatedMs, remainingAfterMs } = this.input;
    this.context.report({
      phase,
      step,
      connections: plan.connections,
      load,
      remainingMs: (this.latest?.remainingMs ?? estimatedMs) + remainingAfterMs,
    });
  }
}

/** One cycle, with the server's memory looked at three times and its rooms once, while half of the clients are members. */

import type { LoadObserver, LoadPhase, LoadProgress } from '../../../load-tests/generator/load-observer.ts';
import type { LoadPlan } from '../../../load-tests/generator/load-plan.ts';
import type { LifecycleSample } from '../../record/lifecycle-record.ts';
import type { MemoryCycle } from '../../record/memory-record.ts';
import type { MemorySample } from '../../record/tier-record.ts';
import { takeCollectedMemory } from '../../sampling/collected-memory.ts';
import { takeLifecycleSample } from '../../sampling/lifecycle-sample.ts';
import { takeMemorySample } from '../../sampling/memory-sample.ts';
import { targetCounters } from '../../sampling/target-counters.ts';
import type { ScenarioContext } from '../scenario.ts';
import type { CycleKind } from './cycle-plan.ts';
import { untilReleased } from './settling.ts';

/** What ended in the last turns of the server's loop is still on its way out. */
const SETTLE_MS = 100;

export interface CycleInput {
  readonly kind: CycleKind;
  readonly plan: LoadPlan;
  /** For the progress line: `cycle 4/13`. */
  readonly step: string;
  readonly estimatedMs: number;
  /** What comes after it. */
  readonly remainingAfterMs: number;
}

/** @throws TouchlineError as `LoadCoordinator.run` does */
export async function runCycle(context: ScenarioContext, input: CycleInput): Promise<MemoryCycle> {
  const { view } = context.target;
  const observer = new CycleObserver(context, input);
  const before = await view.scrape();
  const load = await context.load.run(input.plan, observer);
  const releaseMs = await untilReleased(context, before?.value('touchline_connections') ?? null);
  await context.wait(SETTLE_MS);
  const after = await view.scrape();
  const closed = await lookAtMemory(context, { connections: 0, collect: false });
  const collected = await lookAtMemory(context, { connections: 0, collect: true });
  return {
    kind: input.kind,
    load,
    serverCounters: targetCounters(before, after),
    connected: observer.connected,
    partLeft: observer.partLeft,
    releaseMs,
    closed,
    collected,
    left: await takeLifecycleSample(view, { withClasses: false }),
  };
}

/** The target's memory, as this scenario reads it. */
export function lookAtMemory(
  { target }: ScenarioContext,
  how: { readonly connections: number; readonly collect: boolean },
): Promise<MemorySample | null> {
  const options = { connections: how.connections, sharesMachine: target.description.sharesMachine };
  return how.collect
    ? takeCollectedMemory(target.view, options)
    : takeMemorySample(target.view, { ...options, collect: false });
}

class CycleObserver implements LoadObserver {
  connected: MemorySample | null = null;
  partLeft: LifecycleSample | null = null;
  private readonly context: ScenarioContext;
  private readonly input: CycleInput;
  private latest: LoadProgress | null = null;

  constructor(context: ScenarioContext, input: CycleInput) {
    this.context = context;
    this.input = input;
  }

  async phase(phase: LoadPhase): Promise<void> {
    this.report(phase, null);
    const { connections } = this.input.plan;
    if (phase === 'hold') this.connected = await lookAtMemory(this.context, { connections, collect: false });
    if (phase === 'part-left') {
      this.partLeft = await takeLifecycleSample(this.context.target.view, { withClasses: false });
    }
  }

  progress(progress: LoadProgress): void {
    this.latest = progress;
    this.report(progress.phase, progress);
  }

  private report(phase: LoadPhase, load: LoadProgress | null): void {
    const { kind, plan, step, estimatedMs, remainingAfterMs } = this.input;
    const ownMs = this.latest?.remainingMs ?? estimatedMs;
    const remainingMs = ownMs + remainingAfterMs;
    const isWarmUp = kind === 'warm-up';
    this.context.report({ phase, isWarmUp, step, connections: plan.connections, load, remainingMs });
  }
}

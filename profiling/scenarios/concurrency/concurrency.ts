/**
 * How many connections does the server hold? Tier by tier, every client joins one match, commentary is
 * published at a fixed rate, and every delivery is accounted for.
 */

import type { LoadObserver, LoadPhase, LoadProgress } from '../../../load-tests/generator/load-observer.ts';
import type { LoadResult } from '../../../load-tests/generator/load-result.ts';
import { TouchlineError } from '../../../server/protocol/touchline-error.ts';
import type { MemorySample, RunOutcome, RunRecord, ServerWarmUp, TierRecord } from '../../record/run-record.ts';
import { takeMemorySample } from '../../sampling/memory-sample.ts';
import { serverWindow } from '../../sampling/server-window.ts';
import { targetCounters } from '../../sampling/target-counters.ts';
import { WindowSampler } from '../../sampling/window-sampler.ts';
import type { Scenario, ScenarioContext, ScenarioProgress, ScenarioResult } from '../scenario.ts';
import { SERVER_WARM_UP_MS, warmServerUp } from './server-warm-up.ts';
import { estimateTierMs, planTier, rateOfTier } from './tier-plan.ts';

/** How long the idle server's CPU is watched. */
const IDLE_WATCH_MS = 1_000;
/** Lets the last deliveries arrive before garbage collection holds the server up. */
const SETTLE_MS = 250;

/** The scenario `concurrency`. */
export const concurrency: Scenario = {
  name: 'concurrency',
  title: 'how many connections the server holds, tier by tier, with every delivery accounted for',
  run: runConcurrency,
};

/** Everything so far; a run that ends early is this much. */
interface SoFar {
  serverWarmUp: ServerWarmUp | undefined;
  idle: RunRecord['idle'];
  readonly tiers: TierRecord[];
}

async function runConcurrency(context: ScenarioContext): Promise<ScenarioResult> {
  const soFar: SoFar = { serverWarmUp: undefined, idle: { memory: null, cpuCores: null }, tiers: [] };
  const outcome = (await prepare(context, soFar)) ?? (await climb(context, soFar));
  return { outcome, ...soFar };
}

/** Warms the server up, then looks at it without a connection. @returns why the run ends here, if it does */
async function prepare(context: ScenarioContext, soFar: SoFar): Promise<RunOutcome | undefined> {
  const [first = 0] = context.options.tiers;
  return attempt(context, first, async () => {
    reportBefore(context, 'warm-server');
    soFar.serverWarmUp = await warmServerUp(context);
    if (context.signal.aborted) return interruptedBefore(first);
    reportBefore(context, 'idle');
    soFar.idle = await watchIdle(context);
    return undefined;
  });
}

/** Runs tier after tier. @returns how the run ended */
async function climb(context: ScenarioContext, soFar: SoFar): Promise<RunOutcome> {
  for (const [tierIndex, connections] of context.options.tiers.entries()) {
    const end = await attempt(context, connections, async () => {
      const tier = await runTier(context, tierIndex, connections);
      soFar.tiers.push(tier);
      return endAfter(context, tier.load);
    });
    if (end !== undefined) return end;
  }
  return { state: 'completed' };
}

/** Takes one step towards a tier, unless the run is over. @returns why the run ends, if it does */
async function attempt(
  context: ScenarioContext,
  connections: number,
  step: () => Promise<RunOutcome | undefined>,
): Promise<RunOutcome | undefined> {
  if (context.signal.aborted) return interruptedBefore(connections);
  if (context.target.died.aborted) return targetDied(connections);
  try {
    return await step();
  } catch (error) {
    // Anything else is a defect and must not look like a measurement.
    if (!(error instanceof TouchlineError)) throw error;
    // A signal to the whole process group may end the workers first.
    if (context.signal.aborted) return interruptedBefore(connections);
    return { state: 'aborted', code: error.code, message: error.message };
  }
}

async function watchIdle({ target, wait }: ScenarioContext): Promise<RunRecord['idle']> {
  const { sharesMachine } = target.description;
  const memory = await takeMemorySample(target.view, { connections: 0, sharesMachine });
  const before = await target.view.scrape();
  await wait(IDLE_WATCH_MS);
  const after = await target.view.scrape();
  return { memory, cpuCores: serverWindow(before, after).cpuCores };
}

async function runTier(
  context: ScenarioContext,
  tierIndex: number,
  connections: number,
): Promise<TierRecord> {
  const { options, startedAt, target } = context;
  const observer = new TierObserver(context, tierIndex, connections);
  const before = await target.view.scrape();
  const plan = planTier({ options, startedAt, target: target.load, tierIndex, connections });
  const load = await context.load.run(plan, observer);
  const after = await target.view.scrape();
  const { window, samples } = await observer.sampler.end();
  const { rateNote } = rateOfTier(options.broadcastsPerSecond, connections);
  return {
    connections,
    ...(rateNote === undefined ? {} : { rateNote }),
    load,
    memory: observer.memory,
    serverWindow: window,
    serverCounters: targetCounters(before, after),
    serverSamples: [...samples],
  };
}

/** Follows one tier: samples the server while it is measured, takes its memory while the load holds still. */
class TierObserver implements LoadObserver {
  readonly sampler: WindowSampler;
  memory: MemorySample | null = null;
  /** What the generator told last. */
  private latest: LoadProgress | null = null;
  private readonly context: ScenarioContext;
  private readonly tierIndex: number;
  private readonly connections: number;

  constructor(context: ScenarioContext, tierIndex: number, connections: number) {
    this.context = context;
    this.tierIndex = tierIndex;
    this.connections = connections;
    this.sampler = new WindowSampler(context.target.view);
  }

  async phase(phase: LoadPhase): Promise<void> {
    // While connections come up, figures half a second old would be of another phase.
    const settled = phase === 'measure' || phase === 'hold' || phase === 'drain' || phase === 'close';
    this.report(phase, settled ? this.latest : null);
    if (phase === 'measure') this.sampler.begin();
    if (phase === 'hold') await this.hold();
  }

  progress(progress: LoadProgress): void {
    this.latest = progress;
    this.report(progress.phase, progress);
  }

  private async hold(): Promise<void> {
    const { target, wait } = this.context;
    await this.sampler.end();
    await wait(SETTLE_MS);
    this.memory = await takeMemorySample(target.view, {
      connections: this.connections,
      sharesMachine: target.description.sharesMachine,
    });
  }

  private report(phase: LoadPhase, load: LoadProgress | null): void {
    const { options, report } = this.context;
    const later = options.tiers.slice(this.tierIndex + 1);
    report({
      phase,
      tierNumber: this.tierIndex + 1,
      tierCount: options.tiers.length,
      connections: this.connections,
      load,
      remainingMs:
        (this.latest?.remainingMs ?? estimateTierMs(options, this.connections)) +
        later.reduce((total, connections) => total + estimateTierMs(options, connections), 0),
    });
  }
}

function reportBefore({ options, report }: ScenarioContext, phase: ScenarioProgress['phase']): void {
  report({
    phase,
    tierNumber: 0,
    tierCount: options.tiers.length,
    connections: 0,
    load: null,
    remainingMs: options.tiers.reduce(
      (total, connections) => total + estimateTierMs(options, connections),
      IDLE_WATCH_MS + (phase === 'warm-server' ? SERVER_WARM_UP_MS : 0),
    ),
  });
}

/** Why the run ends with this tier; undefined when it goes on. */
async function endAfter(context: ScenarioContext, load: LoadResult): Promise<RunOutcome | undefined> {
  const { signal, target } = context;
  if (signal.aborted) {
    return {
      state: 'interrupted',
      message: `stopped by a signal in the tier of ${load.connections} connections`,
    };
  }
  if (target.died.aborted) return targetDied(load.connections);
  // A server that closes everybody but still answers is measured on: its closes are data.
  if (load.state === 'lost-target' && !(await target.isAlive())) return targetDied(load.connections);
  return undefined;
}

function interruptedBefore(connections: number): RunOutcome {
  return {
    state: 'interrupted',
    message: `stopped by a signal before the tier of ${connections} connections was measured`,
  };
}

function targetDied(connections: number): RunOutcome {
  return {
    state: 'aborted',
    code: 'TL_TARGET_DIED',
    message: `expected the target to run to the end; it went away in the tier of ${connections} connections`,
  };
}

/** One turn of one server: the load, and its CPU time and latency in each way it is run. */

import { Type } from 'typebox';
import { Check } from 'typebox/value';
import { decodeHistogram } from '../../../load-tests/generator/latency/latency-histogram.ts';
import type { LoadObserver, LoadPhase, LoadProgress } from '../../../load-tests/generator/load-observer.ts';
import type { LoadPlan } from '../../../load-tests/generator/load-plan.ts';
import type { LatencySlotsResult } from '../../../load-tests/generator/load-result.ts';
import type { OverheadPart, OverheadTurn } from '../../record/overhead-record.ts';
import type { Target } from '../../run/target.ts';
import { serverWindow } from '../../sampling/server-window.ts';
import { targetCounters } from '../../sampling/target-counters.ts';
import type { ScenarioContext } from '../scenario.ts';
import type { ArmPlan } from './arms.ts';
import {
  cpuSecondsOf,
  type Edge,
  type MeasuredSlice,
  readEdge,
  secondsOf,
  stretchOf,
} from './measured-slice.ts';
import type { ScrapeClock } from './scrape-clock.ts';
import { latencyWithin } from './slice-latency.ts';

const SwitchAnswer = Type.Object({ on: Type.Boolean() });

export interface TurnInput {
  readonly server: Target;
  /** In the order they have their slices, equally long, of the measured window. */
  readonly slices: readonly ArmPlan[];
  readonly scrapes: ScrapeClock;
  readonly plan: LoadPlan;
  /** For the progress line. */
  readonly step: string;
  readonly remainingMs: number;
}

/**
 * Runs the load once. CPU time is read as a slice begins and as it ends, the last one when its last delivery has come.
 *
 * @throws TouchlineError as `LoadCoordinator.run` does
 */
export async function measureTurn(
  context: ScenarioContext,
  input: TurnInput,
): Promise<Omit<OverheadTurn, 'round'>> {
  const { server, plan } = input;
  const meter = new TurnMeter(context, input);
  const before = await server.view.scrape();
  const { latencySlots, ...load } = await context.load.run(plan, meter).finally(() => meter.stop());
  const after = await server.view.scrape();
  const { cpuSeconds, windowSeconds } = meter;
  return {
    tier: {
      connections: plan.connections,
      load,
      memory: null,
      serverWindow: {
        ...serverWindow(null, null),
        cpuCores: cpuSeconds === null || windowSeconds === 0 ? null : cpuSeconds / windowSeconds,
      },
      serverCounters: targetCounters(before, after),
      serverSamples: [],
    },
    parts: meter.parts(decodeHistogram(load.latency.response).count + load.latency.negative, latencySlots),
  };
}

/** Follows one turn: switches the server over at the edges of its slices, and reads its CPU time there. */
class TurnMeter implements LoadObserver {
  private readonly context: ScenarioContext;
  private readonly input: TurnInput;
  private readonly slices: MeasuredSlice[] = [];
  private running: { arm: ArmPlan; start: Edge } | undefined;
  /** What happens at an edge takes a moment; the next edge waits for it. */
  private edges: Promise<void> = Promise.resolve();
  private timers: NodeJS.Timeout[] = [];
  private readonly startedAtMs = performance.now();

  constructor(context: ScenarioContext, input: TurnInput) {
    this.context = context;
    this.input = input;
  }

  /** Of all slices; null unless each was seen to its end. */
  get cpuSeconds(): number | null {
    return this.isWhole ? cpuSecondsOf(this.slices) : null;
  }

  /** Of all slices. */
  get windowSeconds(): number {
    return secondsOf(this.slices);
  }

  /** What each arm had of the turn: its CPU time, its latencies, and of the deliveries the share of its time. */
  parts(deliveries: number, slots: LatencySlotsResult | undefined): OverheadPart[] {
    const arms = new Set(this.input.slices);
    return [...arms].map((arm) => {
      const own = this.slices.filter((slice) => slice.arm === arm);
      const share = this.isWhole ? secondsOf(own) / this.windowSeconds : 1 / arms.size;
      return {
        arm: arm.name,
        seconds: secondsOf(own),
        cpuSeconds: this.isWhole ? cpuSecondsOf(own) : null,
        deliveries: deliveries * share,
        ...(slots === undefined ? {} : { latency: latencyWithin(slots, own.map(stretchOf)) }),
      };
    });
  }

  async phase(phase: LoadPhase): Promise<void> {
    if (phase === 'measure') {
      const { plan, slices } = this.input;
      const sliceMs = plan.measureMs / slices.length;
      const [first, ...later] = slices;
      this.timers = later.map((arm, index) => setTimeout(() => this.changeTo(arm), (index + 1) * sliceMs));
      this.report(null);
      this.changeTo(first);
    }
    if (phase === 'hold') await this.changeTo(undefined);
  }

  progress(progress: LoadProgress): void {
    if (progress.phase === 'measure') this.report(progress);
  }

  /** Ends what it began, however the load ended, and leaves the instrumentation on. */
  async stop(): Promise<void> {
    for (const timer of this.timers) clearTimeout(timer);
    await this.changeTo(undefined);
    await this.switchTo(true);
  }

  private get isWhole(): boolean {
    return this.slices.length === this.input.slices.length;
  }

  /** @param arm undefined: the last slice ends */
  private changeTo(arm: ArmPlan | undefined): Promise<void> {
    this.edges = this.edges.then(() => this.change(arm));
    return this.edges;
  }

  private async change(arm: ArmPlan | undefined): Promise<void> {
    const { scrapes } = this.input;
    if (this.running !== undefined)
      this.slices.push({ ...this.running, end: readEdge(this.input.server.pid) });
    this.running = undefined;
    scrapes.stop();
    if (arm === undefined || !(await this.switchTo(arm.scraped))) return;
    if (arm.scraped) scrapes.start();
    this.running = { arm, start: readEdge(this.input.server.pid) };
  }

  /** @returns whether it is so now; a server that is not switched is as it should be */
  private async switchTo(on: boolean): Promise<boolean> {
    const { server, slices } = this.input;
    if (slices.length === 1) return true;
    const answer = await server.view.askAdmin('POST', `/debug/instrumentation?on=${on}`);
    return Check(SwitchAnswer, answer) && answer.on === on;
  }

  /** Turns are short: one word for each is enough. */
  private report(load: LoadProgress | null): void {
    const { plan, step, remainingMs } = this.input;
    const elapsedMs = performance.now() - this.startedAtMs;
    this.context.report({
      phase: 'measure',
      step,
      connections: plan.connections,
      load,
      remainingMs: Math.max(0, remainingMs - elapsedMs),
    });
  }
}

/** One turn of one server: the load, its CPU time over the measured window, and, where it is scraped, its metrics. */

import { decodeHistogram } from '../../../load-tests/generator/latency/latency-histogram.ts';
import type { LoadObserver, LoadPhase, LoadProgress } from '../../../load-tests/generator/load-observer.ts';
import type { LoadPlan } from '../../../load-tests/generator/load-plan.ts';
import type { OverheadTurn } from '../../record/overhead-record.ts';
import type { Target } from '../../run/target.ts';
import { readCpuSeconds } from '../../sampling/process-cpu.ts';
import { serverWindow } from '../../sampling/server-window.ts';
import { targetCounters } from '../../sampling/target-counters.ts';
import type { ScenarioContext } from '../scenario.ts';

/** As a Prometheus would; the first falls half an interval into the window, so that a window of 4 s has four. */
const SCRAPE_EVERY_MS = 1_000;

export interface TurnInput {
  readonly server: Target;
  readonly scraped: boolean;
  readonly plan: LoadPlan;
  /** For the progress line. */
  readonly step: string;
  readonly remainingMs: number;
}

/**
 * Runs the load once. The CPU time is read as the measured window begins and when its last delivery has come.
 *
 * @throws TouchlineError as `LoadCoordinator.run` does
 */
export async function measureTurn(
  context: ScenarioContext,
  input: TurnInput,
): Promise<Omit<OverheadTurn, 'round' | 'arm'>> {
  const { server, plan } = input;
  const meter = new TurnMeter(context, input);
  const before = await server.view.scrape();
  const load = await context.load.run(plan, meter);
  meter.stop();
  const after = await server.view.scrape();
  const { cpuSeconds, windowSeconds } = meter;
  return {
    tier: {
      connections: plan.connections,
      load,
      memory: null,
      serverWindow: {
        ...serverWindow(null, null),
        cpuCores: cpuSeconds === null || windowSeconds === null ? null : cpuSeconds / windowSeconds,
      },
      serverCounters: targetCounters(before, after),
      serverSamples: [],
    },
    cpuSeconds,
    deliveries: decodeHistogram(load.latency.response).count + load.latency.negative,
  };
}

interface Edge {
  readonly atMs: number;
  readonly cpuSeconds: number | null;
}

/** Follows one turn. */
class TurnMeter implements LoadObserver {
  private readonly context: ScenarioContext;
  private readonly input: TurnInput;
  private start: Edge | undefined;
  private end: Edge | undefined;
  private timer: NodeJS.Timeout | undefined;
  private readonly startedAtMs = performance.now();

  constructor(context: ScenarioContext, input: TurnInput) {
    this.context = context;
    this.input = input;
  }

  /** Null unless the window was seen to its end. */
  get cpuSeconds(): number | null {
    return difference(this.start?.cpuSeconds, this.end?.cpuSeconds);
  }

  get windowSeconds(): number | null {
    const ms = difference(this.start?.atMs, this.end?.atMs);
    return ms === null || ms <= 0 ? null : ms / 1_000;
  }

  async phase(phase: LoadPhase): Promise<void> {
    if (phase === 'measure') {
      this.start = this.readEdge();
      if (this.input.scraped) this.timer = setTimeout(() => this.scrape(), SCRAPE_EVERY_MS / 2);
    }
    if (phase === 'hold') {
      this.end = this.readEdge();
      this.stop();
    }
    if (phase === 'measure') this.report(null);
  }

  progress(progress: LoadProgress): void {
    if (progress.phase === 'measure') this.report(progress);
  }

  /** Ends the scraping, however the load ended. */
  stop(): void {
    clearTimeout(this.timer);
  }

  private scrape(): void {
    this.timer = setTimeout(() => this.scrape(), SCRAPE_EVERY_MS);
    // Only its cost is wanted; a scrape that fails is one that costs less, and the counters after it will tell.
    void this.input.server.view.scrape();
  }

  private readEdge(): Edge {
    const { pid } = this.input.server;
    return { atMs: performance.now(), cpuSeconds: pid === undefined ? null : readCpuSeconds(pid) };
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

function difference(before: number | null | undefined, after: number | null | undefined): number | null {
  if (before === undefined || before === null || after === undefined || after === null) return null;
  return after - before;
}

/** One cell: the feed is set, readers read it, and the server is looked at from before the first to after the last. */

import type { LoadPhase, LoadProgress } from '../../../load-tests/generator/load-observer.ts';
import type { TickObserver, TickPhase, TickPlan } from '../../../load-tests/generator/ticks/tick-plan.ts';
import type { FirehoseCell } from '../../record/firehose-record.ts';
import type { Target } from '../../run/target.ts';
import type { MetricsReading } from '../../sampling/metrics-reading.ts';
import { targetCounters } from '../../sampling/target-counters.ts';
import { type TickTotals, tickCounts, tickSamples, totalsOfMetrics } from '../../sampling/tick-counts.ts';
import { WindowSampler } from '../../sampling/window-sampler.ts';
import type { ScenarioContext } from '../scenario.ts';
import type { AskedCell } from './firehose-cells.ts';

export interface CellTimes {
  readonly warmUpMs: number;
  readonly measureMs: number;
  readonly slowBeforeMs?: number;
}

export interface CellInput extends AskedCell, CellTimes {
  readonly kind?: NonNullable<FirehoseCell['kind']>;
  readonly server: Target;
  /** What the readers call themselves. */
  readonly clientId: string;
  /** For the progress line. */
  readonly step: string;
  readonly remainingAfterMs: number;
  readonly browser?: TickPlan['browser'];
}

/** Connecting, closing and looking at the server. */
export const CELL_MARGIN_MS = 500;
/** At the soonest. */
const ACKNOWLEDGE_EVERY_MS = 20;
/** With many readers each acknowledges as much seldomer. */
const MS_PER_READER = 1;

/**
 * @throws TouchlineError `TL_TARGET_UNREACHABLE` when the feed cannot be set
 * @throws TouchlineError as `LoadCoordinator.ticks` does
 */
export async function measureCell(
  context: ScenarioContext,
  input: CellInput,
): Promise<{ readonly cell: FirehoseCell } | { readonly refusal: string }> {
  const { server, setup, part, kind } = input;
  const { rate, format, source, mode } = setup;
  const refusal = await server.ticks.configure({ rate, format, source, fanOut: mode, rampEnabled: false });
  if (refusal !== null) return { refusal };
  const observer = new CellObserver(context, input);
  try {
    const before = await readServer(server);
    const load = await context.load.ticks(planOf(input), observer);
    const after = await readServer(server);
    const seen = await observer.end();
    return {
      cell: {
        part,
        ...(kind === undefined ? {} : { kind }),
        setup,
        load,
        whole: tickCounts(before.totals, after.totals),
        serverCounters: targetCounters(before.metrics, after.metrics),
        ...seen,
      },
    };
  } finally {
    observer.sampler.abandon();
  }
}

function planOf(input: CellInput): TickPlan {
  const { server, setup, warmUpMs, measureMs, slowBeforeMs = 0, clientId, browser } = input;
  const { reader, readers, slowReaders, format } = setup;
  return {
    target: { wsUrl: server.load.wsUrl },
    reader,
    readers,
    slowReaders,
    slowBeforeMs,
    format,
    warmUpMs,
    measureMs,
    clientId,
    ackEveryMs: Math.max(ACKNOWLEDGE_EVERY_MS, MS_PER_READER * readers),
    ...(browser === undefined ? {} : { browser }),
  };
}

interface ServerLook {
  readonly metrics: MetricsReading | null;
  readonly totals: TickTotals | null;
}

/** A server that shows no metrics still tells what its feed counted. */
async function readServer({ view, ticks }: Target): Promise<ServerLook> {
  const metrics = await view.scrape();
  return { metrics, totals: metrics === null ? await ticks.totals() : totalsOfMetrics(metrics) };
}

type Seen = Pick<
  FirehoseCell,
  'window' | 'serverWindow' | 'serverSamples' | 'samples' | 'rssBytes' | 'heapUsedBytes'
>;

/** Follows one cell: reads the server as the window begins, once a second, and as it ends. */
class CellObserver implements TickObserver {
  private readonly context: ScenarioContext;
  private readonly input: CellInput;
  readonly sampler: WindowSampler;
  private readonly readings: MetricsReading[] = [];
  /** Of a server without metrics. */
  private readonly edges: Promise<TickTotals | null>[] = [];
  private latest: LoadProgress | null = null;

  constructor(context: ScenarioContext, input: CellInput) {
    this.context = context;
    this.input = input;
    const { view } = input.server;
    this.sampler = new WindowSampler({
      scrape: async () => {
        const reading = await view.scrape();
        if (reading !== null) this.readings.push(reading);
        return reading;
      },
    });
  }

  async phase(phase: TickPhase): Promise<void> {
    this.report(phase);
    if (phase === 'measure') {
      this.sampler.begin();
      this.readEdge();
    }
    if (phase === 'hold') {
      await this.sampler.end();
      this.readEdge();
      await Promise.all(this.edges);
    }
  }

  progress(progress: LoadProgress): void {
    this.latest = progress;
    this.report(progress.phase);
  }

  async end(): Promise<Seen> {
    const { window: serverWindow, samples: serverSamples } = await this.sampler.end();
    const totals = await this.totals();
    const last = this.readings.at(-1) ?? null;
    return {
      window: tickCounts(totals[0] ?? null, totals.length < 2 ? null : (totals.at(-1) ?? null)),
      serverWindow,
      serverSamples: [...serverSamples],
      samples: [...tickSamples(totals)],
      rssBytes: last?.value('process_resident_memory_bytes') ?? null,
      heapUsedBytes: last?.value('nodejs_heap_size_used_bytes') ?? null,
    };
  }

  private async totals(): Promise<readonly TickTotals[]> {
    if (this.readings.length > 0) return this.readings.map(totalsOfMetrics);
    return (await Promise.all(this.edges)).filter((totals) => totals !== null);
  }

  private readEdge(): void {
    const { server } = this.input;
    if (!server.description.sees.metrics) this.edges.push(server.ticks.totals());
  }

  private report(phase: LoadPhase): void {
    const { setup, step, warmUpMs, measureMs, remainingAfterMs } = this.input;
    const [served] = tickSamples(this.readings.slice(-2).map(totalsOfMetrics));
    const ownMs = this.latest?.remainingMs ?? warmUpMs + measureMs + CELL_MARGIN_MS;
    this.context.report({
      phase,
      step,
      connections: setup.readers,
      load: this.latest,
      ...(served === undefined ? {} : { served }),
      remainingMs: ownMs + remainingAfterMs,
    });
  }
}

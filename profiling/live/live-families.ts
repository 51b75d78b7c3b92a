/** The figures of a run as metric families, in the catalogue's order. */

import { machineCpuRatio, readMachineTicks } from '../../load-tests/generator/machine-usage.ts';
import { METRIC_CATALOGUE } from '../../server/observability/metric-catalogue.ts';
import { LIVE_PHASES, type LoadFigures, VERDICTS } from './load-figures.ts';
import { LOAD_METRIC_CATALOGUE, type LoadMetricName } from './load-metric-catalogue.ts';
import { byLabel, type LiveFamily, type LiveSample, oneOf, single } from './metric-sample.ts';

/** The labels of `touchline_profile_run_info`. */
export interface RunInfo {
  readonly run: string;
  readonly scenario: string;
  /** The instance label of the server that is driven; "" where it shows no metrics. */
  readonly server: string;
  readonly version: string;
}

/** Metrics every process has, by the names of the server's catalogue. */
const PROCESS_METRICS = [
  'process_cpu_seconds_total',
  'process_resident_memory_bytes',
  'process_start_time_seconds',
] as const;

/** Reads the figures of a run whenever somebody asks. */
export class LiveFamilies {
  readonly #figures: LoadFigures;
  readonly #machine: MachineMeter;
  /** Null until it is known which server is driven: the info would be another series afterwards. */
  info: RunInfo | null = null;

  constructor(figures: LoadFigures, machine: MachineMeter = new MachineMeter()) {
    this.#figures = figures;
    this.#machine = machine;
  }

  read(): readonly LiveFamily[] {
    const samples = this.#loadSamples();
    const load = (Object.keys(LOAD_METRIC_CATALOGUE) as LoadMetricName[]).map((name) => ({
      name,
      definition: LOAD_METRIC_CATALOGUE[name],
      samples: samples[name],
    }));
    const usage = processSamples();
    const own = PROCESS_METRICS.map((name) => ({
      name,
      definition: METRIC_CATALOGUE[name],
      samples: single(usage[name]),
    }));
    return [...load, ...own];
  }

  #loadSamples(): Readonly<Record<LoadMetricName, readonly LiveSample[]>> {
    const figures = this.#figures;
    const machine = this.#machine.read();
    return {
      touchline_profile_run_info: this.info === null ? [] : [{ labels: { ...this.info }, value: 1 }],
      touchline_profile_phase: oneOf('phase', LIVE_PHASES, figures.phase),
      touchline_profile_remaining_seconds:
        figures.remainingMs === null ? [] : single(figures.remainingMs / 1_000),
      touchline_profile_verdict: oneOf('verdict', VERDICTS, figures.verdict),
      touchline_profile_connections_wanted: single(figures.connectionsWanted),
      touchline_profile_connections: single(figures.connections),
      touchline_profile_connects_attempted_total: single(figures.connectsAttempted.total),
      touchline_profile_connect_failures_total: byLabel('reason', figures.connectFailures.entries()),
      touchline_profile_connect_duration_seconds: figures.connectDuration.samples(),
      touchline_profile_disconnects_total: byLabel('reason', figures.disconnects.entries()),
      touchline_profile_broadcasts_sent_total: single(figures.broadcastsSent.total),
      touchline_profile_broadcasts_accepted_total: single(figures.broadcastsAccepted.total),
      touchline_profile_publish_failures_total: byLabel('reason', figures.publishFailures.entries()),
      touchline_profile_schedule_lag_seconds: figures.scheduleLag.samples(),
      touchline_profile_deliveries_total: single(figures.deliveries.total),
      touchline_profile_deliveries_per_second: single(figures.deliveriesPerSecond),
      touchline_profile_delivery_latency_seconds: figures.deliveryLatency.samples(),
      touchline_profile_gaps: single(figures.gaps),
      touchline_profile_deliveries_expected_total: single(figures.deliveriesExpected.total),
      touchline_profile_deliveries_amiss_total: byLabel('kind', figures.deliveriesAmiss),
      touchline_profile_worker_cpu_ratio: byLabel(
        'worker',
        figures.workers.map((worker) => [workerName(worker), worker.cpuRatio]),
      ),
      touchline_profile_worker_loop_delay_seconds: byLabel(
        'worker',
        figures.workers.map((worker) => [workerName(worker), worker.loopDelayP99Ms / 1_000]),
      ),
      touchline_profile_machine_cpu_ratio: machine === null ? [] : single(machine),
    };
  }
}

function workerName({ role, worker }: LoadFigures['workers'][number]): string {
  return role === 'publisher' ? role : String(worker);
}

function processSamples(): Readonly<Record<(typeof PROCESS_METRICS)[number], number>> {
  const { user, system } = process.cpuUsage();
  return {
    process_cpu_seconds_total: (user + system) / 1e6,
    process_resident_memory_bytes: process.memoryUsage.rss(),
    process_start_time_seconds: performance.timeOrigin / 1_000,
  };
}

/** Two readings of /proc/stat closer than this differ by a few ticks only, which is no ratio. */
const LEAST_WINDOW_MS = 400;

/** How busy the machine was since the reading before. */
export class MachineMeter {
  #before = readMachineTicks();
  #beforeMs = performance.now();
  #ratio: number | null = null;

  read(): number | null {
    const nowMs = performance.now();
    if (nowMs - this.#beforeMs < LEAST_WINDOW_MS) return this.#ratio;
    const now = readMachineTicks();
    this.#ratio = machineCpuRatio(this.#before, now);
    this.#before = now;
    this.#beforeMs = nowMs;
    return this.#ratio;
  }
}

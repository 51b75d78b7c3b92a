/** What the load side has come to, at any moment of a run: progress moves it, results close the books. */

import { CHURN_PHASES, type ChurnProgress } from '../../load-tests/generator/churn/churn-plan.ts';
import { decodeHistogram, LatencyHistogram } from '../../load-tests/generator/latency/latency-histogram.ts';
import {
  LOAD_PHASES,
  type LoadProgress,
  type WorkerMoment,
} from '../../load-tests/generator/load-observer.ts';
import { LOAD_METRIC_CATALOGUE } from './load-metric-catalogue.ts';
import { ReasonCounts } from './reason-counts.ts';
import { RunningCounter } from './running-counter.ts';
import { RunningHistogram } from './running-histogram.ts';
import { AMISS_KINDS, type AmissKind, type SettledLoad } from './settled-load.ts';

/** Every phase that a load can be in. */
export const LIVE_PHASES = [...new Set([...LOAD_PHASES, ...CHURN_PHASES])] as const;
export type LivePhase = (typeof LIVE_PHASES)[number];

/** A load that begins. */
export interface BeginningLoad {
  readonly connectionsWanted: number;
  /** Whether it only warms the server up: then no counter takes it in, as run.json does not. */
  readonly isWarmUp: boolean;
}

export const VERDICTS = ['pass', 'fail', 'inconclusive'] as const;

const bucketsOf = (
  name: `touchline_profile_${'connect_duration' | 'schedule_lag' | 'delivery_latency'}_seconds`,
) => LOAD_METRIC_CATALOGUE[name].buckets;

/** Nothing here is computed per delivery: each call comes twice a second or less. */
export class LoadFigures {
  readonly connectsAttempted = new RunningCounter();
  readonly connectFailures = new ReasonCounts();
  readonly connectDuration = new RunningHistogram(bucketsOf('touchline_profile_connect_duration_seconds'));
  readonly disconnects = new ReasonCounts();
  readonly broadcastsSent = new RunningCounter();
  readonly broadcastsAccepted = new RunningCounter();
  readonly publishFailures = new ReasonCounts();
  readonly scheduleLag = new RunningHistogram(bucketsOf('touchline_profile_schedule_lag_seconds'));
  readonly deliveries = new RunningCounter();
  readonly deliveriesExpected = new RunningCounter();
  readonly deliveriesAmiss = new Map<AmissKind, number>(AMISS_KINDS.map((kind) => [kind, 0]));
  readonly deliveryLatency = new RunningHistogram(bucketsOf('touchline_profile_delivery_latency_seconds'));
  phase: LivePhase | null = null;
  connectionsWanted = 0;
  connections = 0;
  deliveriesPerSecond = 0;
  gaps = 0;
  workers: readonly WorkerMoment[] = [];
  /** Null until the scenario told. */
  remainingMs: number | null = null;
  verdict: (typeof VERDICTS)[number] | null = null;
  #isWarmUp = false;
  #lastReceived = { count: 0, elapsedMs: 0 };

  begin({ connectionsWanted, isWarmUp }: BeginningLoad): void {
    this.connectionsWanted = connectionsWanted;
    this.#isWarmUp = isWarmUp;
    this.#lastReceived = { count: 0, elapsedMs: 0 };
    if (isWarmUp) this.phase = 'warm-up';
  }

  /** Whatever a load that warms the server up goes through is one phase to whoever watches. */
  enter(phase: LivePhase): void {
    this.phase = this.#isWarmUp ? 'warm-up' : phase;
  }

  progress({ connected, received, latency, deliveriesPerSecond, lost, workers }: LoadProgress): void {
    this.connections = connected;
    this.deliveriesPerSecond = deliveriesPerSecond;
    this.gaps = lost;
    this.workers = workers;
    if (this.#isWarmUp) return;
    this.connectsAttempted.show(connected);
    this.deliveries.show(received);
    this.deliveryLatency.show(latency);
  }

  churnProgress({ open, connected, failed, received, elapsedMs, gaps, workers }: ChurnProgress): void {
    const { count, elapsedMs: lastMs } = this.#lastReceived;
    if (elapsedMs > lastMs) {
      this.deliveriesPerSecond = (Math.max(received - count, 0) * 1_000) / (elapsedMs - lastMs);
    }
    this.#lastReceived = { count: received, elapsedMs };
    this.connections = open;
    this.gaps = gaps;
    this.workers = workers;
    if (this.#isWarmUp) return;
    this.connectsAttempted.show(connected + failed);
    this.deliveries.show(received);
  }

  /** @param settled null: the load broke off, and what was shown of it stands */
  end(settled: SettledLoad | null): void {
    if (!this.#isWarmUp) this.#settle(settled ?? NOTHING_MORE);
    this.phase = null;
    this.connectionsWanted = 0;
    this.connections = 0;
    this.deliveriesPerSecond = 0;
    this.gaps = 0;
    this.workers = [];
    this.#isWarmUp = false;
  }

  #settle(settled: SettledLoad): void {
    this.connectsAttempted.settle(settled.attempted);
    this.connectFailures.add(settled.connectFailures);
    this.connectDuration.settle(merged(settled.connectLatency));
    this.disconnects.add(settled.disconnects);
    this.broadcastsSent.settle(settled.sent);
    this.broadcastsAccepted.settle(settled.accepted);
    this.publishFailures.add(settled.publishFailures);
    this.scheduleLag.settle(merged(settled.scheduleLag));
    this.deliveries.settle(settled.received);
    this.deliveryLatency.settle(merged(settled.latency));
    this.deliveriesExpected.settle(settled.expected);
    for (const kind of AMISS_KINDS) {
      this.deliveriesAmiss.set(kind, (this.deliveriesAmiss.get(kind) ?? 0) + (settled.amiss[kind] ?? 0));
    }
  }
}

const NOTHING_MORE: SettledLoad = {
  attempted: 0,
  connectFailures: [],
  connectLatency: [],
  disconnects: [],
  sent: 0,
  accepted: 0,
  publishFailures: [],
  scheduleLag: [],
  received: 0,
  latency: [],
  expected: 0,
  amiss: {},
};

function merged(encoded: readonly string[]): LatencyHistogram {
  const all = new LatencyHistogram();
  for (const text of encoded) all.merge(decodeHistogram(text));
  return all;
}

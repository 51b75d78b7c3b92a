/** One tier as a healthy run would record it, with knobs for what tests need to be different. */

import { LatencyHistogram } from '../../load-tests/generator/latency/latency-histogram.ts';
import type { LoadResult, LoadSecond } from '../../load-tests/generator/load-result.ts';
import type { TierRecord } from '../record/tier-record.ts';

export interface TierKnobs {
  /** Added to every delivery, ms. */
  readonly delayMs?: number;
  /** Milliseconds each further recipient of a broadcast waits. */
  readonly perRecipientMs?: number;
  readonly durationMs?: number;
  readonly load?: Partial<LoadResult>;
  readonly ledger?: Partial<LoadResult['ledger']>;
  readonly tier?: Partial<TierRecord>;
}

const BROADCASTS_PER_SECOND = 10;
const PER_RECIPIENT_MS = 0.012;
const IDLE_RSS_BYTES = 62_000_000;
const RSS_PER_CONNECTION_BYTES = 8_100;

/** Deterministic noise of 0–1 from two whole numbers. */
function noise(a: number, b: number): number {
  const x = Math.sin(a * 12.9898 + b * 78.233) * 43_758.5453;
  return x - Math.floor(x);
}

/** What a tier's deliveries are made from. */
interface DeliveryPlan {
  readonly connections: number;
  readonly broadcasts: number;
  readonly delayMs: number;
  readonly perRecipientMs: number;
}

interface Deliveries {
  readonly count: number;
  readonly latency: LoadResult['latency'];
  readonly seconds: readonly LoadSecond[];
}

/** Draws each of a plan once: tests ask for the same few tiers again and again. */
function drawnOnce<Plan, Drawn>(draw: (plan: Plan) => Drawn): (plan: Plan) => Drawn {
  const kept = new Map<string, Drawn>();
  return (plan) => {
    const key = JSON.stringify(plan);
    const drawn = kept.get(key) ?? draw(plan);
    kept.set(key, drawn);
    return drawn;
  };
}

const deliveriesOf = drawnOnce(drawDeliveries);
const publishTimesOf = drawnOnce(drawPublishTimes);
const connectTimesOf = drawnOnce(drawConnectTimes);

/** Every delivery of every broadcast: a fixed cost, the recipient's place in the room, a little noise. */
function drawDeliveries({ connections, broadcasts, delayMs, perRecipientMs }: DeliveryPlan): Deliveries {
  const latencies = Array.from({ length: broadcasts }, (_, broadcast) =>
    Array.from({ length: connections }, (__, place) => {
      const hiccup = noise(broadcast, 3) > 0.97 ? 4 : 0;
      return 0.6 + delayMs + hiccup + perRecipientMs * place + 0.8 * noise(broadcast, place + 7);
    }),
  );
  const all = latencies.flat();
  const half = broadcasts / 2;
  return {
    count: all.length,
    latency: {
      response: histogram(all).encode(),
      service: histogram(all.map((ms) => Math.max(0.1, ms - 0.12))).encode(),
      firstHalf: histogram(latencies.slice(0, half).flat()).encode(),
      secondHalf: histogram(latencies.slice(half).flat()).encode(),
      negative: 0,
    },
    seconds: secondsOf(latencies),
  };
}

function drawPublishTimes(broadcasts: number): Pick<LoadResult['publish'], 'scheduleLag' | 'latency'> {
  const forEach = (figure: (index: number) => number) =>
    histogram(Array.from({ length: broadcasts }, (_, index) => figure(index))).encode();
  return {
    scheduleLag: forEach((index) => 0.05 + 0.2 * noise(index, 1)),
    latency: forEach((index) => 1 + noise(index, 4)),
  };
}

function drawConnectTimes(connections: number): LoadResult['connect']['latency'] {
  return histogram(Array.from({ length: connections }, (_, index) => 2 + 14 * noise(index, 2))).encode();
}

function histogram(values: readonly number[]): LatencyHistogram {
  const made = new LatencyHistogram();
  for (const ms of values) made.record(ms * 1_000);
  return made;
}

function secondsOf(broadcasts: readonly number[][]): readonly LoadSecond[] {
  const count = Math.ceil(broadcasts.length / BROADCASTS_PER_SECOND);
  return Array.from({ length: count }, (_, second) => {
    const values = broadcasts
      .slice(second * BROADCASTS_PER_SECOND, (second + 1) * BROADCASTS_PER_SECOND)
      .flat();
    const figures = histogram(values);
    return {
      elapsedMs: second * 1_000,
      deliveries: values.length,
      p50Ms: figures.quantileMs(0.5),
      p99Ms: figures.quantileMs(0.99),
      maxMs: figures.maxMs,
    };
  });
}

function ledgerOf(delivered: number, knobs: TierKnobs): LoadResult['ledger'] {
  const clean = {
    expected: delivered,
    received: delivered,
    unique: delivered,
    lost: 0,
    duplicated: 0,
    outOfOrder: 0,
    wrongRoom: 0,
    foreign: 0,
    corrupt: 0,
    undetermined: 0,
  };
  return { ...clean, ...knobs.ledger };
}

function workersOf(connections: number): LoadResult['workers'] {
  const share = { cpuRatio: 0.04 + connections * 0.00018, deliveriesPerSecond: connections * 10 };
  return [
    {
      worker: 0,
      role: 'subscribers',
      pid: 4_101,
      connections,
      ...share,
      loopDelayP99Ms: 1.2 + connections * 0.009,
      loopUtilisationRatio: share.cpuRatio,
      rssBytes: 58_000_000 + connections * 4_000,
      openFds: 24 + connections,
    },
    {
      worker: 1,
      role: 'publisher',
      pid: 4_102,
      connections: 0,
      cpuRatio: 0.02,
      deliveriesPerSecond: 0,
      loopDelayP99Ms: 1.3,
      loopUtilisationRatio: 0.02,
      rssBytes: 55_000_000,
      openFds: 22,
    },
  ];
}

/** A tier of so many connections, measured for 10 s at 10 broadcasts a second unless told otherwise. */
export function sampleTier(connections: number, knobs: TierKnobs = {}): TierRecord {
  const durationMs = knobs.durationMs ?? 10_000;
  const count = (durationMs / 1_000) * BROADCASTS_PER_SECOND;
  const cpuCores = 0.012 + connections * 0.000105 + connections * connections * 4e-9;
  const load = loadOf(connections, { broadcasts: count, durationMs, knobs });
  const delivered = load.ledger.received + load.ledger.corrupt;
  return {
    connections,
    load,
    memory: {
      connections,
      forcedGc: true,
      rssBytes: Math.round(
        IDLE_RSS_BYTES + connections * RSS_PER_CONNECTION_BYTES + 400_000 * noise(connections, 5),
      ),
      heapTotalBytes: 18_000_000 + connections * 4_300,
      heapUsedBytes: Math.round(11_500_000 + connections * 3_600 + 60_000 * noise(connections, 6)),
      externalBytes: 2_400_000 + connections * 40,
      arrayBuffersBytes: 120_000,
      kernelSocketBytes: 1_200_000 + connections * 8_192,
    },
    serverWindow: serverWindow(connections, cpuCores),
    serverCounters: {
      opened: load.connect.connected,
      refused: 0,
      broadcasts: load.publish.accepted,
      deliveries: delivered,
      droppedByReason: {},
      slowConsumersClosed: 0,
    },
    serverSamples: Array.from({ length: durationMs / 1_000 }, (_, second) => ({
      elapsedMs: (second + 1) * 1_000,
      connections,
      cpuCores: cpuCores * (0.9 + 0.2 * noise(second, connections)),
      rssBytes: IDLE_RSS_BYTES + connections * RSS_PER_CONNECTION_BYTES,
      heapUsedBytes: 14_000_000 + connections * 3_600,
      loopDelayP99Ms: 1.4 + connections * 0.012 * (0.9 + 0.2 * noise(second, 11)),
      loopUtilisationRatio: cpuCores,
      deliveriesPerSecond: connections * BROADCASTS_PER_SECOND,
      sendQueueBytes: 0,
      gcMsPerSecond: 2 + connections * 0.002,
    })),
    ...knobs.tier,
  };
}

function serverWindow(connections: number, cpuCores: number): TierRecord['serverWindow'] {
  return {
    cpuCores,
    loopDelayP50Ms: 0.9,
    loopDelayP99Ms: 1.4 + connections * 0.012,
    loopDelayMaxMs: 6 + connections * 0.02,
    loopUtilisationRatio: cpuCores,
    gcMs: 20 + connections * 0.02,
    openFds: 30 + connections,
    maxFds: 20_000,
  };
}

interface Window {
  readonly broadcasts: number;
  readonly durationMs: number;
  readonly knobs: TierKnobs;
}

function loadOf(connections: number, { broadcasts, durationMs, knobs }: Window): LoadResult {
  const { delayMs = 0, perRecipientMs = PER_RECIPIENT_MS } = knobs;
  const deliveries = deliveriesOf({ connections, broadcasts, delayMs, perRecipientMs });
  return {
    state: 'completed',
    connections,
    broadcastsPerSecond: BROADCASTS_PER_SECOND,
    matchId: 7_001,
    measureStartedAt: Date.UTC(2026, 10, 21, 9, 30),
    measureRequestedMs: durationMs,
    measureAchievedMs: durationMs,
    connect: {
      attempted: connections,
      connected: connections,
      establishMs: 18 + connections * 0.21,
      latency: connectTimesOf(connections),
      failures: [],
    },
    subscribe: { acknowledged: connections, durationMs: 4 + connections * 0.05, failures: [] },
    publish: {
      intended: broadcasts,
      sent: broadcasts,
      accepted: broadcasts,
      failures: [],
      ...publishTimesOf(broadcasts),
      achievedPerSecond: (broadcasts / durationMs) * 1_000,
    },
    ledger: ledgerOf(deliveries.count, knobs),
    latency: { ...deliveries.latency },
    seconds: [...deliveries.seconds],
    disconnects: [],
    workers: workersOf(connections),
    machineCpuRatio: 0.22 + connections * 0.0002,
    ...knobs.load,
  };
}

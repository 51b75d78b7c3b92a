/** A fixed HTTP run, with what went wrong at each endpoint as a knob: what is judged must come out of it again. */

import type { AutocannonResult, HttpLoadResult } from '../../load-tests/generator/http/http-result.ts';
import { LatencyHistogram } from '../../load-tests/generator/latency/latency-histogram.ts';
import type { HttpEndpointRecord, HttpRecord } from '../record/http-record.ts';
import { sampleEnvelope } from './sample-record.ts';

export interface HttpLoadKnobs {
  readonly connections?: number;
  /** Of the measured window. */
  readonly answers?: number;
  readonly delayMs?: number;
  /** Statuses that come instead of 200, and how often. */
  readonly statuses?: HttpLoadResult['statuses'];
  readonly failures?: HttpLoadResult['failures'];
  readonly ok?: number;
  readonly cannonCpuRatio?: number;
  readonly load?: Partial<HttpLoadResult>;
}

const SECONDS = 5;

/** 12,000 answers of 2 ms each, 10,000 of them in a window of five seconds. */
export function sampleHttpLoad(knobs: HttpLoadKnobs = {}): HttpLoadResult {
  const { connections = 10, answers = 10_000, delayMs = 2, statuses = [], failures = [] } = knobs;
  const ok = knobs.ok ?? Math.round(answers * 1.2);
  const others = statuses.reduce((sum, { count }) => sum + count, 0);
  const failed = failures.reduce((sum, { count }) => sum + count, 0);
  return {
    state: 'completed',
    connections,
    measureStartedAt: Date.UTC(2026, 10, 21, 9, 29, 35),
    measureRequestedMs: SECONDS * 1_000,
    measureAchievedMs: SECONDS * 1_000,
    sent: ok + others + failed,
    statuses: [...(ok === 0 ? [] : [{ status: 200, count: ok, sample: null }]), ...statuses],
    failures,
    undetermined: 0,
    givenUp: 0,
    window: {
      answers,
      bytes: answers * 200,
      firstHalf: histogramOf(answers / 2, delayMs),
      secondHalf: histogramOf(answers / 2, delayMs * 1.02),
      seconds: Array.from({ length: SECONDS }, (_, second) => ({
        elapsedMs: second * 1_000,
        deliveries: answers / SECONDS,
        p50Ms: delayMs,
        p99Ms: delayMs * 3,
        maxMs: delayMs * 5,
      })),
    },
    autocannon: sampleAutocannon({ ok, others, failed, delayMs }),
    workers: [
      {
        worker: 1,
        role: 'publisher',
        pid: 4_242,
        connections,
        cpuRatio: knobs.cannonCpuRatio ?? 0.4,
        loopDelayP99Ms: 1.2,
        loopUtilisationRatio: 0.4,
        deliveriesPerSecond: answers / SECONDS,
        rssBytes: 90_000_000,
        openFds: 24 + connections,
      },
    ],
    machineCpuRatio: 0.7,
    ...knobs.load,
  };
}

/** From half of the delay to twice it, the same for the same numbers. */
function histogramOf(count: number, delayMs: number): string {
  const histogram = new LatencyHistogram();
  for (let index = 0; index < count; index += 1) {
    const share = index / Math.max(1, count - 1);
    histogram.record(delayMs * 1_000 * (0.5 + 1.5 * share ** 4));
  }
  return histogram.encode();
}

function sampleAutocannon(counts: {
  readonly ok: number;
  readonly others: number;
  readonly failed: number;
  readonly delayMs: number;
}): AutocannonResult {
  const histogram = (mean: number) => ({
    average: mean,
    max: Math.round(mean * 2),
    p50: Math.round(mean),
    p97_5: Math.round(mean * 1.8),
    p99: Math.round(mean * 1.9),
  });
  return {
    '2xx': counts.ok,
    non2xx: counts.others,
    errors: counts.failed,
    timeouts: 0,
    duration: SECONDS + 1,
    latency: histogram(counts.delayMs),
    requests: histogram(counts.ok / (SECONDS + 1)),
    throughput: histogram((counts.ok * 200) / (SECONDS + 1)),
  };
}

export interface HttpEndpointKnobs extends HttpLoadKnobs {
  readonly record?: Partial<HttpEndpointRecord>;
}

/** One endpoint whose server counts what autocannon counts. */
export function sampleEndpoint(
  name: string,
  { record = {}, ...knobs }: HttpEndpointKnobs = {},
): HttpEndpointRecord {
  const load = sampleHttpLoad(knobs);
  return {
    name,
    method: 'GET',
    path: `/${name}`,
    publishes: false,
    load,
    autocannonFile: `autocannon/1-${name}.json`,
    serverWindow: {
      cpuCores: 0.5,
      loopDelayP50Ms: 0.2,
      loopDelayP99Ms: 1.4,
      loopDelayMaxMs: 4,
      loopUtilisationRatio: 0.5,
      gcMs: 12,
      openFds: 40,
      maxFds: 20_000,
    },
    serverSamples: [],
    counted: {
      byStatus: Object.fromEntries(load.statuses.map(({ status, count }) => [String(status), count])),
      broadcasts: 0,
    },
    ...record,
  };
}

/** An endpoint that accepts commentary, every one of which is broadcast. */
export function samplePublish(knobs: HttpEndpointKnobs = {}): HttpEndpointRecord {
  const accepted = 12_000;
  return sampleEndpoint('publish', {
    ok: 0,
    statuses: [{ status: 201, count: accepted, sample: null }],
    load: { autocannon: sampleAutocannon({ ok: accepted, others: 0, failed: 0, delayMs: 2 }) },
    ...knobs,
    record: {
      method: 'POST',
      path: '/matches/7/commentary',
      publishes: true,
      counted: { byStatus: { 201: accepted }, broadcasts: accepted },
      ...knobs.record,
    },
  });
}

/** A run of three endpoints in which nothing went wrong; `changes` replace whole members. */
export function sampleHttp(changes: Partial<HttpRecord> = {}): HttpRecord {
  return {
    ...sampleEnvelope('http'),
    command: 'npm run load:http -- --seed 42',
    options: { model: 'closed', connections: 10, measureMs: 5_000, warmUpMs: 1_000 },
    scenario: 'http',
    connections: 10,
    timeoutMs: 10_000,
    endpoints: [sampleEndpoint('livez'), sampleEndpoint('page', { delayMs: 4 }), samplePublish()],
    ...changes,
  };
}

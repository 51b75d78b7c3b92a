import { describe, expect, it } from 'vitest';
import type { ChurnPlan, ChurnProgress } from '../../load-tests/generator/churn/churn-plan.ts';
import type { ChurnResult } from '../../load-tests/generator/churn/churn-result.ts';
import { LatencyHistogram } from '../../load-tests/generator/latency/latency-histogram.ts';
import type { LoadObserver, LoadPhase, LoadProgress } from '../../load-tests/generator/load-observer.ts';
import type { LoadPlan } from '../../load-tests/generator/load-plan.ts';
import type { LoadResult } from '../../load-tests/generator/load-result.ts';
import { sampleHttpLoad } from '../testing/sample-http.ts';
import { sampleTier } from '../testing/sample-tier.ts';
import { LiveFamilies } from './live-families.ts';
import { LoadFigures } from './load-figures.ts';
import { LOAD_METRIC_CATALOGUE, type LoadMetricName } from './load-metric-catalogue.ts';
import { type Load, WatchedLoad } from './watched-load.ts';

const INFO = { run: 'run-1', scenario: 'concurrency', server: '127.0.0.1:4321', version: '0.1.0' };
const PLAN = { connections: 10 } as LoadPlan;
const SILENT: LoadObserver = { phase: () => undefined, progress: () => undefined };

function progressOf(received: number, connected = 10): LoadProgress {
  const latency = new LatencyHistogram(2);
  for (let delivery = 0; delivery < received; delivery += 1) latency.record(500);
  return {
    phase: 'measure',
    elapsedMs: 500,
    remainingMs: 1_000,
    connected,
    connectionsWanted: 10,
    received,
    deliveriesPerSecond: 2 * received,
    p99Ms: 0.5,
    latency,
    lost: 3,
    workers: [
      { worker: 0, role: 'subscribers', cpuRatio: 0.25, loopDelayP99Ms: 4 },
      { worker: 1, role: 'publisher', cpuRatio: 0.5, loopDelayP99Ms: 1 },
    ],
  };
}

/** A generator that does what each test says. */
class Script implements Load {
  tier: (observer: LoadObserver) => Promise<LoadResult> = async () => sampleTier(10).load;
  storm: Load['churn'] = () => Promise.reject(new Error('no churn here'));
  run = (_: LoadPlan, observer: LoadObserver) => this.tier(observer);
  churn: Load['churn'] = (plan, observer) => this.storm(plan, observer);
  ticks = () => Promise.reject(new Error('no ticks here'));
  http: Load['http'] = () => Promise.reject(new Error('no HTTP here'));
}

function watched() {
  const script = new Script();
  const figures = new LoadFigures();
  const families = new LiveFamilies(figures);
  families.info = INFO;
  let isWarmUp = false;
  return {
    script,
    figures,
    load: new WatchedLoad(script, figures, () => isWarmUp),
    warmUp: (isOn: boolean) => {
      isWarmUp = isOn;
    },
    /** The value of the one sample with these labels. */
    value: (name: LoadMetricName, labels: Readonly<Record<string, string>> = {}) =>
      families
        .read()
        .find((family) => family.name === name)
        ?.samples.find(
          (sample) =>
            sample.part !== 'bucket' &&
            sample.part !== 'sum' &&
            Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
        )?.value,
    families,
  };
}

describe('a tier that is watched', () => {
  it('moves the figures as it goes, and closes the books with its result', async () => {
    const { script, load, value } = watched();
    const result = sampleTier(10).load;
    script.tier = async (observer) => {
      expect(value('touchline_profile_connections_wanted')).toBe(10);
      await observer.phase('measure');
      expect(value('touchline_profile_phase', { phase: 'measure' })).toBe(1);
      expect(value('touchline_profile_phase', { phase: 'connect' })).toBe(0);
      observer.progress(progressOf(20));
      expect(value('touchline_profile_deliveries_total')).toBe(20);
      expect(value('touchline_profile_deliveries_per_second')).toBe(40);
      expect(value('touchline_profile_connections')).toBe(10);
      expect(value('touchline_profile_connects_attempted_total')).toBe(10);
      expect(value('touchline_profile_gaps')).toBe(3);
      expect(value('touchline_profile_delivery_latency_seconds')).toBe(20);
      expect(value('touchline_profile_worker_cpu_ratio', { worker: '0' })).toBe(0.25);
      expect(value('touchline_profile_worker_loop_delay_seconds', { worker: 'publisher' })).toBe(0.001);
      return result;
    };
    expect(await load.run(PLAN, SILENT)).toBe(result);
    expect(value('touchline_profile_deliveries_total')).toBe(result.ledger.received);
    expect(value('touchline_profile_deliveries_expected_total')).toBe(result.ledger.expected);
    expect(value('touchline_profile_broadcasts_sent_total')).toBe(result.publish.sent);
    expect(value('touchline_profile_connects_attempted_total')).toBe(result.connect.attempted);
    expect(value('touchline_profile_deliveries_amiss_total', { kind: 'lost' })).toBe(0);
    for (const gauge of ['connections', 'connections_wanted', 'gaps', 'deliveries_per_second'] as const) {
      expect(value(`touchline_profile_${gauge}`)).toBe(0);
    }
  });

  it('adds up over tiers, and no counter ever goes back', async () => {
    const { script, load, families } = watched();
    const seen: Map<string, number>[] = [];
    const look = () => {
      const counters = families.read().filter(({ definition }) => definition.type !== 'gauge');
      seen.push(
        new Map(
          counters.flatMap(({ name, samples }) =>
            samples.map(({ labels, part, value }) => [`${name} ${part} ${JSON.stringify(labels)}`, value]),
          ),
        ),
      );
    };
    for (const received of [5, 300, 1]) {
      script.tier = async (observer) => {
        observer.progress(progressOf(received));
        look();
        observer.progress(progressOf(received + 1));
        look();
        return sampleTier(10).load;
      };
      await load.run(PLAN, SILENT);
      look();
    }
    for (const [index, now] of seen.slice(1).entries()) {
      for (const [series, before] of seen[index] ?? []) {
        expect(now.get(series), series).toBeGreaterThanOrEqual(before);
      }
    }
  });

  it('keeps what was shown of one that breaks off, and passes its error on', async () => {
    const { script, load, value } = watched();
    script.tier = async (observer) => {
      observer.progress(progressOf(20));
      throw new Error('a worker failed');
    };
    await expect(load.run(PLAN, SILENT)).rejects.toThrow('a worker failed');
    expect(value('touchline_profile_deliveries_total')).toBe(20);
    expect(value('touchline_profile_connections')).toBe(0);
  });

  it('is a warm-up in one phase, which no counter takes in', async () => {
    const { script, load, value, warmUp } = watched();
    warmUp(true);
    script.tier = async (observer) => {
      await observer.phase('measure');
      observer.progress(progressOf(20));
      expect(value('touchline_profile_phase', { phase: 'warm-up' })).toBe(1);
      expect(value('touchline_profile_phase', { phase: 'measure' })).toBe(0);
      expect(value('touchline_profile_connections')).toBe(10);
      return sampleTier(10).load;
    };
    await load.run(PLAN, SILENT);
    expect(value('touchline_profile_deliveries_total')).toBe(0);
    warmUp(false);
    script.tier = async () => sampleTier(10).load;
    await load.run(PLAN, SILENT);
    expect(value('touchline_profile_deliveries_total')).toBe(sampleTier(10).load.ledger.received);
  });

  it('asks the observer for everything, in order, and waits where the generator would', async () => {
    const { script, load } = watched();
    const happened: string[] = [];
    const observer: LoadObserver = {
      phase: async (phase: LoadPhase) => {
        await Promise.resolve();
        happened.push(phase);
      },
      progress: ({ received }) => happened.push(`${received}`),
    };
    script.tier = async (watching) => {
      await watching.phase('connect');
      watching.progress(progressOf(1));
      await watching.phase('measure');
      return sampleTier(10).load;
    };
    await load.run(PLAN, observer);
    expect(happened).toEqual(['connect', '1', 'measure']);
  });
});

describe('a churn that is watched', () => {
  const plan = {
    connectsPerSecond: 100,
    stayMs: { min: 500, max: 1_500 },
    stormClients: 40,
  } as ChurnPlan;
  const churning: ChurnProgress = {
    phase: 'churn',
    elapsedMs: 1_000,
    remainingMs: 0,
    open: 90,
    connected: 95,
    failed: 5,
    received: 500,
    gaps: 0,
    workers: [],
  };

  it('wants as many as stay at a time, and the storm its own', async () => {
    const { script, load, value } = watched();
    script.storm = async (_, observer): Promise<ChurnResult> => {
      await observer.phase('churn');
      observer.progress(churning);
      expect(value('touchline_profile_connections_wanted')).toBe(100);
      expect(value('touchline_profile_connections')).toBe(90);
      expect(value('touchline_profile_connects_attempted_total')).toBe(100);
      expect(value('touchline_profile_deliveries_per_second')).toBe(500);
      await observer.phase('storm');
      expect(value('touchline_profile_connections_wanted')).toBe(40);
      expect(value('touchline_profile_phase', { phase: 'storm' })).toBe(1);
      throw new Error('enough');
    };
    const observer = { phase: () => undefined, progress: () => undefined };
    await expect(load.churn(plan, observer)).rejects.toThrow('enough');
    expect(value('touchline_profile_deliveries_total')).toBe(500);
  });
});

describe('a load of HTTP requests', () => {
  it('shows its phases, and counts no delivery', async () => {
    const { script, load, value } = watched();
    const plan = { connections: 10 } as Parameters<Load['http']>[0];
    script.http = async (_, observer) => {
      await observer.phase('measure');
      expect(value('touchline_profile_phase', { phase: 'measure' })).toBe(1);
      return sampleHttpLoad();
    };
    await load.http(plan, { phase: () => undefined, progress: () => undefined });
    expect(value('touchline_profile_phase', { phase: 'measure' })).toBe(0);
    expect(value('touchline_profile_deliveries_total')).toBe(0);
  });
});

describe('LiveFamilies', () => {
  it('has every metric of the catalogue with the labels it names, and three of the process', () => {
    const { families, figures } = watched();
    figures.workers = progressOf(1).workers;
    figures.connectFailures.add([{ reason: 'timeout', count: 1 }]);
    const read = families.read();
    expect(read.map(({ name }) => name)).toEqual([
      ...Object.keys(LOAD_METRIC_CATALOGUE),
      'process_cpu_seconds_total',
      'process_resident_memory_bytes',
      'process_start_time_seconds',
    ]);
    for (const { name, definition, samples } of read) {
      for (const { labels } of samples) {
        const own = Object.keys(labels).filter((label) => label !== 'le');
        expect(own.sort(), name).toEqual([...definition.labels].sort());
      }
    }
  });

  it('names the run on the info metric alone', () => {
    const { families } = watched();
    for (const { name, samples } of families.read()) {
      const names = samples.some(({ labels }) => Object.values(labels).includes(INFO.run));
      expect(names, name).toBe(name === 'touchline_profile_run_info');
    }
  });

  it('says the verdict once there is one', () => {
    const { figures, value } = watched();
    expect(value('touchline_profile_verdict', { verdict: 'pass' })).toBe(0);
    figures.verdict = 'pass';
    expect(value('touchline_profile_verdict', { verdict: 'pass' })).toBe(1);
    expect(value('touchline_profile_verdict', { verdict: 'fail' })).toBe(0);
  });
});

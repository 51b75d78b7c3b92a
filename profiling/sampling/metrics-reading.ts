/** One scrape of the target, asked by metric name. */

import type { MetricName } from '../../server/observability/metric-catalogue.ts';
import type { PrometheusSample } from '../../server/protocol/prometheus-sample.ts';

/** Cumulative counts of a histogram: `counts[i]` observations were at most `bounds[i]`; the last bound is +∞. */
export interface CumulativeBuckets {
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
}

/** What the target said at one moment. A figure it does not show is null, never 0. */
export class MetricsReading {
  /** Monotonic ms, halfway between request and answer. */
  readonly takenAtMs: number;
  /**
   * The moment on the target's own clock (its loop's busy and waiting time together), where it shows one. A
   * saturated target answers late: rates over its own clock stay true, over ours they would not.
   */
  readonly clockMs: number;
  private readonly samplesByName = new Map<string, PrometheusSample[]>();

  constructor(takenAtMs: number, samples: readonly PrometheusSample[]) {
    this.takenAtMs = takenAtMs;
    for (const sample of samples) {
      const known = this.samplesByName.get(sample.name);
      if (known === undefined) this.samplesByName.set(sample.name, [sample]);
      else known.push(sample);
    }
    const active = this.value('touchline_loop_active_seconds_total');
    const idle = this.value('touchline_loop_idle_seconds_total');
    this.clockMs = active === null || idle === null ? takenAtMs : (active + idle) * 1_000;
  }

  /** The metric's value, summed over all its labels. */
  value(name: MetricName): number | null {
    return sum(this.samplesByName.get(name));
  }

  /** Sum of all observations of a histogram, over all labels, in its unit. */
  histogramSum(name: MetricName): number | null {
    return sum(this.samplesByName.get(`${name}_sum`));
  }

  /** Values by one label; null where the target does not know the metric. */
  byLabel(name: MetricName, label: string): ReadonlyMap<string, number> | null {
    const samples = this.samplesByName.get(name);
    if (samples === undefined) return null;
    const values = new Map<string, number>();
    for (const { labels, value } of samples) {
      const key = labels[label] ?? '';
      values.set(key, (values.get(key) ?? 0) + value);
    }
    return values;
  }

  /** A histogram's buckets, summed over all other labels, by ascending bound. */
  buckets(name: MetricName): CumulativeBuckets | null {
    const samples = this.samplesByName.get(`${name}_bucket`);
    if (samples === undefined) return null;
    const countByBound = new Map<number, number>();
    for (const { labels, value } of samples) {
      const bound = labels['le'] === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels['le']);
      countByBound.set(bound, (countByBound.get(bound) ?? 0) + value);
    }
    const bounds = [...countByBound.keys()].sort((left, right) => left - right);
    return { bounds, counts: bounds.map((bound) => countByBound.get(bound) ?? 0) };
  }

  /** Node version of the target, where it tells. */
  nodeVersion(): string | null {
    return this.samplesByName.get('touchline_build_info' satisfies MetricName)?.[0]?.labels['node'] ?? null;
  }
}

function sum(samples: readonly PrometheusSample[] | undefined): number | null {
  return samples === undefined ? null : samples.reduce((total, { value }) => total + value, 0);
}

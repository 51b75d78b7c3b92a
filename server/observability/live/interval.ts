/** Two readings of the same process, and what happened between them. */

import type { Labels, MetricSample } from '../metric-samples.ts';
import type { FamilySamples } from './exposition.ts';

export interface Reading {
  readonly families: FamilySamples;
  /** Monotonic ms. */
  readonly atMs: number;
}

/** Whether a sample counts. */
export type Where = (labels: Labels) => boolean;

const EVERY: Where = () => true;

/** Every figure is undefined where it cannot be told: no sample, no earlier reading, or a counter that began again. */
export class Interval {
  readonly #current: Reading;
  readonly #previous: Reading | null;

  constructor(current: Reading, previous: Reading | null) {
    this.#current = current;
    this.#previous = previous;
  }

  /** The sum of a family's samples now; for a histogram that of its observations. */
  now(name: string, where: Where = EVERY): number | undefined {
    return sum(this.#current, name, where);
  }

  /** The largest of a family's samples now. */
  largest(name: string): number | undefined {
    const values = samplesOf(this.#current, name).map(({ value }) => value);
    return values.length === 0 ? undefined : Math.max(...values);
  }

  /** The label of the sample that is 1, of a family with one sample for each state. */
  state(name: string, label: string): string | null {
    return samplesOf(this.#current, name).find(({ value }) => value === 1)?.labels[label] ?? null;
  }

  /** Labels of the first sample. */
  labels(name: string): Labels | undefined {
    return samplesOf(this.#current, name)[0]?.labels;
  }

  /** How much the sum grew a second. */
  perSecond(name: string, where: Where = EVERY): number | undefined {
    if (this.#previous === null) return undefined;
    const grown = difference(sum(this.#current, name, where), sum(this.#previous, name, where));
    const seconds = (this.#current.atMs - this.#previous.atMs) / 1000;
    return grown === undefined || seconds <= 0 ? undefined : grown / seconds;
  }

  /**
   * A quantile of what was observed in between, by linear interpolation in its bucket, as Prometheus does.
   *
   * @see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile
   */
  quantile(name: string, quantile: number): number | undefined {
    if (this.#previous === null) return undefined;
    const before = cumulativeBuckets(this.#previous, name);
    const buckets = [...cumulativeBuckets(this.#current, name)].map(
      ([bound, count]) => [bound, count - (before.get(bound) ?? 0)] as const,
    );
    const total = buckets.at(-1)?.[1] ?? 0;
    if (total <= 0 || buckets.some(([, count]) => count < 0)) return undefined;
    return interpolate(buckets, quantile * total);
  }
}

function samplesOf({ families }: Reading, name: string): readonly MetricSample[] {
  return families[name] ?? [];
}

function sum(reading: Reading, name: string, where: Where): number | undefined {
  let total: number | undefined;
  for (const { labels, value, part } of samplesOf(reading, name)) {
    if ((part === undefined || part === 'sum') && where(labels)) total = (total ?? 0) + value;
  }
  return total;
}

function difference(current: number | undefined, previous: number | undefined): number | undefined {
  if (current === undefined || previous === undefined) return undefined;
  return current < previous ? undefined : current - previous;
}

/** Ascending; samples that differ in other labels are added up. */
function cumulativeBuckets(reading: Reading, name: string): ReadonlyMap<number, number> {
  const buckets = new Map<number, number>();
  for (const { labels, value, part } of samplesOf(reading, name)) {
    if (part !== 'bucket') continue;
    const le = labels['le'] ?? '';
    const bound = le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le);
    buckets.set(bound, (buckets.get(bound) ?? 0) + value);
  }
  return new Map([...buckets].sort(([left], [right]) => left - right));
}

function interpolate(buckets: readonly (readonly [number, number])[], rank: number): number {
  let lowerBound = 0;
  let below = 0;
  for (const [bound, count] of buckets) {
    if (count >= rank && count > below) {
      if (bound === Number.POSITIVE_INFINITY) return lowerBound;
      return lowerBound + ((bound - lowerBound) * (rank - below)) / (count - below);
    }
    if (bound !== Number.POSITIVE_INFINITY) lowerBound = bound;
    below = count;
  }
  return lowerBound;
}

/** A Prometheus histogram over several loads: the windows that are over, and the present one so far. */

import { LatencyHistogram } from '../../load-tests/generator/latency/latency-histogram.ts';
import type { LatencyReading } from '../../load-tests/generator/load-observer.ts';
import type { LiveSample } from './metric-sample.ts';

/** Cumulative counts by bound, the last of them of all values, and the sum of the values in seconds. */
interface Reading {
  readonly counts: readonly number[];
  readonly sumSeconds: number;
}

/** Takes HDR histograms of microseconds; a value counts in a bucket when it is at most its bound, to 1 %. */
export class RunningHistogram {
  readonly #boundsSeconds: readonly number[];
  readonly #boundsUs: readonly number[];
  #finished: Reading;
  #present: Reading;

  /** @param boundsSeconds upper bounds, ascending, without +Inf */
  constructor(boundsSeconds: readonly number[]) {
    this.#boundsSeconds = boundsSeconds;
    this.#boundsUs = boundsSeconds.map((bound) => Math.round(bound * 1e6));
    this.#finished = this.#empty();
    this.#present = this.#empty();
  }

  /** What the present window has come to. */
  show(soFar: LatencyReading): void {
    // Neither a count nor the sum may ever shrink: Prometheus would take it for a restart.
    this.#present = combine(this.#present, this.#read(soFar), Math.max);
  }

  /** The present window is over, and came to this; without it, to what was shown. */
  settle(total: LatencyReading = new LatencyHistogram()): void {
    this.show(total);
    this.#finished = combine(this.#finished, this.#present, (one, other) => one + other);
    this.#present = this.#empty();
  }

  /** How many values there are. */
  get count(): number {
    return this.#total().counts.at(-1) ?? 0;
  }

  samples(): readonly LiveSample[] {
    const { counts, sumSeconds } = this.#total();
    const buckets = counts.map(
      (value, index): LiveSample => ({
        labels: { le: String(this.#boundsSeconds[index] ?? '+Inf') },
        value,
        part: 'bucket',
      }),
    );
    return [
      ...buckets,
      { labels: {}, value: sumSeconds, part: 'sum' },
      { labels: {}, value: this.count, part: 'count' },
    ];
  }

  #total(): Reading {
    return combine(this.#finished, this.#present, (one, other) => one + other);
  }

  #read(histogram: LatencyReading): Reading {
    return {
      counts: [...histogram.countsUpToUs(this.#boundsUs), histogram.count],
      sumSeconds: ((histogram.meanMs ?? 0) * histogram.count) / 1_000,
    };
  }

  #empty(): Reading {
    return { counts: [...this.#boundsUs.map(() => 0), 0], sumSeconds: 0 };
  }
}

function combine(one: Reading, other: Reading, how: (one: number, other: number) => number): Reading {
  return {
    counts: one.counts.map((count, index) => how(count, other.counts[index] ?? 0)),
    sumSeconds: how(one.sumSeconds, other.sumSeconds),
  };
}

/** The names that the board shows are those that our scripts have k6 send, and those of the load metric catalogue. */
import { describe, expect, it } from 'vitest';
import { METRICS, NOT_IN_CATALOGUE } from '../load-tests/k6/lib/metric-names.ts';
import { LOAD_METRIC_CATALOGUE } from '../profiling/live/load-metric-catalogue.ts';
import { K6_METRICS } from './k6-metrics.ts';

const CATALOGUE = Object.keys(LOAD_METRIC_CATALOGUE).map((name) => name.replace(/_(total|seconds)$/, ''));
const SHOWN = Object.keys(K6_METRICS);
/** What k6 makes of a metric: a counter, a rate, or the figures of a trend. */
const SENT = /^k6_(touchline_profile_\w+?)_(total|rate|p50|p95|p99|max)$/;

describe('metrics of the k6 scripts', () => {
  it('have the names of the catalogue, or a reason why not', () => {
    const others = Object.values(METRICS).filter((name) => !CATALOGUE.includes(name));
    expect(others.toSorted()).toEqual(Object.keys(NOT_IN_CATALOGUE).toSorted());
  });

  it('are all on the board, under the name that k6 gives them', () => {
    const shown = new Set(SHOWN.flatMap((name) => SENT.exec(name)?.[1] ?? []));
    expect([...shown].toSorted()).toEqual(Object.values(METRICS).toSorted());
  });
});

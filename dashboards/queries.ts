/**
 * PromQL out of catalogue names. The names are types: one that is renamed in a catalogue no longer compiles here, a counter can
 * only be read as a rate or a count since the start, a histogram only by its buckets, its sum and its count.
 *
 * A division by nothing shows no data, never ±Inf: `ratio` and `mean` drop a denominator of 0, `quantile` drops NaN.
 */

import type { LOAD_METRIC_CATALOGUE } from '../profiling/live/load-metric-catalogue.ts';
import type { METRIC_CATALOGUE } from '../server/observability/metric-catalogue.ts';
import type { K6_METRICS } from './k6-metrics.ts';

type NamesOf<Catalogue, Type extends string> = {
  [Name in keyof Catalogue]: Catalogue[Name] extends { readonly type: Type } ? Name : never;
}[keyof Catalogue] &
  string;

/**
 * How the metrics of one catalogue are selected: each method returns a vector that still has all of its labels. It may end in a
 * join, so it belongs into an aggregation before anything is calculated with it.
 */
export interface MetricSource<Catalogue> {
  /** A gauge as it stands. @param matchers more label matchers, such as `kind="major"` */
  gauge(name: NamesOf<Catalogue, 'gauge'>, matchers?: string): string;
  /** The least a gauge was in the time that is shown, looked up once, at its end. */
  least(name: NamesOf<Catalogue, 'gauge'>): string;
  /** A counter's growth over all of the time that is shown, looked up once, at its end. */
  growth(name: NamesOf<Catalogue, 'counter'>): string;
  /** A counter's growth per second. */
  rate(name: NamesOf<Catalogue, 'counter'>, matchers?: string): string;
  /** A counter as it stands: only where it counts from the start of what is shown (a run), so that it stays exact. */
  sinceStart(name: NamesOf<Catalogue, 'counter'>, matchers?: string): string;
  /** Growth per second of a histogram's buckets, to be summed by `le`. */
  buckets(name: NamesOf<Catalogue, 'histogram'>, matchers?: string): string;
  /** Growth per second of a histogram's sum or count. */
  part(name: NamesOf<Catalogue, 'histogram'>, part: 'sum' | 'count'): string;
}

const RATE_INTERVAL = '$__rate_interval';
/** All of the time that is shown, however many points are drawn: `@ end()` wants Prometheus 2.33. */
const WHOLE_RANGE = '[$__range] @ end()';

/** A run that is chosen, or all of them. */
export const RUN_INFO: `${keyof typeof LOAD_METRIC_CATALOGUE}{run=~"$run"}` =
  'touchline_profile_run_info{run=~"$run"}';

/**
 * Servers that a chosen run drives, under the label `instance`. A run that drives one without metrics has an empty `server`,
 * which `(.+)` leaves under the profiler's own instance: no server has that.
 */
export const DRIVEN_SERVERS = `label_replace(${RUN_INFO}, "instance", "$1", "server", "(.+)")`;

/** The chosen servers' metrics. */
export const server = sourceOf<typeof METRIC_CATALOGUE>({ matcher: 'instance=~"$instance"' });

/** The same, of servers that the chosen runs drive. */
export const drivenServer = sourceOf<typeof METRIC_CATALOGUE>({
  matcher: 'instance=~"$instance"',
  narrow: (vector) => `${vector} and on (instance) ${DRIVEN_SERVERS}`,
});

/** The metrics of the profilers that carry out the chosen runs: only `run_info` names a run, so it is joined. */
export const load = sourceOf<typeof LOAD_METRIC_CATALOGUE>({
  matcher: '',
  narrow: (vector) => `${vector} and on (instance) ${RUN_INFO}`,
});

/** The same, of runs that drive a chosen server. */
export const loadOnServer = sourceOf<typeof LOAD_METRIC_CATALOGUE>({
  matcher: '',
  narrow: (vector) =>
    `${vector} and on (instance) touchline_profile_run_info{run=~"$run", server=~"$instance"}`,
});

/** What k6 pushed in the chosen tests. */
export const k6 = sourceOf<typeof K6_METRICS>({ matcher: 'testid=~"$testid"' });

/** `sum by (…) (…)`; without labels the sum of all. */
export function sum(vector: string, ...by: readonly string[]): string {
  return aggregate('sum', vector, by);
}

/** `max by (…) (…)`; without labels the largest of all. */
export function max(vector: string, ...by: readonly string[]): string {
  return aggregate('max', vector, by);
}

/** `min by (…) (…)`; without labels the smallest of all. */
export function min(vector: string, ...by: readonly string[]): string {
  return aggregate('min', vector, by);
}

/**
 * A vector that has no series until something happens, with one at 0 and labelled "none" until then: an empty panel would look
 * as if it did not work. Where nothing is scraped it stays empty.
 *
 * @param label the label its legend shows
 * @param presence a vector that is there whenever the metric could be
 */
export function orNone(vector: string, label: string, presence: string): string {
  return `${vector} or on () label_replace(0 * sum(${presence}), "${label}", "none", "", "")`;
}

/** There whenever a chosen server is scraped. */
export const SERVER_PRESENCE = server.gauge('touchline_build_info');

/**
 * A server counter's growth per second by labels: the few that grew most in the time that is shown. The choice is made once, so
 * that lines do not come and go, and what never happened does not crowd the legend.
 */
export function happened(
  count: number,
  name: NamesOf<typeof METRIC_CATALOGUE, 'counter'>,
  ...by: readonly string[]
): string {
  const chosen = `topk(${count}, ${sum(server.growth(name), ...by)} > 0)`;
  return orNone(
    `${sum(server.rate(name), ...by)} and on (${by.join(', ')}) ${chosen}`,
    by[0] ?? 'none',
    SERVER_PRESENCE,
  );
}

/**
 * A percentile off summed buckets.
 *
 * @param share 0 to 1
 * @param buckets from `source.buckets()`
 * @param by labels to keep
 */
export function quantile(share: number, buckets: string, ...by: readonly string[]): string {
  return `histogram_quantile(${share}, ${aggregate('sum', buckets, ['le', ...by])}) >= 0`;
}

/** The mean of what a histogram observed. @param parts the histogram's `sum` and `count` as vectors */
export function mean(parts: { readonly sum: string; readonly count: string }): string {
  return ratio(sum(parts.sum), sum(parts.count));
}

/** `a ÷ b`, nothing where b is 0. Both must be aggregations with the same labels. */
export function ratio(dividend: string, divisor: string): string {
  return `${dividend} / (${divisor} > 0)`;
}

function aggregate(operator: string, vector: string, by: readonly string[]): string {
  return by.length === 0 ? `${operator}(${vector})` : `${operator} by (${by.join(', ')}) (${vector})`;
}

interface Selection {
  /** Stands in every selector; '' for none. */
  readonly matcher: string;
  /** Joins what a matcher cannot say. */
  readonly narrow?: (vector: string) => string;
}

function sourceOf<Catalogue>({ matcher, narrow = (vector) => vector }: Selection): MetricSource<Catalogue> {
  const select = (name: string, more = '') => {
    const matchers = [matcher, more].filter((text) => text !== '').join(', ');
    return matchers === '' ? name : `${name}{${matchers}}`;
  };
  const rate = (name: string, more?: string) => narrow(`rate(${select(name, more)}[${RATE_INTERVAL}])`);
  return {
    gauge: (name, more) => narrow(select(name, more)),
    least: (name) => narrow(`min_over_time(${select(name)}${WHOLE_RANGE})`),
    growth: (name) => narrow(`increase(${select(name)}${WHOLE_RANGE})`),
    rate,
    sinceStart: (name, more) => narrow(select(name, more)),
    buckets: (name, more) => rate(`${name}_bucket`, more),
    part: (name, part) => rate(`${name}_${part}`),
  };
}

import { describe, expect, it } from 'vitest';
import { METRIC_CATALOGUE, type MetricDefinition } from './metric-catalogue.ts';

const METRICS = Object.entries<MetricDefinition>(METRIC_CATALOGUE);
const UNIT_SUFFIX: Partial<Record<MetricDefinition['unit'], RegExp>> = {
  seconds: /_seconds(_total|_max)?$/,
  bytes: /_bytes(_total|_max)?$/,
  ratio: /_ratio$/,
  info: /_info$/,
};
const LABELS = [
  'code',
  'reason',
  'type',
  'format',
  'result',
  'limit',
  'route',
  'status',
  'kind',
  'space',
  'fault',
  'version',
  'node',
];

describe('the metric catalogue', () => {
  it.each(METRICS)('%s has a name Prometheus takes and a help sentence', (name, { help }) => {
    expect(name).toMatch(/^(touchline|process|nodejs)_[a-z0-9]+(_[a-z0-9]+)*$/);
    expect(help).toMatch(/^[A-Z1].{10,}\.$/);
  });

  it.each(METRICS)('%s ends as its type and unit ask', (name, { type, unit }) => {
    expect(name.endsWith('_total')).toBe(type === 'counter');
    expect(name).toMatch(UNIT_SUFFIX[unit] ?? /./);
    // These endings belong to the series of a histogram.
    expect(name).not.toMatch(/_(bucket|sum|count)$/);
  });

  it.each(METRICS)(
    '%s has bounded labels only: none names a room, a user or a connection',
    (_name, { labels }) => {
      expect(LABELS).toEqual(expect.arrayContaining([...labels]));
      expect(new Set(labels).size).toBe(labels.length);
    },
  );

  it.each(METRICS)(
    '%s has ascending buckets if and only if it is a histogram',
    (_name, { type, buckets }) => {
      expect(buckets !== undefined).toBe(type === 'histogram');
      const bounds = buckets ?? [];
      expect([...bounds].sort((a, b) => a - b)).toEqual(bounds);
      expect(new Set(bounds).size).toBe(bounds.length);
    },
  );
});

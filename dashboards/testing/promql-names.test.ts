import { describe, expect, it } from 'vitest';
import { metricNames } from './promql-names.ts';

describe('metricNames', () => {
  it.each([
    ['up', ['up']],
    [
      'rate(touchline_deliveries_total{job="x"}[10s]) / (rate(a_total[10s]) > 0)',
      ['touchline_deliveries_total', 'a_total'],
    ],
    ['sum by (job, le) (rate(b_bucket[1m])) + on (job) up - up offset 5m', ['b_bucket', 'up']],
    ['round(instance:deliveries:rate10s, 0.1)', ['instance:deliveries:rate10s']],
    ['1 + time()', []],
  ])('of %s', (expression, names) => {
    expect(metricNames(expression)).toEqual(names);
  });

  it.each(['rate(up[1m]', 'up +', 'nonsense(up)', 'sum by up'])('refuses %s', (expression) => {
    expect(() => metricNames(expression)).toThrow(SyntaxError);
  });

  it('refuses a selector without a name', () => {
    expect(() => metricNames('sum({job="a"})')).toThrow(/expected a metric's name; received \{job="a"\}/);
  });
});

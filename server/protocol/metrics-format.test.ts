import { expect, it } from 'vitest';
import { familyName, negotiateFormat } from './metrics-format.ts';

it.each([
  [undefined, 'classic'],
  ['', 'classic'],
  ['*/*', 'classic'],
  ['text/plain', 'classic'],
  ['application/openmetrics-text', 'openmetrics'],
  ['application/openmetrics-text; version=1.0.0; q=0', 'classic'],
  ['application/openmetrics-text;version=0.0.1', 'classic'],
  ['text/plain;version=0.0.4;q=1,application/openmetrics-text;version=1.0.0;q=0.3', 'classic'],
  // What Prometheus 2.42 sends.
  [
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
    'openmetrics',
  ],
] as const)('Accept: %s gets %s', (accept, format) => {
  expect(negotiateFormat(accept)).toBe(format);
});
it('names a family of counters without what its sample ends with, in OpenMetrics only', () => {
  expect(familyName('a_total', 'counter', 'openmetrics')).toBe('a');
  expect(familyName('a_total', 'counter', 'classic')).toBe('a_total');
  expect(familyName('a_total', 'gauge', 'openmetrics')).toBe('a_total');
});

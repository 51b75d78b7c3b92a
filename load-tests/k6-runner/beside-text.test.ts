import { expect, it } from 'vitest';
import { besideText } from './beside-text.ts';
import { parseFigures } from './server-figures.ts';

const figures = (deliveries: number, more = '') =>
  parseFigures(`\ntouchline_deliveries_total ${deliveries}\n${more}`);
const summary = { counts: { deliveries: 1_000 } };

it('says that both sides counted alike, and who kept the machine busy', () => {
  const p99 = 'touchline_broadcast_duration_seconds_bucket{le="0.0025"} 100\n';
  const text = besideText({ summary, server: figures(1_000, p99), cores: { k6: 1.456, server: 0.3 } }, 2);
  expect(text.split('\n')).toEqual([
    '  server         1,000 deliveries handed over, as many as k6 received; p99 of a broadcast at most 2.5 ms',
    '  cores busy     k6 1.46, the server 0.3, of 2 on this machine',
    '',
  ]);
});

it('shows both figures where they differ, and what the server dropped', () => {
  const dropped = 'touchline_deliveries_dropped_total{reason="slow_consumer"} 4\n';
  const text = besideText({ summary, server: figures(1_005, dropped), cores: { k6: null, server: null } });
  expect(text).toBe('  server         1,005 deliveries handed over, k6 received 1,000; 4 dropped\n');
});

it('says nothing of a server whose figures it cannot read', () => {
  expect(besideText({ summary, server: null, cores: { k6: null, server: null } })).toBe('');
});

import { expect, it } from 'vitest';
import { readExposition } from './exposition.ts';

const TEXT = [
  '# HELP touchline_connections Open.',
  '# TYPE touchline_connections gauge',
  'touchline_connections 12',
  'touchline_connections_opened_total 40',
  'touchline_loop_delay_seconds_bucket{le="0.001"} 3',
  'touchline_loop_delay_seconds_bucket{le="+Inf"} 4',
  'touchline_loop_delay_seconds_sum 0.5',
  'touchline_loop_delay_seconds_count 4',
  'touchline_profile_run_info{run="a \\"b\\" {c}, d",scenario="x\\ny",server="127.0.0.1:1"} 1 1700000000000',
  'touchline_broken_gauge nonsense',
  'not a sample at all!',
  '',
].join('\n');

const read = (...wanted: string[]) => readExposition(TEXT, new Set(wanted));

it('takes what is wanted and leaves the rest', () => {
  expect(read('touchline_connections')).toEqual({ touchline_connections: [{ labels: {}, value: 12 }] });
});

it('tells the parts of a histogram', () => {
  expect(read('touchline_loop_delay_seconds')).toEqual({
    touchline_loop_delay_seconds: [
      { labels: { le: '0.001' }, value: 3, part: 'bucket' },
      { labels: { le: '+Inf' }, value: 4, part: 'bucket' },
      { labels: {}, value: 0.5, part: 'sum' },
      { labels: {}, value: 4, part: 'count' },
    ],
  });
});

it('reads labels with quotes, braces and line ends, and a timestamp behind', () => {
  expect(read('touchline_profile_run_info')['touchline_profile_run_info']).toEqual([
    { labels: { run: 'a "b" {c}, d', scenario: 'x\ny', server: '127.0.0.1:1' }, value: 1 },
  ]);
});

it('leaves out what is no number', () => {
  expect(read('touchline_broken_gauge', 'not')).toEqual({});
});

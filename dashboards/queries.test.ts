/** What the query helpers promise: nothing is divided by 0, nobody is counted who was not chosen. */
import { describe, expect, it } from 'vitest';
import {
  drivenServer,
  happened,
  k6,
  load,
  loadOnServer,
  mean,
  orNone,
  quantile,
  ratio,
  server,
  sum,
} from './queries.ts';

describe('queries', () => {
  it('choose servers by the variable instance', () => {
    expect(server.gauge('touchline_connections')).toBe('touchline_connections{instance=~"$instance"}');
    expect(server.rate('touchline_broadcasts_total')).toBe(
      'rate(touchline_broadcasts_total{instance=~"$instance"}[$__rate_interval])',
    );
    expect(server.buckets('nodejs_gc_duration_seconds', 'kind="major"')).toBe(
      'rate(nodejs_gc_duration_seconds_bucket{instance=~"$instance", kind="major"}[$__rate_interval])',
    );
  });

  it('choose a run by joining the one metric that names it', () => {
    expect(load.sinceStart('touchline_profile_deliveries_total')).toBe(
      'touchline_profile_deliveries_total and on (instance) touchline_profile_run_info{run=~"$run"}',
    );
    expect(loadOnServer.gauge('touchline_profile_gaps')).toBe(
      'touchline_profile_gaps and on (instance) touchline_profile_run_info{run=~"$run", server=~"$instance"}',
    );
    expect(drivenServer.gauge('touchline_rooms')).toBe(
      'touchline_rooms{instance=~"$instance"} and on (instance) ' +
        'label_replace(touchline_profile_run_info{run=~"$run"}, "instance", "$1", "server", "(.+)")',
    );
  });

  it('choose a test of k6 by its id', () => {
    expect(k6.gauge('k6_vus')).toBe('k6_vus{testid=~"$testid"}');
  });

  it('aggregate', () => {
    expect(sum('a')).toBe('sum(a)');
    expect(sum('a', 'code', 'instance')).toBe('sum by (code, instance) (a)');
    expect(orNone('a', 'code', 'b')).toBe('a or on () label_replace(0 * sum(b), "code", "none", "", "")');
  });

  it('choose what happened once for all of the time that is shown', () => {
    expect(happened(3, 'touchline_resumes_total', 'result')).toBe(
      'sum by (result) (rate(touchline_resumes_total{instance=~"$instance"}[$__rate_interval])) and on (result) ' +
        'topk(3, sum by (result) (increase(touchline_resumes_total{instance=~"$instance"}[$__range] @ end())) > 0) ' +
        'or on () label_replace(0 * sum(touchline_build_info{instance=~"$instance"}), "result", "none", "", "")',
    );
  });

  it('drop a denominator of 0, and a percentile of nothing', () => {
    expect(ratio('a', 'b')).toBe('a / (b > 0)');
    expect(mean({ sum: 'a', count: 'b' })).toBe('sum(a) / (sum(b) > 0)');
    expect(quantile(0.99, 'b', 'route')).toBe('histogram_quantile(0.99, sum by (le, route) (b)) >= 0');
  });

  it('take only names of the right type', () => {
    // @ts-expect-error a gauge has no rate
    server.rate('touchline_connections');
    // @ts-expect-error a counter is not shown as it stands
    server.gauge('touchline_broadcasts_total');
    // @ts-expect-error no catalogue has it
    server.gauge('touchline_conections');
    // @ts-expect-error the load side has it, the server has not
    server.gauge('touchline_profile_gaps');
    expect(server.part('touchline_loop_delay_seconds', 'count')).toContain(
      'touchline_loop_delay_seconds_count',
    );
  });
});

import { describe, expect, it } from 'vitest';
import { httpCounted } from './http-counts.ts';
import { MetricsReading } from './metrics-reading.ts';
import { parsePrometheusText } from './prometheus-text.ts';

function reading(text: string): MetricsReading {
  const parsed = parsePrometheusText(text);
  return new MetricsReading(0, parsed.ok ? parsed.samples : []);
}

const BEFORE = reading(`process_start_time_seconds 100
touchline_broadcasts_total 10
touchline_http_requests_total{route="/livez",status="200"} 5
touchline_http_requests_total{route="other",status="404"} 1`);

describe('httpCounted', () => {
  it('gives after minus before by status, over all routes', () => {
    const after = reading(`process_start_time_seconds 100
touchline_broadcasts_total 40
touchline_http_requests_total{route="/livez",status="200"} 8
touchline_http_requests_total{route="/",status="200"} 4
touchline_http_requests_total{route="/matches/:matchId/commentary",status="201"} 30
touchline_http_requests_total{route="other",status="404"} 1`);
    expect(httpCounted(BEFORE, after)).toEqual({ byStatus: { 200: 7, 201: 30 }, broadcasts: 30 });
  });

  it.each([
    ['a scrape failed', null],
    [
      'the process is another one',
      reading('process_start_time_seconds 200\ntouchline_http_requests_total{status="200"} 9'),
    ],
    ['it counts no requests', reading('process_start_time_seconds 100')],
  ])('knows nothing when %s', (_, after) => {
    expect(httpCounted(BEFORE, after)).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { sampleEndpoint, sampleHttp } from '../../testing/sample-http.ts';
import { analyseHttp } from './analyse-http.ts';

describe('analyseHttp', () => {
  const [endpoint] = analyseHttp(sampleHttp({ endpoints: [sampleEndpoint('x')] })).endpoints;

  it('makes rates and costs of the measured window alone', () => {
    expect(endpoint).toMatchObject({ answers: 12_000, ok: 12_000, requestsPerSecond: 2_000, meanBytes: 200 });
    // Half a core over 2,000 requests a second.
    expect(endpoint?.cpuMsPerThousand).toBeCloseTo(250);
  });

  it('takes the percentiles of both halves together', () => {
    expect(endpoint?.latency.n).toBe(10_000);
    expect(endpoint?.latency.p50Ms).toBeCloseTo(1.2, 1);
    expect(endpoint?.steadiness.state).toBe('steady');
  });

  it('tells time-outs from other failures', () => {
    const failures = [
      { reason: 'timeout', count: 3 },
      { reason: 'ECONNRESET', count: 2 },
    ];
    const [failed] = analyseHttp(sampleHttp({ endpoints: [sampleEndpoint('x', { failures })] })).endpoints;
    expect(failed).toMatchObject({ timeouts: 3, failures: [{ reason: 'ECONNRESET', count: 2 }] });
  });

  it('has no figure where nothing was answered or seen', () => {
    const record = { serverWindow: { ...sampleEndpoint('x').serverWindow, cpuCores: null }, counted: null };
    const nothing = sampleEndpoint('x', { answers: 0, ok: 0, record });
    const [empty] = analyseHttp(sampleHttp({ endpoints: [nothing] })).endpoints;
    expect(empty).toMatchObject({
      requestsPerSecond: 0,
      meanBytes: null,
      cpuMsPerThousand: null,
      counts: null,
      latency: { n: 0, p50Ms: null, maxMs: null },
      steadiness: { state: 'unknown' },
    });
  });
});

import { describe, expect, it } from 'vitest';
import { analyseHttp } from '../../analysis/http/analyse-http.ts';
import type { HttpRecord } from '../../record/http-record.ts';
import {
  type HttpEndpointKnobs,
  sampleEndpoint,
  sampleHttp,
  samplePublish,
} from '../../testing/sample-http.ts';
import type { Verdict } from '../verdict.ts';
import { judgeHttp } from './judge-http.ts';

function judge(changes: Partial<HttpRecord> = {}): Verdict {
  const record = sampleHttp(changes);
  return judgeHttp(record, analyseHttp(record));
}

const failing = ({ checks }: Verdict) =>
  checks.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'n/a').map(({ name }) => name);
const checkOf = ({ checks }: Verdict, name: string) => checks.find((check) => check.name === name);

describe('judgeHttp', () => {
  it('passes where every request has a 2xx and both ends count the same', () => {
    const verdict = judge();
    expect(verdict.verdict).toBe('pass');
    expect(verdict.sentence).toBe(
      'Pass: all 36,000 requests to 3 endpoints were answered with a 2xx, 10 connections each waiting for its answer (closed load); p99 7.84 ms, slowest at page.',
    );
    expect(verdict.findings).toEqual([]);
  });

  it('judges no time and no rate: a slow closed load passes', () => {
    expect(judge({ endpoints: [sampleEndpoint('livez', { delayMs: 5_000, answers: 10 })] }).verdict).toBe(
      'pass',
    );
  });

  it.each<[string, HttpEndpointKnobs, RegExp, RegExp]>([
    [
      'http-non-2xx',
      { statuses: [{ status: 500, count: 7, sample: 'boom' }] },
      /^Fail: 7 of 12,007 requests were answered with 500 at x\.$/,
      /The server failed/,
    ],
    [
      'http-non-2xx',
      { statuses: [{ status: 413, count: 1, sample: null }] },
      /answered with 413/,
      /larger than the server takes/,
    ],
    [
      'http-errors',
      { failures: [{ reason: 'ECONNRESET', count: 3 }] },
      /^Fail: 3 of 12,003 requests came to no answer at x \(ECONNRESET × 3\)\.$/,
      /reset or refused/,
    ],
    [
      'http-errors',
      { failures: [{ reason: 'answer_cut', count: 3 }] },
      /came to no answer/,
      /ended connections before it had answered/,
    ],
    [
      'http-timeouts',
      { failures: [{ reason: 'timeout', count: 2 }] },
      /^Fail: 2 of 12,002 requests timed out at x\.$/,
      /too late/,
    ],
  ])('fails on one thing that went wrong: %s', (name, knobs, sentence, finding) => {
    const verdict = judge({ endpoints: [sampleEndpoint('x', knobs), samplePublish()] });
    expect(verdict.verdict).toBe('fail');
    expect(failing(verdict)).toEqual([name]);
    expect(verdict.sentence).toMatch(sentence);
    expect(verdict.findings[0]?.title).toMatch(finding);
  });

  it('tells the limit of the server by its name, and what the server said', () => {
    const statuses = [{ status: 413, count: 1, sample: '{"code":"TL_BODY_TOO_LARGE"}' }];
    const [finding] = judge({ endpoints: [sampleEndpoint('x', { statuses })] }).findings;
    expect(finding?.where).toContain('MAX_PAYLOAD_BYTES');
    expect(finding?.seen).toContain('The first said: {"code":"TL_BODY_TOO_LARGE"}');
  });

  it('takes as many as a changed limit allows, and still says how many were answered', () => {
    const verdict = judge({
      thresholds: { 'http-non-2xx': 7 },
      endpoints: [sampleEndpoint('x', { statuses: [{ status: 500, count: 7, sample: null }] })],
    });
    expect(verdict.sentence).toMatch(/^Pass: 12,000 of 12,007 requests to x were answered/);
  });

  it('does not blame the server for what the load side ran out of', () => {
    const failures = [{ reason: 'EADDRNOTAVAIL', count: 4 }];
    const verdict = judge({ endpoints: [sampleEndpoint('x', { failures })] });
    expect(verdict.verdict).toBe('inconclusive');
    expect(verdict.sentence).toMatch(/the load side itself ran out of something.*EADDRNOTAVAIL/);
  });

  it('fails when a commentary was accepted and not broadcast', () => {
    const counted = { byStatus: { 201: 12_000 }, broadcasts: 11_999 };
    const verdict = judge({ endpoints: [samplePublish({ record: { counted } })] });
    expect(failing(verdict)).toEqual(['http-broadcasts']);
    expect(verdict.sentence).toBe('Fail: 1 commentaries were accepted and never broadcast.');
  });

  describe('counts at both ends', () => {
    it.each([
      ['the server counts one less', { 200: 11_999 }, 1],
      ['the server counts one more, and every request here had its answer', { 200: 12_001 }, 1],
      ['the server counts another status', { 200: 11_999, 500: 1 }, 2],
    ] as const)('is inconclusive when %s', (_, byStatus, observed) => {
      const counted = { byStatus: { ...byStatus }, broadcasts: 0 };
      const verdict = judge({ endpoints: [sampleEndpoint('x', { record: { counted } })] });
      expect(verdict.verdict).toBe('inconclusive');
      expect(checkOf(verdict, 'counts-agree')).toMatchObject({ observed, verdict: 'inconclusive' });
      expect(verdict.findings[0]?.title).toBe('Server and autocannon count differently');
    });

    it('takes it that the server answered what timed out here', () => {
      const counted = { byStatus: { 200: 12_002 }, broadcasts: 0 };
      const failures = [{ reason: 'timeout', count: 2 }];
      const verdict = judge({ endpoints: [sampleEndpoint('x', { failures, record: { counted } })] });
      expect(failing(verdict)).toEqual(['http-timeouts']);
    });

    it('is inconclusive when autocannon itself counts other than we do', () => {
      const endpoint = sampleEndpoint('x');
      const { load } = endpoint;
      const autocannon = load.autocannon === null ? null : { ...load.autocannon, '2xx': 1 };
      const verdict = judge({ endpoints: [{ ...endpoint, load: { ...load, autocannon } }] });
      expect(failing(verdict)).toEqual(['counts-agree']);
    });

    it('is not held against a server that shows no counter', () => {
      const verdict = judge({ endpoints: [sampleEndpoint('x', { record: { counted: null } })] });
      expect(verdict.verdict).toBe('pass');
      expect(checkOf(verdict, 'counts-agree')).toMatchObject({ observed: null, verdict: 'n/a' });
    });
  });

  it('passes nothing that was cut short, and says so', () => {
    const outcome = { state: 'interrupted', message: 'stopped' } as const;
    expect(judge({ outcome }).sentence).toBe('Inconclusive: the run was cut short: stopped.');
    const nothing = judge({ outcome, endpoints: [] });
    expect(nothing.verdict).toBe('inconclusive');
    expect(nothing.limitedBy.kind).toBe('none');
  });

  it('says what kept a closed load from being faster', () => {
    const window = { ...sampleEndpoint('x').serverWindow, cpuCores: 0.97 };
    const server = judge({
      endpoints: [sampleEndpoint('x', { cannonCpuRatio: 0.9, record: { serverWindow: window } })],
    });
    expect(server).toMatchObject({ verdict: 'pass', limitedBy: { kind: 'server-core' } });
    const cannon = judge({ endpoints: [sampleEndpoint('x', { cannonCpuRatio: 0.9 })] });
    expect(cannon).toMatchObject({ verdict: 'pass', limitedBy: { kind: 'generator' } });
    expect(cannon.findings[0]?.title).toBe('autocannon was the limit, not the server');
    const full = judge({ endpoints: [sampleEndpoint('x', { load: { machineCpuRatio: 0.97 } })] });
    expect(full.limitedBy.kind).toBe('machine');
  });

  it('says that a time-out under a fault is what was wanted', () => {
    const verdict = judge({
      faults: ['slow-loop=3000ms'],
      endpoints: [sampleEndpoint('x', { failures: [{ reason: 'timeout', count: 2 }] })],
    });
    expect(verdict.findings[0]?.todo).toMatch(/positive control/);
  });
});

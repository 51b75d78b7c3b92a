import { describe, expect, it } from 'vitest';
import type { ConcurrencyRecord } from '../../record/concurrency-record.ts';
import { checkOf, judgeSample, judgeTiers } from '../../testing/judge-sample.ts';
import { sampleRecord } from '../../testing/sample-record.ts';
import { sampleTier, type TierKnobs } from '../../testing/sample-tier.ts';

const clean = sampleTier(100);
const connect = (attempted: number, connected: number, reason: string): TierKnobs => ({
  load: {
    connect: {
      ...clean.load.connect,
      attempted,
      connected,
      failures: [{ reason, count: attempted - connected }],
    },
  },
});
const STARVED: TierKnobs = { load: { machineCpuRatio: 0.99 } };

describe('a healthy run', () => {
  const verdict = judgeSample({});

  it('passes every check', () => {
    expect(verdict.checks.map((check) => check.verdict)).toEqual(Array(verdict.checks.length).fill('pass'));
    expect(verdict).toMatchObject({
      verdict: 'pass',
      knee: 1_000,
      judgedUpTo: 1_000,
      limitedBy: { kind: 'none' },
    });
  });

  it('says so in a sentence that a stranger understands', () => {
    expect(verdict.sentence).toMatch(
      /^Pass: the server held 1,000 connections at 10 broadcasts\/s, and every message arrived once and in order: 99 % of deliveries within 13\.\d ms, 0\.12 core of server CPU, 8\.\d\d KB of memory for each connection\.$/,
    );
  });
});

describe('a pass with larger tiers above the judged range', () => {
  const slow = { delayMs: 90, durationMs: 1_000 };
  const held = { durationMs: 1_000, perRecipientMs: 0.002 };

  it('tells of the largest one when it holds', () => {
    const { sentence } = judgeTiers([[1_000], [2_000, held]]);
    expect(sentence).toContain('Pass: the server held 2,000 connections');
    expect(sentence).not.toContain('but above');
  });

  it('says how far it went beyond, and what broke there', () => {
    const { sentence } = judgeTiers([[10], [1_000], [2_000, slow]]);
    expect(sentence).toContain('Pass: the server held 1,000 connections');
    expect(sentence).toMatch(
      /; 2,000 connected and nothing was lost, but above 1,000 latency broke its limits\.$/,
    );
  });

  it('says that the rig was doubtful there, whether limits broke or not', () => {
    expect(judgeTiers([[1_000], [2_000, { ...slow, ...STARVED }]]).sentence).toMatch(
      /above 1,000 latency broke its limits, and the measurement there is in doubt\.$/,
    );
    expect(judgeTiers([[1_000], [2_000, { ...held, ...STARVED }]]).sentence).toMatch(
      /; 2,000 connected and nothing was lost, but above 1,000 the measurement there is in doubt\.$/,
    );
  });
});

describe('what limited the run, where a limit broke on a doubtful rig', () => {
  const late = clean.load.workers.map((worker) => ({ ...worker, loopDelayP99Ms: 30 }));

  it('names both; the server where the breach is larger than the rig can explain', () => {
    const { limitedBy } = judgeTiers([[10], [100, { delayMs: 300, load: { workers: late } }]]);
    expect(limitedBy.kind).toBe('threshold');
    expect(limitedBy.sentence).toMatch(
      /^at 100 connections limits broke: delivery latency p50 30\d ms \(limit < 10 ms\), .*; and the rig was doubtful: the event loop of .* was 30\.0 ms late/,
    );
  });

  it('names both; the generator where it can explain all of it', () => {
    const knobs = { delayMs: 60, load: { workers: late } };
    const { limitedBy, sentence } = judgeTiers([[10], [100, knobs]], { thresholds: { p50: 50 } });
    expect(limitedBy.kind).toBe('generator');
    expect(limitedBy.sentence).toContain('limits broke: delivery latency p50');
    expect(sentence).toMatch(
      /over its limit, and the rig may be why: delivery latency p50 6\d\.\d ms at 100 connections/,
    );
  });
});

describe('work of others on the machine', () => {
  const busy = { load: { machineCpuRatio: 0.7 } };

  it('does not spoil a run in which every limit holds', () => {
    const verdict = judgeTiers([[100, busy]]);
    expect(verdict).toMatchObject({ verdict: 'pass', limitedBy: { kind: 'none' } });
    expect(verdict.findings.map(({ title }) => title)).toContain('Other work ran on this machine');
  });

  it('excuses a breach that it can have stretched so far', () => {
    const verdict = judgeTiers([[10], [100, { ...busy, delayMs: 12 }]]);
    expect(verdict.limitedBy.kind).toBe('machine');
    expect(verdict.sentence).toMatch(
      /^Inconclusive: every other check held, but delivery latency p50 cannot be judged, over the limit at 100 connections, but the rig itself may be why: other processes used 6\d %/,
    );
  });

  it('does not excuse a larger breach, nor any on a quiet machine', () => {
    expect(judgeTiers([[10], [100, { ...busy, delayMs: 60 }]]).verdict).toBe('fail');
    expect(judgeTiers([[10], [100, { delayMs: 12 }]]).verdict).toBe('fail');
  });
});

describe('messages that did not arrive as they should', () => {
  it.each([
    [
      'lost',
      { lost: 20, unique: 9_980, received: 9_980 },
      20,
      'Fail: 20 of 11,000 messages were lost (0.18 %).',
    ],
    ['duplicated', { duplicated: 7, received: 10_007 }, 7, 'Fail: 7 messages arrived more than once'],
    ['out-of-order', { outOfOrder: 3 }, 3, 'Fail: 3 messages arrived out of order'],
    ['wrong-room', { wrongRoom: 2 }, 2, 'Fail: 2 messages reached clients that had not joined'],
  ] as const)('%s fails the run with the right number', (name, ledger, observed, sentence) => {
    const verdict = judgeTiers([[10], [100, { ledger }]]);
    expect(checkOf(verdict, name)).toMatchObject({ verdict: 'fail', observed });
    expect(verdict.verdict).toBe('fail');
    expect(verdict.sentence).toContain(sentence);
    expect(verdict.knee).toBe(10);
    expect(verdict.findings[0]?.seen).toContain(String(observed));
  });

  it.each([
    ['on a starved rig', STARVED, {}],
    ['in a run that was interrupted', {}, { outcome: { state: 'interrupted', message: 'Ctrl-C' } }],
  ] as const)('fail the run even %s', (_, knobs, changes: Partial<ConcurrencyRecord>) => {
    expect(
      judgeTiers([[100, { ...knobs, ledger: { lost: 1, unique: 9_999, received: 9_999 } }]], changes).verdict,
    ).toBe('fail');
  });

  it('are excused by a limit that allows them', () => {
    const tiers = [[100, { ledger: { lost: 5, unique: 9_995, received: 9_995 } }]] as const;
    expect(judgeTiers(tiers, { thresholds: { lost: 5 } }).verdict).toBe('pass');
    expect(judgeTiers(tiers, { thresholds: { lost: 4 } }).verdict).toBe('fail');
  });
});

describe('connections and errors', () => {
  it('fails when the target refuses connections, with the share and the reason', () => {
    const verdict = judgeTiers([[10], [100, connect(100, 90, 'http_503')]]);
    expect(checkOf(verdict, 'not-connected')).toMatchObject({
      verdict: 'fail',
      observed: 10,
      detail: '10 % at 100 connections: http_503 × 10',
    });
    expect(verdict.sentence).toBe('Fail: 10 of 110 connections were never made (http_503 × 10).');
    expect(verdict.findings.map((finding) => finding.title)).toContain('The server refused connections');
  });

  it.each([
    ['EADDRNOTAVAIL', 'ports'],
    ['EMFILE', 'fds'],
  ])('is inconclusive when the load side is out of resources (%s)', (reason, kind) => {
    const verdict = judgeTiers([[10], [100, connect(100, 90, reason)]]);
    expect(checkOf(verdict, 'not-connected').verdict).toBe('inconclusive');
    expect(verdict).toMatchObject({ verdict: 'inconclusive', limitedBy: { kind } });
  });

  it('fails when the target is to blame for some and the load side for others', () => {
    const failures = [
      { reason: 'EMFILE', count: 4 },
      { reason: 'http_503', count: 6 },
    ];
    const load = { connect: { ...clean.load.connect, attempted: 100, connected: 90, failures } };
    expect(judgeTiers([[100, { load }]]).verdict).toBe('fail');
  });

  it.each([
    ['a disconnect', { disconnects: [{ reason: 'close_4002', count: 3 }] }, 3],
    [
      'a failed publish',
      { publish: { ...clean.load.publish, failures: [{ reason: 'http_500', count: 2 }] } },
      2,
    ],
    [
      'a failed subscribe',
      { subscribe: { ...clean.load.subscribe, failures: [{ reason: 'timeout', count: 1 }] } },
      1,
    ],
  ])('counts %s as an error', (_, load, observed) => {
    const verdict = judgeTiers([[100, { load }]]);
    expect(checkOf(verdict, 'errors')).toMatchObject({ verdict: 'fail', observed });
    expect(verdict.verdict).toBe('fail');
  });

  it('does not blame the target for a publisher without descriptors', () => {
    const load = { publish: { ...clean.load.publish, failures: [{ reason: 'EMFILE', count: 2 }] } };
    expect(judgeTiers([[100, { load }]]).verdict).toBe('inconclusive');
  });
});

describe('latency', () => {
  it.each([
    ['p50', { delayMs: 12 }],
    ['p95', { delayMs: 60 }],
    ['p99', { delayMs: 60 }],
  ])('%s fails the run where it breaks on a healthy rig', (name, knobs) => {
    const verdict = judgeTiers([[10], [100, knobs]]);
    expect(checkOf(verdict, name)).toMatchObject({ verdict: 'fail', tier: 100 });
    expect(verdict).toMatchObject({ verdict: 'fail', knee: 10 });
  });

  it('finds an exact delay', () => {
    const observed = checkOf(judgeTiers([[10, { delayMs: 100 }]]), 'p50').observed ?? 0;
    expect(observed).toBeGreaterThan(100);
    expect(observed).toBeLessThan(103);
  });

  it('names the full core that was the cause', () => {
    const tier = sampleTier(100, { delayMs: 80 });
    const verdict = judgeTiers([
      [100, { delayMs: 80, tier: { serverWindow: { ...tier.serverWindow, cpuCores: 0.99 } } }],
    ]);
    expect(verdict.limitedBy.kind).toBe('server-core');
    expect(verdict.findings[0]).toMatchObject({
      title: "The server's core is full",
      seen: expect.stringContaining('worst second'),
    });
  });

  it.each([
    [5, 'inconclusive', 'the simplest server already shows 5.20 ms here'],
    [15, 'fail', undefined],
  ] as const)('takes a large floor of the rig off a breach: %d ms more is %s', (delayMs, verdict, said) => {
    const check = checkOf(judgeTiers([[10], [1_000, { delayMs, durationMs: 1_000 }]]), 'p50');
    expect(check.observed).toBeGreaterThan(10);
    expect(check).toMatchObject({ verdict });
    if (said !== undefined) expect(check.detail).toContain(said);
  });

  it('passes when only a tier above 1,000 breaks, and names the knee', () => {
    const verdict = judgeTiers([[10], [1_000], [2_000, { delayMs: 90, durationMs: 1_000 }]]);
    expect(verdict).toMatchObject({ verdict: 'pass', knee: 1_000, judgedUpTo: 1_000 });
    expect(checkOf(verdict, 'p99').detail).toContain('breaks at 2,000 connections');
  });

  it('cannot say whether 1,000 hold when only 2,000 were measured and broke', () => {
    const verdict = judgeTiers([[10], [2_000, { delayMs: 90, durationMs: 1_000 }]]);
    expect(verdict.verdict).toBe('inconclusive');
    expect(checkOf(verdict, 'p99').detail).toContain('1,000 was not measured: add that tier');
  });

  it('is not judged on too few samples', () => {
    const verdict = judgeTiers([[10, { durationMs: 1_000 }]]);
    expect(checkOf(verdict, 'p99')).toMatchObject({ verdict: 'n/a', observed: null });
    expect(checkOf(verdict, 'p50').verdict).toBe('pass');
    expect(verdict.verdict).toBe('pass');
  });

  it('takes a limit that was changed', () => {
    const tiers = [[100, { delayMs: 60 }]] as const;
    expect(checkOf(judgeTiers(tiers, { thresholds: { p99: 80 } }), 'p99').verdict).toBe('pass');
    expect(checkOf(judgeTiers(tiers, { thresholds: { p99: 40 } }), 'p99').verdict).toBe('fail');
  });
});

describe('a rig that is not healthy', () => {
  it('makes a run inconclusive although every threshold holds', () => {
    const verdict = judgeTiers([[10], [100, STARVED]]);
    expect(verdict.verdict).toBe('inconclusive');
    expect(verdict.sentence).toBe(
      'Inconclusive: the measurement cannot be trusted: at 100 connections the machine of the generator was 99 % busy (limit 90 %).',
    );
  });

  it('makes a breach inconclusive that it can have caused', () => {
    const verdict = judgeTiers([[10], [100, { ...STARVED, delayMs: 90 }]]);
    expect(checkOf(verdict, 'p99').verdict).toBe('inconclusive');
    expect(verdict).toMatchObject({ verdict: 'inconclusive', limitedBy: { kind: 'machine' } });
  });

  it('does not excuse a breach at another, healthy tier', () => {
    expect(
      judgeTiers([
        [10, { delayMs: 90 }],
        [100, STARVED],
      ]).verdict,
    ).toBe('fail');
  });

  it('does not excuse a breach larger than it can have caused', () => {
    const workers = clean.load.workers.map((worker) => ({ ...worker, loopDelayP99Ms: 30 }));
    expect(judgeTiers([[100, { delayMs: 300, load: { workers } }]]).verdict).toBe('fail');
    expect(judgeTiers([[100, { delayMs: 60, load: { workers } }]], { thresholds: { p50: 50 } }).verdict).toBe(
      'inconclusive',
    );
  });

  it('is only noted above the judged range', () => {
    const verdict = judgeTiers([[10], [1_000], [2_000, { ...STARVED, durationMs: 1_000 }]]);
    expect(verdict.verdict).toBe('pass');
    expect(verdict.findings.map((finding) => finding.seen).join()).toContain('above the judged range');
  });
});

describe('an unsteady window', () => {
  const slowHalf = sampleTier(100, { delayMs: 90 }).load.latency.firstHalf;
  const unsteady = (delayMs: number): TierKnobs => {
    const { latency } = sampleTier(100, { delayMs }).load;
    return { delayMs, load: { latency: { ...latency, firstHalf: slowHalf } } };
  };

  it('makes a run that holds inconclusive', () => {
    expect(judgeTiers([[100, unsteady(0)]]).verdict).toBe('inconclusive');
  });

  it('does not excuse a breach of both halves', () => {
    const { latency } = sampleTier(100, { delayMs: 400 }).load;
    expect(
      judgeTiers([[100, { delayMs: 400, load: { latency: { ...latency, firstHalf: slowHalf } } }]]).verdict,
    ).toBe('fail');
  });
});

describe('CPU per 1,000 connections', () => {
  const busy = (connections: number, cpuCores: number | null): TierKnobs => ({
    tier: { serverWindow: { ...sampleTier(10).serverWindow, cpuCores } },
    durationMs: connections >= 500 ? 2_000 : 10_000,
  });

  it('is judged above the idle server, from 500 connections', () => {
    expect(checkOf(judgeTiers([[500, busy(500, 0.103)]]), 'cpu-per-1000')).toMatchObject({
      verdict: 'pass',
      observed: expect.closeTo(0.198, 6),
    });
    expect(checkOf(judgeTiers([[500, busy(500, 0.105)]]), 'cpu-per-1000')).toMatchObject({
      verdict: 'fail',
      tier: 500,
    });
  });

  it('says nothing below 500 connections', () => {
    expect(checkOf(judgeTiers([[100, busy(100, 0.9)]]), 'cpu-per-1000').verdict).toBe('n/a');
  });

  it('is inconclusive when the target does not show it', () => {
    expect(checkOf(judgeTiers([[500, busy(500, null)]]), 'cpu-per-1000').verdict).toBe('inconclusive');
  });
});

describe('a run that did not end by itself', () => {
  it.each([
    [{ state: 'interrupted', message: 'stopped by Ctrl-C' }],
    [{ state: 'aborted', code: 'TL_TARGET_DIED', message: 'the server went away' }],
  ] as const)('passes nothing: %o', (outcome) => {
    const verdict = judgeTiers([[10]], { outcome });
    expect(verdict.verdict).toBe('inconclusive');
    expect(verdict.sentence).toContain(outcome.message);
  });

  it('is inconclusive without a tier', () => {
    expect(judgeSample({ tiers: [] })).toMatchObject({ verdict: 'inconclusive', knee: null, judgedUpTo: 0 });
  });

  it('does not say that the largest tier asked for was reached', () => {
    const outcome = { state: 'interrupted', message: 'stopped' } as const;
    expect(judgeTiers([[10, { load: { state: 'interrupted' } }]], { outcome }).knee).toBeNull();
    expect(judgeTiers([[10]], { outcome }).limitedBy.sentence).toContain(
      'measured before the run ended early',
    );
  });

  it('does not fail for latency that was measured before', () => {
    const outcome = { state: 'interrupted', message: 'stopped' } as const;
    expect(judgeTiers([[10, { delayMs: 90 }]], { outcome }).verdict).toBe('inconclusive');
  });
});

it('tells apart the counters of a server that others use', () => {
  const others = (kind: 'spawned' | 'running') => {
    const tier = sampleTier(10);
    return judgeSample({
      tiers: [{ ...tier, serverCounters: { ...tier.serverCounters, opened: 12 } }],
      target: { ...sampleRecord({ tiers: [] }).target, kind },
    }).verdict;
  };
  expect(others('running')).toBe('pass');
  expect(others('spawned')).toBe('inconclusive');
});

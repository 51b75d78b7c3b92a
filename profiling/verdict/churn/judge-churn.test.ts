import { describe, expect, it } from 'vitest';
import { analyseChurn } from '../../analysis/churn/analyse-churn.ts';
import type { RunEnvelope } from '../../record/run-envelope.ts';
import {
  churnCheck,
  judgeChurnSample,
  ledgerOf,
  sampleChurn,
  sampleLook,
  seenOf,
  spread,
} from '../../testing/sample-churn.ts';
import { passedSentence } from './passed-sentence.ts';

const UNKNOWN = { lifecycle: null, memory: null, sockets: null };
const RUNNING: RunEnvelope['target'] = {
  kind: 'running',
  url: 'ws://10.0.0.1/ws',
  http: 'http://10.0.0.1',
  metrics: null,
  admin: null,
  sees: { metrics: false, forcedGc: false },
  sharesMachine: false,
  nodeVersion: null,
};

describe('a healthy run', () => {
  const verdict = judgeChurnSample();

  it('passes every check', () => {
    expect(verdict.checks.map(({ verdict: word }) => word)).toEqual(
      Array(verdict.checks.length).fill('pass'),
    );
    expect(verdict).toMatchObject({ verdict: 'pass', limitedBy: { kind: 'none' }, leftBehind: [] });
  });

  it('says so in a sentence that a stranger understands', () => {
    expect(verdict.sentence).toBe(
      'Pass: 1,600 clients came and went at 200/s, 400 of them without a goodbye, and left nothing behind: silent ones were found within 2.0 heartbeats (4,002 ms), ended ones were let go within 9.00 ms; all 500 of the storm were back in 440 ms with the 11,000 messages that they had missed.',
    );
  });

  it('speaks of one client as of one', () => {
    const { visits, storm } = analyseChurn(sampleChurn());
    if (visits === null || storm === null) throw new Error('the sample has both');
    const analysis = { ...analyseChurn(sampleChurn()), visits: { ...visits, connected: 1 } };
    expect(
      passedSentence({ ...analysis, storm: { ...storm, clients: 1, missed: 11, givenBack: 11 } }),
    ).toMatch(
      /^1 client came .*; the one client of the storm was back in 440 ms with the 11 messages that it had missed$/,
    );
    expect(judgeChurnSample({ end: { openFds: 24 } }).sentence).toContain('1 file descriptor stayed open');
  });

  it('passes without a storm, and says that there was none', () => {
    const calm = judgeChurnSample({ storm: null });
    expect(calm.verdict).toBe('pass');
    expect(churnCheck(calm, 'not-recovered')).toMatchObject({ verdict: 'n/a', detail: 'there was no storm' });
  });
});

describe('what the server kept', () => {
  it.each([
    [
      'structures',
      { structures: { 'hub.connections': 26 } },
      1,
      /hub\.connections \+26 \(1\.0 % of connections\)/,
    ],
    ['listeners', { listeners: { 'httpServer:close': 27 } }, 26, /httpServer:close \+26/],
    ['timers', { timers: 28 }, 26, /timers \+26/],
    ['classes', { classes: { Connection: 26, Peer: 0, Socket: 3, Timeout: 6 } }, 1, /Connection \+26/],
    ['fds', { openFds: 24 }, 1, /openFds \+1/],
  ] as const)('%s fails with the exact count', (name, end, observed, detail) => {
    const verdict = judgeChurnSample({ end });
    expect(verdict.verdict).toBe('fail');
    expect(churnCheck(verdict, name)).toMatchObject({ verdict: 'fail', observed });
    expect(churnCheck(verdict, name).detail).toMatch(detail);
    expect(verdict.checks.filter((check) => check.verdict === 'fail')).toHaveLength(1);
  });

  it('names the line that should have released it', () => {
    const { findings, recommendations } = judgeChurnSample({ end: { structures: { 'hub.connections': 1 } } });
    expect(findings[0]).toMatchObject({
      title: 'Left behind: connections in the hub',
      where: 'server/hub/hub.ts:106, Hub.disconnected',
    });
    expect(recommendations[0]).toContain('server/hub/hub.ts:106');
  });

  it('counts what was there after the churn and gone only after the storm', () => {
    const verdict = judgeChurnSample({ settled: { structures: { 'hub.roomMembers': 3 } }, end: {} });
    expect(churnCheck(verdict, 'structures')).toMatchObject({ verdict: 'fail', observed: 1 });
  });

  it('takes off descriptors of sockets whose other end is open, and none but those', () => {
    const held = (openFds: number, count: number) => ({
      ...sampleLook({ openFds }),
      sockets: { held: count, serverTimeWait: 0, clientTimeWait: 0 },
    });
    const withPublisher = judgeChurnSample({ record: { end: held(24, 2) } });
    expect(churnCheck(withPublisher, 'fds').verdict).toBe('pass');
    const leaked = judgeChurnSample({ record: { end: held(25, 2) } });
    expect(churnCheck(leaked, 'fds')).toMatchObject({ verdict: 'fail', observed: 1 });
  });

  it('lets a history fill up to its bound and no further', () => {
    const full = judgeChurnSample({ end: { structures: { 'hub.messagesHistory': 101 } } });
    expect(churnCheck(full, 'structures').verdict).toBe('fail');
  });

  it('is inconclusive where the target does not show it', () => {
    const blind = { baseline: UNKNOWN, settled: UNKNOWN, end: UNKNOWN };
    const verdict = judgeChurnSample({ record: blind });
    expect(churnCheck(verdict, 'structures').detail).toContain('--admin-token');
    expect(verdict.verdict).toBe('inconclusive');
  });
});

describe('clients that fall silent', () => {
  const found = (longestMs: number, detected = 200) => ({
    halfOpen: {
      silent: 200,
      detected,
      reasons: [{ reason: 'close_4004', count: detected }],
      detection: spread(detected, 2_000, longestMs),
    },
  });

  it('must be found within two heartbeats and a half', () => {
    expect(churnCheck(judgeChurnSample({ load: found(4_900) }), 'half-open').verdict).toBe('pass');
    const late = judgeChurnSample({ load: found(5_200) });
    expect(churnCheck(late, 'half-open')).toMatchObject({ verdict: 'fail' });
    expect(late.sentence).toMatch(
      /^Fail: a client that fell silent was found only after 2\.6 heartbeats, 5,20\d ms/,
    );
  });

  it('excuses a late one on a machine that was full', () => {
    const late = judgeChurnSample({ load: { ...found(5_200), machineCpuRatio: 0.97 } });
    expect(churnCheck(late, 'half-open').verdict).toBe('inconclusive');
  });

  it('must all be found, however busy the machine', () => {
    const verdict = judgeChurnSample({ load: { ...found(4_000, 190), machineCpuRatio: 0.97 } });
    expect(churnCheck(verdict, 'half-open-missed')).toMatchObject({ verdict: 'fail', observed: 10 });
  });

  it('cannot be timed where the heartbeat is not known, and still must be found', () => {
    const verdict = judgeChurnSample({ record: { heartbeatMs: null } });
    expect(churnCheck(verdict, 'half-open')).toMatchObject({ verdict: 'n/a', observed: null });
    expect(churnCheck(verdict, 'half-open-missed')).toMatchObject({ verdict: 'pass', observed: 0 });
  });
});

describe('ends that the server did not notice', () => {
  const HELD = [
    { after: 'churn', releasedMs: 4, waitedMs: 4, stillHeld: 0 },
    { after: 'storm', releasedMs: 3_100, waitedMs: 3_100, stillHeld: 0 },
  ] as const;

  it('fail the time to release, with the exact number', () => {
    const verdict = judgeChurnSample({
      counters: { heartbeatsMissed: 251 },
      record: { releases: [...HELD] },
    });
    expect(verdict.sentence).toBe(
      'Fail: the server did not notice that 51 connections had ended and kept them until its heartbeat found them, 3,100 ms after the last end (limit ≤ 1,000 ms).',
    );
    expect(churnCheck(verdict, 'release-time')).toMatchObject({ verdict: 'fail', observed: 3_100 });
    expect(verdict.findings[0]?.title).toBe('The server learned of ended connections by its heartbeat alone');
  });

  it('fail it by their number alone, where no look was slow and the machine was full', () => {
    const verdict = judgeChurnSample({
      counters: { heartbeatsMissed: 201 },
      load: { machineCpuRatio: 0.97 },
    });
    expect(churnCheck(verdict, 'release-time')).toMatchObject({ verdict: 'fail', observed: 2_000 });
    expect(verdict.sentence).toContain('at least 2,000 ms');
  });

  it('are not those whose client was told by its close code', () => {
    const verdict = judgeChurnSample({
      counters: { heartbeatsMissed: 203 },
      load: {
        ends: { clean: 1_197, reset: 200, halfOpen: 200, unasked: [{ reason: 'close_4004', count: 3 }] },
      },
    });
    expect(churnCheck(verdict, 'release-time').verdict).toBe('pass');
    expect(churnCheck(verdict, 'errors')).toMatchObject({ verdict: 'fail', observed: 3 });
  });

  it('are doubted only where nothing but the time speaks for them', () => {
    const record = { releases: [...HELD] };
    expect(churnCheck(judgeChurnSample({ record }), 'release-time').verdict).toBe('fail');
    const full = judgeChurnSample({ record, load: { machineCpuRatio: 0.97 } });
    expect(churnCheck(full, 'release-time').verdict).toBe('inconclusive');
  });
});

describe('totals over churn and storm', () => {
  it('adds up connections that were never made, the storm included', () => {
    const refused = (count: number) => [{ reason: 'http_503', count }];
    const verdict = judgeChurnSample({
      load: {
        connect: {
          attempted: 1_600,
          connected: 1_584,
          establishMs: 7_995,
          latency: spread(1_584, 1, 20),
          failures: refused(16),
        },
      },
      storm: {
        clients: 495,
        gatherFailures: refused(5),
        recovered: 490,
        failures: refused(5),
        results: [{ reason: 'recovered', count: 490 }],
      },
    });
    expect(churnCheck(verdict, 'not-connected')).toMatchObject({ verdict: 'fail', observed: 26 });
    expect(verdict.sentence).toContain('26 of 2,595 connections were never made (http_503 × 26)');
  });

  it.each([
    ['lost', { lost: 2 }],
    ['duplicated', { duplicated: 2 }],
    ['out-of-order', { outOfOrder: 2 }],
    ['wrong-room', { wrongRoom: 2 }],
  ] as const)('%s fails the run, even when it was cut short', (name, figures) => {
    const ledger = ledgerOf(figures);
    const record = { outcome: { state: 'interrupted', message: 'Ctrl-C' } } as const;
    expect(churnCheck(judgeChurnSample({ storm: { ledger } }), name)).toMatchObject({ observed: 2 });
    expect(judgeChurnSample({ storm: { ledger }, record }).verdict).toBe('fail');
  });
});

describe('a fault that breaks nothing which is judged', () => {
  it('is a finding of its own, and none once something broke', () => {
    const record = { faults: ['stall=1000ms'] };
    const verdict = judgeChurnSample({ record, counters: { faultInjections: { stall: 1 } } });
    expect(seenOf(verdict, 'The fault broke no limit')).toMatch(
      /^The fault stall=1000ms is switched on and did harm once\. No check/,
    );
    expect(seenOf(judgeChurnSample({ record }), 'The fault broke no limit')).toContain(
      'found nothing to harm',
    );
    const broken = judgeChurnSample({ record, end: { timers: 28 } });
    expect(seenOf(broken, 'The fault broke no limit')).toBeUndefined();
  });
});

describe('a rig that cannot be trusted', () => {
  it('makes a run inconclusive that made its connects late', () => {
    const seconds = [100, 120, 130, 150, 150, 150, 150, 150, 300, 200].map((attempted, second) => ({
      elapsedMs: second * 1_000,
      attempted,
      accepted: attempted,
      failed: 0,
      open: 300,
    }));
    const verdict = judgeChurnSample({ load: { seconds } });
    expect(verdict).toMatchObject({ verdict: 'inconclusive', limitedBy: { kind: 'generator' } });
    expect(verdict.sentence).toMatch(/the generator made 69 % of its connects in time/);
  });

  it('does not doubt counts for a late worker or a full machine', () => {
    const verdict = judgeChurnSample({ load: { machineCpuRatio: 0.99 } });
    expect(verdict.verdict).toBe('pass');
    expect(seenOf(verdict, 'The machine was full')).toContain('the verdict does not depend on it');
  });

  it('doubts a time over its limit on a full machine, and does not call the machine harmless then', () => {
    const load = { machineCpuRatio: 0.99 };
    const releases = [{ after: 'churn', releasedMs: 1_200, waitedMs: 1_200, stillHeld: 0 }] as const;
    const verdict = judgeChurnSample({ load, record: { releases: [...releases] } });
    expect(verdict.sentence).toMatch(
      /^Inconclusive: every other check held, but time to release ended connections cannot be judged: over the limit/,
    );
    expect(seenOf(verdict, 'The machine was full')).not.toContain('the verdict does not depend on it');
  });

  it('says that a run was cut short', () => {
    const outcome = { state: 'interrupted', message: 'stopped by a signal in the churn' } as const;
    const verdict = judgeChurnSample({ record: { outcome, settled: null, end: null, load: null } });
    expect(verdict.sentence).toMatch(
      /^Inconclusive: the run was cut short: stopped by a signal in the churn/,
    );
  });

  it('does not blame a server for what other visitors of it may have left', () => {
    const verdict = judgeChurnSample({
      end: { structures: { 'hub.connections': 2 } },
      counters: { opened: 1_605 },
      record: { target: RUNNING },
    });
    expect(churnCheck(verdict, 'structures')).toMatchObject({ verdict: 'inconclusive', observed: 1 });
  });
});

describe('a run that was interrupted', () => {
  const healthy = sampleChurn().load;
  if (healthy === null) throw new Error('the sample has a load');
  const interrupted = (count: number) => [{ reason: 'interrupted', count }];
  const judged = (lost: number) =>
    judgeChurnSample({
      storm: null,
      counters: { heartbeatsMissed: 150 - lost },
      load: {
        state: 'interrupted',
        connect: {
          ...healthy.connect,
          attempted: 1_610,
          connected: 1_600 - lost,
          failures: [...interrupted(10), ...(lost > 0 ? [{ reason: 'http_503', count: lost }] : [])],
        },
        failures: interrupted(20),
        halfOpen: { ...healthy.halfOpen, detected: 150 - lost, cut: 50 },
      },
    });

  it('blames the server for nothing that we cut ourselves', () => {
    const verdict = judged(0);
    for (const name of ['not-connected', 'errors']) {
      expect(churnCheck(verdict, name).verdict).toBe('inconclusive');
    }
    expect(churnCheck(verdict, 'half-open-missed')).toMatchObject({ verdict: 'pass', observed: 0 });
    expect(verdict.limitedBy.kind).not.toBe('threshold');
  });

  it('blames it for the rest', () => {
    const verdict = judged(3);
    expect(churnCheck(verdict, 'not-connected')).toMatchObject({ verdict: 'fail', observed: 13 });
    expect(churnCheck(verdict, 'half-open-missed')).toMatchObject({ verdict: 'fail', observed: 3 });
  });
});

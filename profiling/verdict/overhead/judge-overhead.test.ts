import { describe, expect, it } from 'vitest';
import { analyseOverhead } from '../../analysis/overhead/analyse-overhead.ts';
import { type OverheadKnobs, sampleOverhead } from '../../testing/sample-overhead.ts';
import { sampleTier } from '../../testing/sample-tier.ts';
import { judgeOverhead } from './judge-overhead.ts';

function judge(knobs: OverheadKnobs = {}) {
  const record = sampleOverhead(knobs);
  const verdict = judgeOverhead(record, analyseOverhead(record));
  const check = (name: string) => verdict.checks.find((candidate) => candidate.name === name);
  return { ...verdict, check };
}

const fullMachine = { load: { machineCpuRatio: 0.97 } };
const lateReaders = {
  load: { workers: sampleTier(10).load.workers.map((worker) => ({ ...worker, loopDelayP99Ms: 60 })) },
};

describe('judgeOverhead', () => {
  it('finds what each way to run the server costs, however the machine drifts', () => {
    const { comparisons } = judge();
    const costs = comparisons.map(({ arm, cost }) => [arm, Math.abs(Math.round((cost?.mean ?? 1) * 100))]);
    expect(costs).toEqual([
      ['metrics', 1],
      ['debug-log', 0],
      ['cpu-profile', 10],
    ]);
    for (const { cost } of comparisons) expect((cost?.high ?? 1) - (cost?.low ?? 0)).toBeLessThan(0.02);
  });

  it('passes where the whole interval lies within the limit', () => {
    const { verdict, sentence, check, limitedBy } = judge();
    expect(verdict).toBe('pass');
    expect(sentence).toMatch(
      /^Pass: instrumentation takes 0\.79 % of the server's throughput \(95 % CI .*; limit ≤ 2\.0 %\), 0\.\d+ ms is added to the p99 of deliveries \(95 % CI .* ms; limit ≤ 5 ms\), and every message arrived once and in order\.$/,
    );
    expect(check('instrumentation-cost')).toMatchObject({ verdict: 'pass', threshold: 0.02, unit: 'ratio' });
    expect(limitedBy.kind).toBe('none');
  });

  it('says so where no cost can be seen', () => {
    expect(judge({ costs: { metrics: -0.004 } }).sentence).toMatch(
      /^Pass: no cost of instrumentation can be seen \(-0\.\d+ % of throughput/,
    );
  });

  it('fails where the whole interval lies beyond the limit, and says where to look', () => {
    const { verdict, sentence, findings } = judge({ costs: { metrics: 0.05 } });
    expect(verdict).toBe('fail');
    expect(sentence).toMatch(/^Fail: instrumentation takes [45]\.\d % /);
    expect(findings[0]).toMatchObject({
      title: 'Instrumentation costs more than it may',
      where: expect.stringContaining('server/observability/event-loop.ts'),
    });
  });

  it('is inconclusive where the limit lies inside, and says how many rounds would settle it', () => {
    const { verdict, sentence, check } = judge({ costs: { metrics: 0.015 }, scatter: 0.03 });
    expect(verdict).toBe('inconclusive');
    expect(check('instrumentation-cost')?.detail).toMatch(
      /about \d+ rounds .* would settle it \(--rounds \d+\)$/,
    );
    expect(sentence).toContain('would settle it');
  });

  it('is inconclusive of fewer than four rounds, however well they agree', () => {
    const { verdict, check } = judge({ rounds: 3, scatter: 0.0001 });
    expect(verdict).toBe('inconclusive');
    expect(check('instrumentation-cost')).toMatchObject({
      observed: null,
      detail: '3 rounds can be compared, 4 are needed',
    });
  });

  it('takes another limit', () => {
    expect(judge({ record: { thresholds: { 'instrumentation-cost': 0.001 } } }).verdict).toBe('fail');
    expect(
      judge({ costs: { metrics: 0.05 }, record: { thresholds: { 'instrumentation-cost': 0.1 } } }).verdict,
    ).toBe('pass');
  });

  it('leaves out a round in which the machine was full, and still passes with enough others', () => {
    const { verdict, check, comparisons, findings } = judge({
      turn: (round, arm) => (round === 3 && arm === 'metrics' ? fullMachine : {}),
    });
    expect(verdict).toBe('pass');
    expect(check('healthy-rig')).toMatchObject({
      observed: 1,
      verdict: 'pass',
      detail: expect.stringContaining('1 of 12 rounds left out; first because the machine'),
    });
    expect(comparisons.map(({ rounds }) => rounds.length)).toEqual([11, 12, 12]);
    expect(findings.map(({ seen }) => seen).join()).toContain('In round 3: the machine of the generator');
  });

  it('is inconclusive when most rounds must be left out', () => {
    const { verdict, sentence } = judge({ turn: (round) => (round > 5 ? fullMachine : {}) });
    expect(verdict).toBe('inconclusive');
    expect(sentence).toMatch(/^Inconclusive: the measurement cannot be trusted: 7 of 12 rounds left out/);
  });

  it('does not mind a rig that was unfit for servers that are not judged', () => {
    const { verdict, check, findings } = judge({
      turn: (_, server) => (server === 'cpu-profile' ? fullMachine : {}),
    });
    expect(verdict).toBe('pass');
    expect(check('healthy-rig')).toMatchObject({ observed: 0, verdict: 'pass' });
    expect(findings.map(({ seen }) => seen).join()).toContain('The verdict does not depend on it');
  });

  it('fails on a lost message whatever instrumentation costs, and names the server', () => {
    const { verdict, sentence, check } = judge({
      turn: (round, server) =>
        round === 2 && server === 'metrics' ? { ledger: { lost: 3, unique: 997, received: 997 } } : {},
    });
    expect(verdict).toBe('fail');
    expect(sentence).toContain('3 of 48,000 messages were lost');
    expect(check('lost')?.detail).toContain('with off and metrics');
  });

  it('does not trust books that disagree', () => {
    const { serverCounters } = sampleOverhead().turns[0]?.tier ?? {};
    if (serverCounters === undefined) throw new Error('the sample has turns');
    const { verdict, check } = judge({
      turn: (round, server) =>
        round === 1 && server === 'metrics'
          ? { tier: { serverCounters: { ...serverCounters, deliveries: 1_700 } } }
          : {},
    });
    expect(verdict).toBe('inconclusive');
    expect(check('healthy-rig')?.detail).toContain('unexplained');
  });

  it('takes the cost of a fault for what it is', () => {
    const { findings } = judge({ costs: { metrics: 0.4 }, record: { faults: ['slow-instruments=20ms'] } });
    expect(findings[0]).toMatchObject({
      title: 'The fault that is switched on costs CPU',
      where: expect.stringContaining('slow-instruments=20ms'),
    });
  });

  it('warns of figures taken under a profiler', () => {
    const titles = (knobs: OverheadKnobs) => judge(knobs).findings.map(({ title }) => title);
    expect(titles({})).toContain('A CPU profile changes what it measures');
    expect(titles({ costs: { metrics: 0.01 } })).not.toContain('A CPU profile changes what it measures');
  });

  it('passes nothing that was cut short or never began', () => {
    const interrupted = { state: 'interrupted', message: 'stopped by a signal in round 9' } as const;
    expect(judge({ record: { outcome: interrupted } })).toMatchObject({
      verdict: 'inconclusive',
      sentence: 'Inconclusive: the run was cut short: stopped by a signal in round 9.',
    });
    expect(judge({ rounds: 0 }).verdict).toBe('inconclusive');
  });

  it('cannot say of a server whose CPU time was not seen', () => {
    const record = sampleOverhead();
    const blind = {
      ...record,
      turns: record.turns.map(({ parts, ...turn }) => ({
        ...turn,
        parts: parts.map((part) => ({ ...part, cpuSeconds: null })),
      })),
    };
    const { verdict, checks } = judgeOverhead(blind, analyseOverhead(blind));
    expect(verdict).toBe('inconclusive');
    expect(checks.find(({ name }) => name === 'instrumentation-cost')?.observed).toBeNull();
  });
});

describe('judgeOverhead, of latency', () => {
  it('finds what each way to run the server adds, however the machine drifts', () => {
    const { comparisons } = judge({ addedMs: { metrics: 0.2, 'debug-log': 0, 'cpu-profile': 2 } });
    const means = comparisons.map(({ latency }) =>
      [latency.p50, latency.p99].map(({ difference }) => difference?.mean ?? Number.NaN),
    );
    // The slowest two in a hundred of the sample take three times as long.
    for (const [index, added] of [0.2, 0, 2].entries()) {
      expect(means[index]?.[0]).toBeCloseTo(added, 1);
      expect(means[index]?.[1]).toBeCloseTo(3 * added, 0);
    }
    expect(comparisons[0]?.latency.p50.ratio?.ratio).toBeCloseTo(1.1, 1);
  });

  it('fails where the whole interval lies beyond the limit, whatever the cost', () => {
    const { verdict, sentence, check, findings } = judge({ addedMs: { metrics: 3 } });
    expect(verdict).toBe('fail');
    expect(check('instrumentation-cost')?.verdict).toBe('pass');
    expect(check('instrumentation-latency')).toMatchObject({ verdict: 'fail', threshold: 5, unit: 'ms' });
    expect(sentence).toMatch(
      /^Fail: \d\.\d\d ms is added to the p99 of deliveries \(95 % CI .*; limit ≤ 5 ms\)\.$/,
    );
    expect(findings[0]).toMatchObject({
      title: 'Instrumentation delays deliveries more than it may',
      seen: expect.stringContaining('on top of their p50'),
      where: expect.stringContaining('server/observability/metrics.ts'),
    });
  });

  it('does not take noise for a delay, however large', () => {
    const { verdict, check } = judge({ addedMs: {}, jitterMs: 0.9 });
    expect(verdict).toBe('pass');
    expect(check('instrumentation-latency')?.verdict).toBe('pass');
  });

  it('is inconclusive where the limit lies inside, and says how many rounds would settle it', () => {
    const { verdict, sentence } = judge({ addedMs: { metrics: 1.5 }, jitterMs: 0.9 });
    expect(verdict).toBe('inconclusive');
    expect(sentence).toMatch(/ms is added to the p99 of deliveries .* would settle it \(--rounds \d+\)\.$/);
  });

  it('takes another limit', () => {
    const limit = (ms: number) => ({ record: { thresholds: { 'instrumentation-latency': ms } } });
    expect(judge(limit(0.01)).verdict).toBe('fail');
    expect(judge({ addedMs: { metrics: 3 }, ...limit(60) }).verdict).toBe('pass');
  });

  it('leaves out a round in which the generator read late; of its CPU time it counts', () => {
    const { verdict, comparisons, findings } = judge({ turn: (round) => (round < 4 ? lateReaders : {}) });
    expect(verdict).toBe('pass');
    expect(comparisons[0]?.rounds).toHaveLength(12);
    expect(comparisons[0]?.latency.p99.rounds).toHaveLength(9);
    expect(findings.map(({ seen }) => seen).join()).toContain('In rounds 1, 2 and 3: the event loop of');
  });

  it('is inconclusive where most rounds were read late, or the machine was full', () => {
    for (const broken of [lateReaders, fullMachine]) {
      const { verdict, check } = judge({ turn: (round) => (round > 5 ? broken : {}) });
      expect(verdict).toBe('inconclusive');
      expect(check('instrumentation-latency')).toMatchObject({
        verdict: 'inconclusive',
        observed: null,
        detail: '5 rounds can be compared, 6 are needed',
      });
    }
  });

  it('does not judge what was not kept, as in older runs', () => {
    const turn = (round: number) => (round === 3 ? fullMachine : {});
    const { verdict, check, sentence } = judge({ isTimed: false, turn });
    expect(verdict).toBe('pass');
    expect(check('instrumentation-latency')).toMatchObject({
      verdict: 'n/a',
      observed: null,
      detail: 'this run kept no latencies by arm',
    });
    expect(sentence).not.toContain('p99');
  });

  it('takes the delay of a fault for what it is', () => {
    const faults = ['slow-instruments=20ms'];
    const costly = { costs: { metrics: 0.4 }, addedMs: { metrics: 20 }, record: { faults } };
    expect(
      judge(costly)
        .findings.map(({ title }) => title)
        .slice(0, 2),
    ).toEqual(['The fault that is switched on costs CPU', 'The fault that is switched on delays deliveries']);
    const [first] = judge({ addedMs: { metrics: 20 }, record: { faults } }).findings;
    expect(first?.title).toBe('The fault that is switched on delays deliveries');
  });
});

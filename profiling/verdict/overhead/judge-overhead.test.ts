import { describe, expect, it } from 'vitest';
import { analyseOverhead } from '../../analysis/overhead/analyse-overhead.ts';
import { type OverheadKnobs, sampleOverhead } from '../../testing/sample-overhead.ts';
import { judgeOverhead } from './judge-overhead.ts';

function judge(knobs: OverheadKnobs = {}) {
  const record = sampleOverhead(knobs);
  const verdict = judgeOverhead(record, analyseOverhead(record));
  const check = (name: string) => verdict.checks.find((candidate) => candidate.name === name);
  return { ...verdict, check };
}

const fullMachine = { load: { machineCpuRatio: 0.97 } };

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
      /^Pass: instrumentation takes 0\.79 % of the server's throughput \(95 % CI .*; limit ≤ 2\.0 %\), and every message arrived once and in order\.$/,
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

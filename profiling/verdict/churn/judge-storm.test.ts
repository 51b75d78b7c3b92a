import { describe, expect, it } from 'vitest';
import { churnCheck, judgeChurnSample, ledgerOf, seenOf } from '../../testing/sample-churn.ts';

describe('the storm', () => {
  it('fails when some do not come back, and does not when the load side turned them away', () => {
    const away = (reason: string) =>
      judgeChurnSample({
        storm: {
          recovered: 495,
          failures: [{ reason, count: 5 }],
          results: [{ reason: 'recovered', count: 495 }],
        },
      });
    expect(churnCheck(away('http_503'), 'not-recovered')).toMatchObject({
      verdict: 'fail',
      observed: 5,
      detail: 'of 500 clients: http_503 × 5',
    });
    for (const own of ['EMFILE', 'interrupted']) {
      expect(churnCheck(away(own), 'not-recovered').verdict).toBe('inconclusive');
    }
  });

  it('fails when some come back without what they missed', () => {
    const results = [
      { reason: 'recovered', count: 480 },
      { reason: 'too_old', count: 20 },
    ];
    const verdict = judgeChurnSample({ storm: { results } });
    expect(churnCheck(verdict, 'not-recovered')).toMatchObject({ verdict: 'fail', observed: 20 });
    expect(verdict.sentence).toContain('too_old × 20');
  });
});

describe('what is lost because the history was too short', () => {
  const ledger = ledgerOf({ lost: 100 });
  const results = [
    { reason: 'recovered', count: 490 },
    { reason: 'gap_too_old', count: 10 },
  ];

  it('is told as that, and not as messages that went astray', () => {
    const verdict = judgeChurnSample({ storm: { ledger, results, missed: 11_000, givenBack: 10_900 } });
    expect(verdict.sentence).toMatch(/^Fail: 100 of .* lost .*, gone from the history before their clients/);
    expect(seenOf(verdict, 'The storm left clients behind')).toContain('All 100 lost messages are theirs.');
    expect(verdict.findings.map(({ title }) => title)).not.toContain(
      'Messages were lost, and the server does not know it',
    );
  });

  it('does not cover up a loss that is larger', () => {
    const verdict = judgeChurnSample({ storm: { ledger, results, missed: 11_000, givenBack: 10_901 } });
    expect(seenOf(verdict, 'Messages were lost, and the server does not know it')).toBeDefined();
    expect(seenOf(verdict, 'The storm left clients behind')).not.toContain('lost');
  });
});

describe('connects that ran out of time', () => {
  const late = (reason: string, machineCpuRatio: number) =>
    judgeChurnSample({
      load: { machineCpuRatio },
      storm: {
        recovered: 495,
        failures: [{ reason, count: 5 }],
        results: [{ reason: 'recovered', count: 495 }],
      },
    });

  it.each([
    ['timeout', 0.99, 'inconclusive'],
    ['timeout', 0.5, 'fail'],
    ['http_503', 0.99, 'fail'],
  ] as const)('%s on a machine that is %d busy: %s', (reason, ratio, word) => {
    const verdict = late(reason, ratio);
    expect(verdict.verdict).toBe(word);
    expect(churnCheck(verdict, 'not-connected')).toMatchObject({ verdict: word, observed: 5 });
    expect(churnCheck(verdict, 'not-recovered')).toMatchObject({ verdict: word, observed: 5 });
  });

  it('names the place where clients wait, or where they are refused', () => {
    const whereOf = (reason: string) =>
      late(reason, 0.5).findings.find(({ title }) => title === 'The storm left clients behind')?.where;
    expect(whereOf('timeout')).toContain('the accept queue');
    expect(whereOf('http_503')).toContain('upgrade-gate.ts');
  });
});

import { describe, expect, it } from 'vitest';
import { SCENARIO_TITLES } from '../../scenarios/scenario-titles.ts';
import { type OverheadKnobs, sampleOverhead } from '../../testing/sample-overhead.ts';
import { sampleRecord } from '../../testing/sample-record.ts';
import { sampleTier, type TierKnobs } from '../../testing/sample-tier.ts';
import { judgedConcurrency } from '../concurrency/judged-concurrency.ts';
import type { JudgedRun } from '../judged-run.ts';
import { judgedOverhead } from '../overhead/judged-overhead.ts';
import { renderMarkdown } from '../render-markdown.ts';
import { baselineReport } from './baseline-report.ts';
import { fixNext } from './fix-next.ts';

const concurrency = (knobs: TierKnobs = {}) =>
  judgedConcurrency(
    sampleRecord({ tiers: [500, 1_000].map((count) => sampleTier(count, { durationMs: 2_000, ...knobs })) }),
  );
const overhead = (knobs: OverheadKnobs = {}) => judgedOverhead(sampleOverhead(knobs));
const markdownOf = (...runs: readonly JudgedRun[]) =>
  renderMarkdown(baselineReport({ runs, titles: SCENARIO_TITLES }), String);

describe('baselineReport', () => {
  const markdown = markdownOf(concurrency(), overhead());

  it('has a section for each scenario: command, verdict, checks, figures, results, findings', () => {
    const sections = [...markdown.matchAll(/^## (.*)$/gm)].map(([, title]) => title);
    expect(sections).toEqual([
      'What this is',
      'Environment',
      'concurrency',
      'overhead',
      'What we would fix next',
    ]);
    for (const scenario of ['concurrency', 'overhead']) {
      for (const part of ['Checks', 'Key figures', 'Results', 'Findings']) {
        expect(markdown).toContain(`### ${part} of ${scenario}`);
      }
    }
    expect(markdown).toContain('npm run profile:overhead -- --seed 42');
    expect(markdown).toContain('**Pass: instrumentation takes 0.79 %');
    expect(markdown).toMatch(/^\| 1,000\/1,000 \| /m);
  });

  it('says what is missing, and what ran quick', () => {
    expect(markdown).toContain('Not in this baseline: broadcast, memory, churn and firehose.');
    expect(markdown).not.toContain('A trial');
    expect(markdownOf(overhead({ record: { quick: true } }))).toContain('A trial: overhead ran quick');
    expect(markdownOf(overhead({ record: { faults: ['slow-loop=100ms'] } }))).toContain(
      'this is no baseline',
    );
  });

  it('names no path, no address and no link of the machine it was made on', () => {
    expect(markdown).not.toMatch(/127\.0\.0\.1|localhost|\]\(|(^|[\s`(])\/[a-z]+\//m);
  });

  it('stands when there is nothing', () => {
    expect(markdownOf()).toContain(
      'Not in this baseline: concurrency, broadcast, memory, churn, firehose and overhead.',
    );
  });
});

describe('fixNext', () => {
  it('begins with what failed in the code, with its figure', () => {
    const lossy = concurrency({ ledger: { lost: 20, unique: 9_980, received: 9_980 } });
    const [first] = fixNext([overhead(), lossy]);
    expect(first).toMatchObject({
      scenario: 'concurrency',
      what: expect.stringContaining('Messages were lost'),
      where: expect.stringContaining('server/hub/fan-out.ts'),
      because: expect.stringContaining('40 of '),
    });
  });

  it('asks for a second run of what is in doubt, and takes no figure from it', () => {
    const doubtful = overhead({ rounds: 3 });
    expect(fixNext([doubtful])).toEqual([
      expect.objectContaining({
        what: 'This scenario has no verdict yet',
        because: doubtful.verdict.sentence,
      }),
    ]);
  });

  it('names what is near its limit, the nearest first, and three at most', () => {
    const near = fixNext([
      concurrency({ delayMs: 2 }),
      overhead({ costs: { metrics: 0.017 }, scatter: 0.001 }),
    ]).filter(({ what }) => what.endsWith('is near its limit'));
    expect(near.length).toBeLessThanOrEqual(3);
    expect(near.map(({ what }) => what)).toEqual(
      expect.arrayContaining([
        'Delivery latency p50 is near its limit',
        'Cost of instrumentation is near its limit',
      ]),
    );
    const used = near.map(({ because }) => Number(/: ([\d.]+) % of it is used/.exec(because)?.[1]));
    expect(used).toEqual([...used].sort((a, b) => b - a));
    for (const share of used) expect(share).toBeGreaterThanOrEqual(50);
  });

  it('has nothing to say of a server that holds everything with room', () => {
    const easy = overhead({ costs: { metrics: 0.002 }, scatter: 0.001 });
    expect(fixNext([easy])).toEqual([]);
    expect(markdownOf(easy)).toContain('Nothing: no scenario failed');
  });
});

import { describe, expect, it } from 'vitest';
import { sampleReport } from '../../testing/sample-generators.ts';
import { generatorsSection, generatorsText } from './generators-section.ts';

const report = sampleReport();

describe('what bench:generators shows', () => {
  it('is as it was in BENCHMARKS.md', async () => {
    await expect(`${generatorsSection(report)}\n`).toMatchFileSnapshot('golden/generators.md');
  });

  it('is as it was on the terminal', async () => {
    await expect(`${generatorsText(report)}\n`).toMatchFileSnapshot('golden/generators.txt');
  });

  it('has a sentence for everything that went wrong', () => {
    expect(report.problems).toEqual([
      'k6 (speed, a write every 1 ms, round 3): expected 100 connections to read everything within 60 s; 98 did',
      'plain ws script (answers, 1 % of deliveries dropped, round 1): counted 59 lost, where 60 were dropped',
    ]);
  });
});

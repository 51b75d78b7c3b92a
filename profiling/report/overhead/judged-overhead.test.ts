import { describe, expect, it } from 'vitest';
import { sampleOverhead } from '../../testing/sample-overhead.ts';
import { renderHtml } from '../render-html.ts';
import { renderMarkdown } from '../render-markdown.ts';
import { judgedOverhead } from './judged-overhead.ts';

const href = (name: string): string => `${name}.svg`;

describe('judgedOverhead', () => {
  const run = judgedOverhead(sampleOverhead());
  const markdown = renderMarkdown(run.report, href);

  it('has a row for each server, in the terminal and in the report', () => {
    expect(run.tables[0]?.map(([server]) => server)).toEqual([
      'server',
      'off',
      'metrics',
      'twin',
      'debug-log',
      'cpu-profile',
    ]);
    for (const arm of ['off', 'metrics', 'twin', 'debug-log', 'cpu-profile']) {
      expect(markdown).toMatch(new RegExp(`^\\| \\*\\*${arm}\\*\\* \\| \\d`, 'm'));
    }
    expect(markdown).toContain('`LOG_LEVEL=trace`');
  });

  it('says whose turn was not in every round', () => {
    expect(markdown).not.toContain('servers of their own');
    const record = sampleOverhead();
    const turns = record.turns.filter(
      ({ round, parts }) => parts[0]?.arm !== 'cpu-profile' || round % 3 === 1,
    );
    const { report } = judgedOverhead({ ...record, turns });
    expect(renderMarkdown(report, href)).toContain('cpu-profile ran beside it');
  });

  it('draws the means with their intervals, and every round', () => {
    expect(markdown).toContain(
      '![Throughput for CPU time beside what each is compared with: metrics costs 0.79 %',
    );
    expect(markdown).toContain('(rounds.svg)');
    expect(renderHtml(run.report)).not.toMatch(/NaN|undefined|null/);
  });

  it('answers what metrics and a CPU profile cost', () => {
    expect(run.highlights).toEqual([
      { question: 'Cost of metrics', answer: expect.stringMatching(/^0\.79 % \(/) },
      { question: 'Cost of a CPU profile', answer: expect.stringMatching(/^10\.0 % \(/) },
    ]);
  });

  it('stands when nothing was measured', () => {
    const nothing = judgedOverhead(
      sampleOverhead({ rounds: 0, record: { outcome: { state: 'interrupted', message: 'stopped' } } }),
    );
    expect(nothing.highlights).toEqual([]);
    expect(renderMarkdown(nothing.report, href)).toContain('Nothing was measured.');
    expect(renderHtml(nothing.report)).not.toMatch(/NaN|undefined|null|Infinity/);
  });
});

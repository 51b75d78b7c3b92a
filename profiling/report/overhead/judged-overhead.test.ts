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
    const latency = String.raw`of throughput and -?\d\.\d+ ms \(.*\) of p99, 95 % interval in brackets$`;
    expect(run.highlights).toEqual([
      {
        question: 'Cost of metrics',
        answer: expect.stringMatching(new RegExp(String.raw`^0\.79 % \(.*\) ${latency}`)),
      },
      {
        question: 'Cost of a CPU profile',
        answer: expect.stringMatching(new RegExp(String.raw`^10\.0 % \(.*\) ${latency}`)),
      },
    ]);
  });

  it('shows what each adds to the latency, in the terminal and in the report, and draws it', () => {
    const [, latencies] = run.tables;
    expect(latencies?.[0]).toEqual(['server', 'p50', 'p99', 'added to p50', 'added to p99', 'rounds']);
    expect(latencies?.map(([server]) => server).slice(1)).toEqual([
      'off',
      'metrics',
      'twin',
      'debug-log',
      'cpu-profile',
    ]);
    expect(latencies?.[2]).toEqual([
      'metrics',
      expect.stringMatching(/^2\.\d+ ms$/),
      expect.stringMatching(/^[67]\.\d+ ms$/),
      expect.stringMatching(/^0\.\d+ ms \(0\.\d+ ms to 0\.\d+ ms\)$/),
      expect.stringMatching(/^0\.\d+ ms \(0\.\d+ ms to 0\.\d+ ms\)$/),
      '12',
    ]);
    expect(markdown).toMatch(/^\| \*\*metrics\*\* \(p99 judged\) \| 2\.\d+ ms \|.* 1\.\d\d × \(/m);
    expect(markdown).toContain('![p99 delivery latency in each of 12 rounds with and without metrics');
  });

  it('shows older runs, which kept no latencies, without them', () => {
    const older = judgedOverhead(sampleOverhead({ isTimed: false }));
    const text = renderMarkdown(older.report, href);
    expect(older.tables).toHaveLength(1);
    expect(older.notes).toHaveLength(1);
    expect(older.highlights[0]?.answer).toMatch(/ of throughput, 95 % interval in brackets$/);
    expect(text).not.toContain('delivery latency');
    expect(text).not.toMatch(/NaN|undefined|null/);
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

import { describe, expect, it } from 'vitest';
import { sampleBroadcast } from '../../testing/sample-broadcast.ts';
import { renderHtml } from '../render-html.ts';
import { renderMarkdown } from '../render-markdown.ts';
import { judgedBroadcast } from './judged-broadcast.ts';

const judged = judgedBroadcast(sampleBroadcast());
const markdown = renderMarkdown(judged.report, (name) => `${name}.svg`);

describe('the report of a broadcast run', () => {
  it('is as it was in Markdown', async () => {
    await expect(markdown).toMatchFileSnapshot('../golden/broadcast.md');
  });

  it('has the sections that a reader looks for, and the same charts in HTML', () => {
    expect(judged.report.sections.map(({ id }) => id)).toEqual([
      ...[
        'checks',
        'what-was-run',
        'search',
        'charts',
        'fan-out',
        'server',
        'closed',
        'slow-readers',
        'findings',
      ],
      ...['validity', 'settings', 'environment', 'repeat'],
    ]);
    const html = renderHtml(judged.report);
    for (const name of [
      'latency-over-rate',
      'fan-out-over-rate',
      'latency-by-position',
      'server-over-rate',
      'slow-readers',
    ]) {
      expect(html).toContain(`id="chart-${name}"`);
    }
    expect(html).not.toMatch(/NaN|undefined/);
  });

  it('is drawn of what there is when nothing or little was measured', () => {
    const outcome = { state: 'interrupted', message: 'stopped' } as const;
    for (const steps of [[], sampleBroadcast().steps.slice(0, 1)]) {
      const { report, tables, highlights } = judgedBroadcast(
        sampleBroadcast({ outcome, steps, closed: null, slowReaders: [] }),
      );
      expect(renderHtml(report)).not.toMatch(/NaN|undefined|Infinity/);
      expect(tables.length + highlights.length === 0).toBe(steps.length === 0);
    }
  });

  it('says first what an engineer looks for first', () => {
    const [first, second] = judged.highlights;
    expect(first?.question).toBe('Broadcasts a second to 100 members');
    expect(first?.answer).toMatch(/^400; at 1,600\/s limits broke/);
    expect(second?.question).toBe('At 400 broadcasts/s');
  });
});

import { describe, expect, it } from 'vitest';
import { sampleCell, sampleFirehose } from '../../testing/sample-firehose.ts';
import { renderHtml } from '../render-html.ts';
import { renderMarkdown } from '../render-markdown.ts';
import { judgedFirehose } from './judged-firehose.ts';

const judged = judgedFirehose(sampleFirehose());
const markdown = renderMarkdown(judged.report, (name) => `${name}.svg`);

describe('the report of a firehose run', () => {
  it('is as it was in Markdown', async () => {
    await expect(markdown).toMatchFileSnapshot('../golden/firehose.md');
  });

  it('begins with the one table, and has the sections that a reader looks for', () => {
    expect(judged.report.sections.map(({ id }) => id)).toEqual([
      ...['comparison', 'checks', 'what-was-run', 'search', 'charts', 'journey', 'slow-readers', 'modes'],
      ...['many-readers', 'reader-kinds', 'sources', 'engines', 'findings', 'validity', 'settings'],
      ...['environment', 'repeat'],
    ]);
  });

  it('has the same charts in HTML', () => {
    const html = renderHtml(judged.report);
    for (const name of ['rates-json', 'rates-binary', 'latency-by-rate', 'slow-readers', 'modes']) {
      expect(html).toContain(`id="chart-${name}"`);
    }
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('names what could not be measured', () => {
    expect(markdown).toContain('**Not measured: engine uws.**');
    expect(judged.notes.join('\n')).toContain('Not measured: engine uws. TL_CONFIG_INVALID');
  });

  it('says how many messages each buffer holds', () => {
    // 6,291,456 bytes of 50 and 20 bytes, with a header of 2.
    expect(markdown).toMatch(/the kernel's receive buffer .* \| 120,989 \| 285,975 \|/);
    expect(markdown).toContain('80,769 messages of 50 bytes or 190,909 of 20');
  });

  it('marks an efficiency that is the reader’s', () => {
    expect(markdown).toContain('50 % (misleading: slow reader)');
  });

  it('has the ancestors beside the target', () => {
    expect(judged.tables[1]?.map(([who]) => who)).toEqual([
      'target',
      'engine ws',
      'ancestor, naive',
      'ancestor, native reader',
      'ancestor, wanted',
    ]);
    expect(markdown).toContain('| ancestor, wanted | JSON |  |  | 400,000/s |  | 1.38 × |');
  });

  it('is drawn of what there is when nothing or little was measured', () => {
    const outcome = { state: 'interrupted', message: 'stopped' } as const;
    for (const cells of [[], [sampleCell('search', 100_000, { kind: 'sweep' })]]) {
      const some = judgedFirehose(sampleFirehose({ outcome, cells, buffers: null, notMeasured: [] }));
      expect(renderHtml(some.report)).not.toMatch(/NaN|undefined|Infinity/);
      expect(some.tables.length === 0).toBe(cells.length === 0);
    }
  });

  it('says first what an engineer looks for first', () => {
    const [first, second] = judged.highlights;
    expect(first?.answer).toMatch(/^1,000,000 in JSON and 1,000,000 in binary; nothing gave way/);
    expect(second?.answer).toContain('1,000,000/s JSON (confirmation): 999,000/s received (99.90 %)');
  });
});

import { describe, expect, it } from 'vitest';
import { sampleEndpoint, sampleHttp, samplePublish } from '../../testing/sample-http.ts';
import { renderHtml } from '../render-html.ts';
import { renderMarkdown } from '../render-markdown.ts';
import { judgedHttp } from './judged-http.ts';

const href = (name: string): string => `${name}.svg`;

/** Everything that a table can tell: a status, a cut, a time-out, counts that differ, a server that shows nothing. */
const TROUBLED = sampleHttp({
  target: { ...sampleHttp().target, kind: 'running', url: 'http://127.0.0.1:3000' },
  endpoints: [
    sampleEndpoint('livez', { cannonCpuRatio: 0.93 }),
    sampleEndpoint('/a/path/that/is/long?with=<b>&c=|', {
      statuses: [{ status: 429, count: 40, sample: '<script>slow down</script>' }],
      failures: [
        { reason: 'timeout', count: 3 },
        { reason: 'answer_cut', count: 2 },
      ],
      load: { givenUp: 1 },
      record: { path: '/a/path/that/is/long?with=<b>&c=|' },
    }),
    samplePublish({ record: { counted: { byStatus: { 201: 12_000 }, broadcasts: 11_990 } } }),
  ],
});

describe('the report of an HTTP run', () => {
  it.each([
    ['http', sampleHttp()],
    ['http-troubled', TROUBLED],
  ] as const)('is as it was in Markdown: %s', async (name, record) => {
    await expect(renderMarkdown(judgedHttp(record).report, href)).toMatchFileSnapshot(`../golden/${name}.md`);
  });

  it('has the sections that a reader looks for, and the same charts in HTML', () => {
    const { report } = judgedHttp(sampleHttp());
    expect(report.sections.map(({ id }) => id)).toEqual([
      ...['checks', 'what-was-run', 'endpoints', 'charts', 'findings'],
      ...['validity', 'settings', 'environment', 'repeat'],
    ]);
    const html = renderHtml(report);
    for (const name of ['requests', 'latency']) expect(html).toContain(`id="chart-${name}"`);
    expect(html).not.toMatch(/NaN|undefined|null|Infinity/);
  });

  it('says "closed" wherever rates and times stand', () => {
    const { report, notes, highlights } = judgedHttp(sampleHttp());
    expect(report.title).toContain('closed');
    expect(report.sentence).toContain('closed load');
    expect(notes[0]).toMatch(/^Closed load/);
    expect(highlights[0]?.question).toContain('closed');
    const charts = report.sections.flatMap(({ blocks }) =>
      blocks.flatMap((block) => (block.kind === 'charts' ? block.charts : [])),
    );
    for (const { title } of charts) expect(title).toContain('closed');
  });

  it('lets nothing through that a foreign server said', () => {
    const html = renderHtml(judgedHttp(TROUBLED).report);
    expect(html).toContain('&lt;script&gt;slow down');
    expect(html).not.toMatch(/<script/);
  });

  it('stands when nothing was measured', () => {
    const outcome = { state: 'interrupted', message: 'stopped' } as const;
    const { report, tables, highlights } = judgedHttp(sampleHttp({ outcome, endpoints: [] }));
    expect(renderHtml(report)).not.toMatch(/NaN|undefined|null|Infinity/);
    expect([tables, highlights]).toEqual([[], []]);
    expect(renderMarkdown(report, href)).toContain('Nothing was measured.');
  });

  it('has a row for each endpoint in the terminal', () => {
    const { tables } = judgedHttp(sampleHttp());
    expect(tables[0]?.map(([name]) => name)).toEqual(['endpoint', 'livez', 'page', 'publish']);
  });
});

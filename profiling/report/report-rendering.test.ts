import { describe, expect, it } from 'vitest';
import { sampleRecord } from '../testing/sample-record.ts';
import { healthyRun, judged, troubledRun } from '../testing/sample-report.ts';
import { sampleTier } from '../testing/sample-tier.ts';
import { boardLink } from './board-link.ts';
import { concurrencyReport, type JudgedConcurrency } from './concurrency/concurrency-report.ts';
import { renderHtml } from './render-html.ts';
import { renderMarkdown } from './render-markdown.ts';
import type { ReportDocument } from './report-document.ts';

const reportOf = (run: JudgedConcurrency): ReportDocument => ({
  ...concurrencyReport(run),
  board: boardLink(run.record),
});
const RUNS = [
  ['healthy', reportOf(healthyRun())],
  ['troubled', reportOf(troubledRun())],
] as const;
const href = (name: string): string => `${name}.svg`;
const chartsOf = (report: ReportDocument) =>
  report.sections
    .flatMap((section) => section.blocks)
    .flatMap((block) => (block.kind === 'charts' ? block.charts : []));

describe.each(RUNS)('the report of a %s run', (name, report) => {
  it('is as it was in Markdown', async () => {
    await expect(renderMarkdown(report, href)).toMatchFileSnapshot(`golden/${name}.md`);
  });

  it('is as it was in HTML', async () => {
    await expect(renderHtml(report)).toMatchFileSnapshot(`golden/${name}.html`);
  });

  it('is the same when it is built again', () => {
    const again = reportOf(name === 'healthy' ? healthyRun() : troubledRun());
    expect(renderHtml(again)).toBe(renderHtml(report));
    expect(chartsOf(again).map((chart) => chart.svg)).toEqual(chartsOf(report).map((chart) => chart.svg));
  });

  it('has ids that are unique in the page, and references that lead somewhere', () => {
    const html = renderHtml(report);
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of html.matchAll(/(?:url\(|href=")#([^")]+)/g)) expect(ids).toContain(target);
  });

  it('fetches nothing and runs nothing', () => {
    const html = renderHtml(report);
    expect(html).not.toMatch(/<script|<img|<iframe|@import|\ssrc=|url\((?!#)/i);
    expect(
      [...html.matchAll(/href="([^"]*)"/g)]
        .map((match) => match[1])
        .filter((target) => target !== 'data:,' && !target?.startsWith('#')),
    ).toEqual([report.board?.replaceAll('&', '&amp;')]);
  });

  it('draws with variables in the page and with fixed colours in files', () => {
    for (const chart of chartsOf(report)) {
      expect(chart.inlineSvg).toContain('var(--chart-');
      expect(chart.inlineSvg).not.toMatch(/="#[0-9a-f]{6}"/);
      expect(chart.svg).not.toContain('var(');
      expect(chart.svg).toMatch(/^<svg width="540" height="320" xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
      expect(`${chart.svg}${chart.inlineSvg}${chart.narrowSvg}`).not.toMatch(
        /NaN|undefined|zr\d|ecmeta|<style/,
      );
    }
  });

  it('opens with the verdict', () => {
    const [title, ...rest] = renderMarkdown(report, href).split('\n\n');
    expect(title).toBe('# WebSocket profile');
    expect(rest.slice(0, 3).join('\n')).toContain(report.sentence.split(':')[0]);
  });
});

describe('reports', () => {
  it('announce a fault and an interrupt before the verdict', () => {
    const [, fault, interrupt, verdict] = renderMarkdown(concurrencyReport(troubledRun()), href).split(
      '\n\n',
    );
    expect(fault).toContain('`drop-deliveries=1%`');
    expect(interrupt).toContain('interrupted: stopped by Ctrl-C');
    expect(verdict).toContain('Fail: 202 of');
  });

  it('escape what comes from a run', () => {
    const html = renderHtml(concurrencyReport(troubledRun()));
    expect(html).toContain('&lt;b&gt;x&lt;/b&gt;|y');
    expect(html).not.toContain('<b>x</b>');
    const hostile = judged(
      sampleRecord({
        tiers: [],
        outcome: { state: 'aborted', code: 'TL_TARGET_DIED', message: 'a <img src=x> | b\n\n# c *d* [e](f)' },
      }),
    );
    const markdown = renderMarkdown(concurrencyReport(hostile), href);
    expect(markdown).toContain('a \\<img src=x> \\| b # c \\*d\\* \\[e\\](f)');
    expect(markdown).not.toContain('\n# c');
  });

  it('are written for a run without a tier, with one tier, and for a target that shows nothing', () => {
    const empty = concurrencyReport(judged(sampleRecord({ tiers: [] })));
    expect(chartsOf(empty)).toEqual([]);
    expect(renderHtml(empty)).toContain('No tier was measured.');
    const blind = sampleTier(10);
    const nothing = Object.fromEntries(
      Object.keys(blind.serverWindow).map((name) => [name, null]),
    ) as typeof blind.serverWindow;
    const record = sampleRecord({
      idle: { memory: null, cpuCores: null },
      calibration: null,
      tiers: [{ ...blind, memory: null, serverSamples: [], serverWindow: nothing }],
    });
    const report = concurrencyReport(judged(record));
    expect(chartsOf(report).map((chart) => chart.name)).toEqual([
      'delivery-latency',
      'latency-over-time',
      'connections',
      'server-load',
    ]);
    expect(renderMarkdown(report, href)).not.toMatch(/NaN|undefined|null/);
    expect(renderHtml(report)).not.toMatch(/NaN|undefined|null/);
  });
});

import { describe, expect, it } from 'vitest';
import { judgeRecord } from '../../cli/judge-record.ts';
import { verdictText } from '../../cli/verdict-text.ts';
import { parseRunRecord } from '../../record/parse-run-record.ts';
import type { RunEnvelope } from '../../record/run-envelope.ts';
import { sampleRecord } from '../../testing/sample-record.ts';
import { renderHtml } from '../render-html.ts';
import { renderMarkdown } from '../render-markdown.ts';

const UNDER_TOOL: Pick<RunEnvelope, 'tool' | 'artefacts'> = {
  tool: { title: 'clinic doctor 13.0.0', cost: 'It costs something.', failure: null },
  artefacts: [{ title: 'Doctor', file: 'doctor.html', note: 'Doctor sees no problem.' }],
};
const FILES = { runFile: 'run.json', reportFile: 'report.md', htmlFile: 'report.html' };

function reportOf(changes: Partial<RunEnvelope>) {
  // As it is read from a file.
  const record = parseRunRecord(JSON.parse(JSON.stringify(sampleRecord(changes))), 'run.json');
  const judged = judgeRecord(record);
  return { judged, markdown: renderMarkdown(judged.report, (name) => name), html: renderHtml(judged.report) };
}

describe('a run under a tool', () => {
  const { judged, markdown, html } = reportOf(UNDER_TOOL);

  it('links what was drawn right behind the checks, with its words', () => {
    expect(judged.report.sections.map(({ id }) => id).slice(0, 2)).toEqual(['checks', 'artefacts']);
    expect(markdown).toContain('## What clinic doctor 13.0.0 drew');
    expect(markdown).toMatch(/\[Doctor\]\(doctor\.html\).*Doctor sees no problem\./);
    expect(html).toContain('href="doctor.html"');
  });

  it('says before everything else that its figures are not those of the server alone', () => {
    const words =
      'The server ran under clinic doctor 13.0.0. It costs something. The verdict is one on both together, for information: npm run profile:concurrency judges the server alone.';
    for (const text of [markdown, html]) expect(text).toContain(words);
    expect(verdictText(judged, FILES).startsWith(words)).toBe(true);
  });

  it('says when the tool left nothing', () => {
    const tool = {
      title: '0x 6.0.0',
      cost: 'Little.',
      failure: 'expected it to write flame.html; it wrote none\n  log',
    };
    const failed = reportOf({ tool });
    expect(failed.markdown).toContain(
      '0x 6.0.0 left no result: expected it to write flame.html; it wrote none',
    );
    expect(failed.markdown).not.toContain('  log');
  });
});

describe('a run by itself', () => {
  it('has no such section and no such warning', () => {
    const { judged } = reportOf({});
    expect(judged.report.sections.some(({ id }) => id === 'artefacts')).toBe(false);
    expect(judged.report.warnings).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { BROKEN_RUN, failedRun, overheadRun, passedRun } from '../../testing/sample-summary.ts';
import { renderHtml } from '../render-html.ts';
import { renderMarkdown } from '../render-markdown.ts';
import { isCode, type SummaryRun, summarise } from './summary.ts';
import { summaryReport } from './summary-report.ts';

const passed = passedRun();
const failed = failedRun();
const overhead = overheadRun();
const doubtful = overheadRun({ rounds: 3 });

function reportOf(...runs: readonly SummaryRun[]) {
  return summaryReport({
    summary: summarise(runs),
    hrefOf: ({ scenario }) => `${scenario}-profile.md`,
    startedAt: Date.UTC(2026, 10, 21),
    finishedAt: Date.UTC(2026, 10, 21) + 74_000,
    command: 'npm run profile -- --seed 42',
  });
}
const markdownOf = (...runs: readonly SummaryRun[]) => renderMarkdown(reportOf(...runs), String);

describe('summarise', () => {
  it('passes when all passed, and names them', () => {
    expect(summarise([passed, overhead])).toMatchObject({
      verdict: 'pass',
      sentence: 'Pass: concurrency and overhead passed.',
      repairs: [],
      nextStep: { command: 'npm run baseline' },
    });
  });

  it('fails when one failed, and says why', () => {
    const summary = summarise([failed, overhead]);
    expect(summary.verdict).toBe('fail');
    expect(summary.sentence).toMatch(
      /^Fail: concurrency failed \(20 of 2,000 messages were lost.*\); overhead passed\.$/,
    );
    expect(summary.nextStep.text).toMatch(/^Begin with concurrency: Messages were lost/);
    expect(summary.nextStep.command).toMatch(/^npm run profile:concurrency -- /);
  });

  it('is inconclusive when one is in doubt, or could not be measured', () => {
    expect(summarise([passed, doubtful])).toMatchObject({
      verdict: 'inconclusive',
      sentence: expect.stringMatching(
        /overhead is in doubt \(too little was measured.*\); concurrency passed\.$/,
      ),
    });
    expect(summarise([passed, BROKEN_RUN])).toMatchObject({
      verdict: 'inconclusive',
      sentence: 'Inconclusive: memory could not be measured (TL_TARGET_UNREACHABLE); concurrency passed.',
      nextStep: { command: 'npm run profile:memory -- --quick' },
    });
    expect(summarise([])).toMatchObject({ verdict: 'inconclusive' });
  });

  it('keeps a failure a failure beside what is in doubt', () => {
    expect(summarise([doubtful, failed, BROKEN_RUN]).verdict).toBe('fail');
  });

  it('names code to fix of failed runs only', () => {
    expect(summarise([failed]).repairs.map(({ finding }) => finding.where)).toEqual([
      expect.stringContaining('server/hub/fan-out.ts'),
    ]);
    expect(summarise([passed, overhead]).repairs).toEqual([]);
  });

  it('recommends a thing once', () => {
    const { recommendations } = summarise([overhead, overhead]);
    const todos = recommendations.map(({ finding }) => finding.todo);
    expect(new Set(todos).size).toBe(todos.length);
    expect(todos).toContain('Take shares from a profile, and throughput and latency from a run without one.');
  });

  it.each([
    ['server/hub/hub.ts:118, Hub.disconnected', true],
    ['between server/hub/fan-out.ts and the clients', true],
    ['the machine of the generator', false],
    ['the fault leak-timers=100%', false],
  ])('takes "%s" for code: %s', (where, expected) => {
    expect(isCode({ title: '', seen: '', todo: '', where })).toBe(expected);
  });
});

describe('SUMMARY.md', () => {
  const markdown = markdownOf(failed, overhead, BROKEN_RUN);

  it('has a row for each scenario, with its verdict and its report', () => {
    expect(markdown).toMatch(
      /^\| \*\*concurrency\*\* \| \*\*FAIL\*\* \| .*\[concurrency-profile\.md\]\(concurrency-profile\.md\) \|$/m,
    );
    expect(markdown).toMatch(/^\| \*\*overhead\*\* \| pass \| .*% of throughput taken by metrics \|/m);
    expect(markdown).toMatch(/^\| \*\*memory\*\* \| \*\*not measured\*\* \| – \| `TL_TARGET_UNREACHABLE`/m);
  });

  it('answers what an engineer looks for first', () => {
    expect(markdown).toContain('- **Connections before degradation**: ');
    expect(markdown).toContain('- **Cost of metrics**: ');
  });

  it('has every section, and the checks that did not pass alone', () => {
    const sections = [...markdown.matchAll(/^## (.*)$/gm)].map(([, title]) => title);
    expect(sections).toEqual([
      'What was run',
      'Key findings',
      'Checks that did not pass',
      'Code locations to fix',
      'Recommendations',
      'Next step',
      'Environment',
      'Repeat it',
    ]);
    expect(markdown).toMatch(/^\| concurrency \| Messages lost \| 0 \| \*\*20\*\* \| \*\*FAIL\*\* \|/m);
    expect(markdown).not.toMatch(/^\| overhead \|/m);
  });

  it('has no section of such checks when all passed', () => {
    expect(markdownOf(passed, overhead)).not.toContain('Checks that did not pass');
  });

  it('tells the environment in two lines', () => {
    const lines = markdown.split('## Environment\n\n')[1]?.split('\n\n')[0]?.split('\n') ?? [];
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('Example CPU @ 2.60GHz, 2 cores');
  });

  it('stands when nothing was measured, and says the same as a page', () => {
    for (const report of [reportOf(BROKEN_RUN), reportOf(failed, overhead, doubtful), reportOf()]) {
      const html = renderHtml(report);
      expect(`${html}${renderMarkdown(report, String)}`).not.toMatch(/NaN|undefined|null|Infinity/);
      expect(html).toContain(report.sentence.split(': ')[1]?.slice(0, 20).replaceAll('&', '&amp;'));
    }
  });
});

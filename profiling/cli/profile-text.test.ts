import { describe, expect, it } from 'vitest';
import { summarise } from '../report/summary/summary.ts';
import { BROKEN_RUN, failedRun, overheadRun, passedRun } from '../testing/sample-summary.ts';
import { profileJson, runText, summaryText } from './profile-text.ts';
import { verdictJson } from './verdict-text.ts';

const FILES = { runFile: '/r/run.json', reportFile: '/r/report.md', htmlFile: '/r/report.html' };
const PLACE = {
  reportFile: '/r/SUMMARY.md',
  htmlFile: '/r/SUMMARY.html',
  command: 'npm run profile -- --seed 42',
};

describe('runText', () => {
  it('is one line for a run that passed', () => {
    const run = passedRun();
    expect(runText(run)).toMatch(/^concurrency: Pass: [^\n]+$/);
  });

  it('has a row for each check that did not pass', () => {
    const [first, ...rows] = runText(failedRun()).split('\n');
    expect(first).toMatch(/^concurrency: Fail: 20 of 2,000 messages were lost/);
    expect(rows.join('\n')).toMatch(/^ {2}lost +20 +0 +fail +1\.0 % at 100 connections$/m);
    expect(rows.every((row) => !row.endsWith(' pass'))).toBe(true);
  });

  it('says why a scenario could not be measured', () => {
    expect(runText(BROKEN_RUN)).toMatch(/^memory: could not be measured, TL_TARGET_UNREACHABLE: expected/);
  });
});

describe('summaryText', () => {
  it('has the sentence, key findings, code to fix, next step and files', () => {
    const text = summaryText(summarise([failedRun(), overheadRun()]), PLACE);
    expect(text).toMatch(/^Fail: concurrency failed/);
    expect(text).toContain('\n\nKey findings\n  Connections before degradation: ');
    expect(text).toMatch(/\n\nCode to fix\n {2}.*server\/hub\/fan-out\.ts/);
    expect(text).toMatch(/\n\nNext step\n {2}Begin with concurrency: .*\n {2}npm run profile:concurrency/);
    expect(text).toMatch(/repeat +npm run profile -- --seed 42$/);
  });
});

describe('profileJson', () => {
  it('is one object: every check with its scenario, every run, what could not be measured', () => {
    const run = failedRun();
    if (run.state !== 'judged') throw new Error('the sample is judged');
    const printed = verdictJson(run.judged, FILES);
    const json = profileJson(summarise([run, BROKEN_RUN]), [printed], PLACE.reportFile);
    expect(Object.keys(json)).toEqual(['scenario', 'verdict', 'checks', 'runs', 'errors', 'reportFile']);
    expect(json).toMatchObject({ scenario: 'profile', verdict: 'fail', reportFile: '/r/SUMMARY.md' });
    expect(json.checks).toHaveLength(printed.checks.length);
    expect(json.checks[0]).toEqual({ scenario: 'concurrency', ...printed.checks[0] });
    expect(json.errors).toEqual([
      { scenario: 'memory', code: 'TL_TARGET_UNREACHABLE', message: expect.stringContaining('ECONNREFUSED') },
    ]);
  });
});

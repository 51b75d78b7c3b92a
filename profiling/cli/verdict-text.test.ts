import { describe, expect, it } from 'vitest';
import { analyseConcurrency } from '../analysis/concurrency/analyse-concurrency.ts';
import type { ConcurrencyRecord } from '../record/concurrency-record.ts';
import { judgedConcurrency } from '../report/concurrency/judged-concurrency.ts';
import type { JudgedRun } from '../report/judged-run.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { sampleTier } from '../testing/sample-tier.ts';
import { verdictJson, verdictText } from './verdict-text.ts';

const FILES = { runFile: '/r/run.json', reportFile: '/r/report.md', htmlFile: '/r/report.html' };

function finished(changes: Partial<ConcurrencyRecord> = {}): JudgedRun {
  return judgedConcurrency(sampleRecord(changes));
}

function textOf(changes: Partial<ConcurrencyRecord> = {}): string {
  return verdictText(finished(changes), FILES);
}

describe('verdictText', () => {
  const run = finished();
  const lines = verdictText(run, FILES).split('\n');

  it('opens with the verdict in a sentence', () => {
    expect(lines[0]).toBe(run.verdict.sentence);
  });

  it('has a row for each check and tier, then the paths and the command', () => {
    const text = lines.join('\n');
    for (const { name, verdict } of run.verdict.checks) {
      expect(text).toMatch(new RegExp(`^${name} .*${verdict.replace('/', '\\/')}$`, 'm'));
    }
    for (const { connected, attempted } of analyseConcurrency(sampleRecord()).tiers) {
      const count = (value: number) => value.toLocaleString('en-US');
      expect(text).toContain(`${count(connected)}/${count(attempted)} `);
    }
    expect(lines.at(-1)).toBe(`repeat  ${run.record.command}`);
    for (const file of Object.values(FILES)) expect(text).toContain(file);
  });

  it('names the knee and what limited the run', () => {
    expect(verdictText(run, FILES)).toContain(
      'Knee: 1,000 connections, the last tier that holds every limit.',
    );
    expect(verdictText(run, FILES)).toContain(
      'What limited the run: nothing gave way up to 1,000 connections, the largest tier asked for.',
    );
    const slow = textOf({ tiers: [sampleTier(10, { delayMs: 90 })] });
    expect(slow).toContain('Knee: none, the smallest tier already breaks a limit.');
    expect(slow).toMatch(/What limited the run: at 10 connections limits broke: delivery latency p50 \d.*\./);
  });

  it('knows no knee when no tier was measured to its end', () => {
    const cut = sampleTier(10, { load: { state: 'interrupted' } });
    expect(textOf({ tiers: [cut] })).toContain('Knee: not known, no tier was measured to its end.');
  });

  it('says why a check did not pass, and is silent about those that did', () => {
    expect(verdictText(run, FILES)).not.toMatch(/^rss-per-connection: /m);
    expect(textOf({ tiers: [sampleTier(10)] })).toMatch(
      /^cpu-per-1000: needs a tier of 500 connections or more$/m,
    );
  });

  it('announces faults, changed settings and an early end under the first line', () => {
    const text = textOf({
      tiers: [sampleTier(10, { delayMs: 90 })],
      faults: ['stall=1000ms'],
      overrides: [{ name: 'HEARTBEAT_SECS', value: '2', why: 'it is quick' }],
      outcome: { state: 'interrupted', message: 'stopped by a signal' },
    });
    expect(text.split('\n').slice(1, 4)).toEqual([
      'Fault switched on: stall=1000ms. This run is a positive control.',
      'Ended early: stopped by a signal.',
      'Server setting HEARTBEAT_SECS=2: it is quick.',
    ]);
  });

  it('does not call a passing control wrong: not every scenario judges what a fault does', () => {
    expect(textOf({ faults: ['stall=1000ms'] })).toContain(
      'Fault switched on: stall=1000ms. It broke no limit of this scenario.',
    );
  });

  it('stands when nothing was measured', () => {
    const text = textOf({
      tiers: [],
      outcome: { state: 'aborted', code: 'TL_TARGET_DIED', message: 'it went away' },
    });
    expect(text).toContain('Ended early, TL_TARGET_DIED: it went away.');
  });
});

describe('verdictJson', () => {
  it('is one object with the documented fields and no others', () => {
    const run = finished();
    const json: unknown = JSON.parse(JSON.stringify(verdictJson(run, FILES)));
    expect(json).toEqual({
      scenario: 'concurrency',
      verdict: run.verdict.verdict,
      checks: run.verdict.checks.map(({ name, threshold, observed, unit, verdict }) => ({
        name,
        threshold,
        observed,
        unit,
        verdict,
      })),
      ...FILES,
    });
  });
});

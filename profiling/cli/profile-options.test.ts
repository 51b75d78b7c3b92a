import { describe, expect, it } from 'vitest';
import type { ScenarioName } from '../record/run-record.ts';
import { repeatCommand } from './repeat-command.ts';
import { type MeasuringCommand, readRunOptions } from './run-options.ts';

const read = (words: string, command: MeasuringCommand['command'], scenario: ScenarioName) =>
  readRunOptions(words.split(' ').filter(Boolean), { command, scenario }, { environment: {}, randomSeed: 1 });

describe('--profile', () => {
  it.each([
    ['', { cpu: false, heap: false }],
    ['--profile cpu', { cpu: true, heap: false }],
    ['--profile heap', { cpu: false, heap: true }],
    ['--profile both', { cpu: true, heap: true }],
  ])('"%s" profiles that', (words, profile) => {
    expect(read(words, 'concurrency', 'concurrency')).toMatchObject({ kind: 'run', options: { profile } });
  });

  it.each(['broadcast', 'churn', 'firehose', 'memory'] as const)('is for %s', (scenario) => {
    expect(read('--profile both', scenario, scenario).kind).toBe('run');
  });

  it('is for a benchmark', () => {
    expect(read('--profile cpu', 'benchmark', 'firehose').kind).toBe('run');
  });

  it.each([
    ['overhead', 'cpu', /^--profile is not for overhead, which measures what a profile costs/],
    ['concurrency', 'all', /^--profile: expected one of cpu, heap, both; received "all"$/],
  ] as const)('of %s refuses %s', (scenario, what, expected) => {
    const asked = read(`--profile ${what}`, scenario, scenario);
    expect(asked.kind === 'usage' ? asked.problems : []).toEqual([expect.stringMatching(expected)]);
  });

  it('gives each of several scenarios what it can take', () => {
    expect(read('--profile both', 'profile', 'memory')).toMatchObject({
      options: { profile: { cpu: true, heap: false } },
    });
    expect(read('--profile both --all', 'profile', 'overhead')).toMatchObject({
      options: { profile: { cpu: false, heap: false } },
    });
  });

  it('is repeated', () => {
    const asked = read('--profile cpu', 'concurrency', 'concurrency');
    expect(asked.kind === 'run' && repeatCommand('concurrency', asked.options)).toContain('--profile cpu');
  });
});

import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROMETHEUS_FOLDER, ruleTestFiles } from './testing/rule-files.ts';

/** promtool's exit code and all it said. */
function promtool(folder: string, ...words: readonly string[]) {
  const { status, stdout, stderr, error } = spawnSync('promtool', words, { cwd: folder, encoding: 'utf8' });
  if (error !== undefined) throw error;
  return { status, said: stdout + stderr };
}

describe('promtool', { timeout: 60_000 }, () => {
  let copy: string;
  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'touchline-rules-'));
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it.each(['prometheus.yml', 'prometheus.compose.yml'])('finds %s right', (file) => {
    expect(promtool(PROMETHEUS_FOLDER, 'check', 'config', file)).toMatchObject({ status: 0 });
  });

  it('finds the rules right, without a lint', () => {
    const words = [
      'check',
      'rules',
      '--lint=all',
      '--lint-fatal',
      'rules/recording-rules.yml',
      'rules/alerts.yml',
    ];
    expect(promtool(PROMETHEUS_FOLDER, ...words)).toMatchObject({ status: 0 });
  });

  it('sees every rule and alert do what its tests say', () => {
    const answer = promtool(PROMETHEUS_FOLDER, 'test', 'rules', ...ruleTestFiles());
    expect(answer.said).not.toContain('FAILED');
    expect(answer.status).toBe(0);
  });

  it.each([
    ['an alert', 'rules/alerts.yml', ['worker_cpu_ratio > 0.8', 'worker_cpu_ratio > 0.95'], 'alerts-load'],
    [
      'a recording rule',
      'rules/recording-rules.yml',
      ['frames_written_total', 'socket_writes_total'],
      'recording-rules',
    ],
    ['a floor', 'rules/recording-rules.yml', ['>= 100)', '>= 10)'], 'memory'],
  ] as const)('fails when %s is broken', (_what, file, [from, to], test) => {
    cpSync(PROMETHEUS_FOLDER, copy, { recursive: true });
    const right = readFileSync(join(copy, file), 'utf8');
    const wrong = right.replace(from, to);
    expect(wrong).not.toBe(right);
    writeFileSync(join(copy, file), wrong);
    const answer = promtool(copy, 'test', 'rules', `tests/${test}.test.yml`);
    expect(answer.said).toContain('FAILED');
    expect(answer.status).not.toBe(0);
  });
});

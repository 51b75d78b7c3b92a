/** Prometheus' own tool reads every expression of every board. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillIn } from './panel-queries.ts';
import { boardExpressions } from './testing/board-expressions.ts';
import { readBoards } from './testing/read-boards.ts';

interface Rule {
  readonly where: string;
  readonly expr: string;
}

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'touchline-promql-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One rule for each expression, named by its place. @returns what promtool says */
function checkRules(rules: readonly Rule[]) {
  const file = join(folder, 'rules.json');
  const groups = rules.map(({ where, expr }) => ({
    name: where,
    rules: [{ record: 'touchline:checked', expr }],
  }));
  writeFileSync(file, JSON.stringify({ groups }));
  const { status, stdout, stderr, error } = spawnSync('promtool', ['check', 'rules', '--lint=none', file], {
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  return { status, stdout, stderr };
}

describe('promtool', () => {
  it('accepts every query, annotation and variable', () => {
    const rules = readBoards()
      .flatMap(boardExpressions)
      .map(({ where, expr }) => ({
        where,
        expr: fillIn(expr, { instance: '127.0.0.1:9464', run: 'a (b)' }),
      }));

    const { status, stdout, stderr } = checkRules(rules);

    expect(stderr).toBe('');
    expect(stdout).toContain(`SUCCESS: ${rules.length} rules found`);
    expect(status).toBe(0);
  });

  it.each(['rate(up)', 'up{job=~"("}', 'sum(up', 'rate(up[0s])', 'histogram_quantile(up)'])(
    'refuses %s',
    (expr) => {
      const { status, stderr } = checkRules([{ where: 'board #1 "Planted" A', expr }]);

      expect(status).not.toBe(0);
      expect(stderr).toContain('board #1 \\"Planted\\" A');
    },
  );
});

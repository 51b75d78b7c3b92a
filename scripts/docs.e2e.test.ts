/** README.md's tables (options, settings, metrics, codes …) are what the code says. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { METRIC_CATALOGUE } from '../server/observability/metric-catalogue.ts';

describe('README.md', () => {
  it('has the tables that the code generates', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/update-docs.mjs', '--check'], {
      encoding: 'utf8',
    });

    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  it('names every metric of the catalogue and no other', () => {
    const readme = readFileSync('README.md', 'utf8');
    const table = /<!-- generated:metrics -->([\s\S]*?)<!-- \/generated -->/.exec(readme)?.[1] ?? '';
    const names = [...table.matchAll(/^\| `(\w+)`/gm)].map((match) => match[1]);

    expect(names.toSorted()).toEqual(Object.keys(METRIC_CATALOGUE).toSorted());
  });
});

/** The import rules must be able to fail: a planted violation of each kind is found. */
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';

const planted: string[] = [];

function plant(file: string, source: string): void {
  writeFileSync(file, source);
  planted.push(file);
}

function checkImports() {
  return spawnSync(process.execPath, ['scripts/check-imports.mjs'], { encoding: 'utf8' });
}

/** The rule, the file that breaks it, and how. */
const VIOLATIONS: readonly (readonly [string, string, string])[] = [
  [
    'server-stands-alone',
    'server/hub/planted-outside.ts',
    `export * from '../../load-tests/generator/load-plan.ts';\n`,
  ],
  [
    'profiling-never-imports-the-server',
    'profiling/run/planted.ts',
    `export * from '../../server/hub/bucket-histogram.ts';\n`,
  ],
  [
    'hub-knows-protocol-only',
    'server/hub/planted-above.ts',
    `export * from '../observability/metric-sources.ts';\n`,
  ],
  ['hub-does-no-io', 'server/hub/planted-io.ts', `export { readFileSync } from 'node:fs';\n`],
  ['ws-in-one-place', 'server/features/planted.ts', `export { WebSocket } from 'ws';\n`],
  ['prom-client-in-one-place', 'server/transport/planted.ts', `export { Registry } from 'prom-client';\n`],
  [
    'load-tests-know-the-protocol-only',
    'load-tests/generator/planted.ts',
    `export * from '../../server/hub/bucket-histogram.ts';\n`,
  ],
  [
    'k6-scripts-know-k6-only',
    'load-tests/k6/virtual-users/planted.ts',
    `export * from '../../workloads/workload.ts';\n`,
  ],
  ['k6-lib-is-a-leaf', 'load-tests/k6/lib/planted.ts', `export { check } from 'k6';\n`],
  [
    'nobody-imports-k6-scripts',
    'load-tests/k6-runner/planted.ts',
    `export * from '../k6/virtual-users/publisher.ts';\n`,
  ],
  [
    'observe-knows-the-protocol-only',
    'dashboards/observe/planted.ts',
    `export * from '../../server/hub/bucket-histogram.ts';\n`,
  ],
  ['judging-is-pure', 'profiling/analysis/planted.ts', `export { readFileSync } from 'node:fs';\n`],
  [
    'dashboards-know-the-catalogues-only',
    'dashboards/boards/planted.ts',
    `export * from '../../profiling/verdict/thresholds.ts';\n`,
  ],
  [
    'nobody-imports-dashboards',
    'profiling/report/planted-board.ts',
    `export * from '../../dashboards/limits.ts';\n`,
  ],
  [
    'grafana-sdk-in-one-place',
    'profiling/run/planted-units.ts',
    `export { Bytes } from '@grafana/grafana-foundation-sdk/units';\n`,
  ],
  ['heap-reads-files-and-lines', 'profiling/heap/planted.ts', `export * from '../run/target.ts';\n`],
  ['record-is-a-leaf', 'profiling/record/planted.ts', `export * from '../sampling/planted-beside.ts';\n`],
  [
    'source-lines-know-records',
    'profiling/source/planted.ts',
    `export * from '../sampling/planted-beside.ts';\n`,
  ],
  ['cpu-reads-profiles', 'profiling/cpu/planted.ts', `export * from '../run/target.ts';\n`],
  ['tools-know-run', 'profiling/tools/planted.ts', `export * from '../scenarios/registry.ts';\n`],
  ['only-cli-runs-tools', 'profiling/run/planted-tool.ts', `export * from '../tools/tool.ts';\n`],
  ['no-cycles', 'server/hub/planted-a.ts', `export { b } from './planted-b.ts';\nexport const a = 1;\n`],
];

afterEach(() => {
  for (const file of planted.splice(0)) rmSync(file, { force: true });
});

describe('import rules', () => {
  it('pass on the tree as it is', () => {
    const result = checkImports();

    expect(result.stderr).toBe('');
    expect(result.status).toBe(0);
    expect(result.stdout).toMatch(/import rules: [1-9]\d+ modules, 0 violations, 0 missed/);
  });

  it('find each violation, and a cycle', () => {
    plant('profiling/sampling/planted-beside.ts', 'export const beside = 1;\n');
    plant('server/hub/planted-b.ts', `export { a } from './planted-a.ts';\nexport const b = 1;\n`);
    for (const [, file, source] of VIOLATIONS) plant(file, source);

    const { status, stderr } = checkImports();

    expect(status).toBe(1);
    const found = stderr.split('\n');
    for (const [rule, file] of VIOLATIONS) {
      expect(found).toContainEqual(expect.stringContaining(`${rule}: ${file} → `));
    }
  });
});

/**
 * Holds the import rules, and fails when dependency-cruiser saw fewer modules than there are sources
 * (with a TypeScript it does not know it prints "no violations (0 modules)" and exits 0).
 */
import { execFileSync, spawnSync } from 'node:child_process';

const AREAS = ['server', 'load-tests', 'profiling', 'dashboards'];
const sources = execFileSync('git', ['ls-files', '-co', '--exclude-standard', ...AREAS], { encoding: 'utf8' })
  .split('\n')
  .filter((file) => file.endsWith('.ts'));

const cruise = spawnSync(
  process.execPath,
  [
    'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
    ...AREAS,
    '--config',
    '.dependency-cruiser.cjs',
    '--output-type',
    'json',
  ],
  { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
);
if (cruise.stdout === '') {
  console.error(cruise.stderr);
  process.exitCode = 1;
} else {
  const { modules, summary } = JSON.parse(cruise.stdout);
  const cruised = new Set(modules.map((module) => module.source));
  const missed = sources.filter((source) => !cruised.has(source));
  for (const violation of summary.violations) {
    const way =
      violation.cycle === undefined ? [violation.to] : violation.cycle.map((step) => step.name ?? step);
    console.error(`${violation.rule.name}: ${violation.from} → ${way.join(' → ')}`);
  }
  for (const source of missed) console.error(`not cruised: ${source}`);
  console.log(
    `import rules: ${cruised.size} modules, ${summary.violations.length} violations, ${missed.length} missed`,
  );
  if (summary.violations.length > 0 || missed.length > 0) process.exitCode = 1;
}

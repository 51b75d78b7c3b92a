import { defineConfig } from 'vitest/config';

/** What counts, exit codes and texts decide: another process on the machine cannot change the answer. */
const EXACT = [
  '{server,scripts}/**/*.e2e.test.ts',
  'load-tests/generator/{churn/churn,ticks/ticks,closed-publishing,coordinator,special-clients,tls}.e2e.test.ts',
  'profiling/{endings,memory,profile,baseline,report/report-page}.e2e.test.ts',
  '{load-tests/peers,profiling/bench,profiling/live}/**/*.e2e.test.ts',
];
const NEVER = ['**/node_modules/**', 'dist/**'];
/** Tests that run at the same time are two: each starts processes, and more would keep the files beside them waiting. */
const E2E = { testTimeout: 120_000, hookTimeout: 60_000, maxConcurrency: 2 };

/**
 * Three projects, one after the other: `unit` runs the TypeScript sources in process; `e2e-exact` runs the compiled output
 * in `dist/` against real processes, two files at a time; `e2e-timed` does the same one file at a time, because it measures
 * and the files share the machine's two cores.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{server,load-tests,profiling,scripts}/**/*.test.ts'],
          exclude: ['**/*.e2e.test.ts', '**/*.native.test.ts', ...NEVER],
          testTimeout: 15_000,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'e2e-exact',
          include: EXACT,
          exclude: NEVER,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          ...E2E,
        },
      },
      {
        test: {
          name: 'e2e-timed',
          include: ['{load-tests,profiling}/**/*.e2e.test.ts'],
          exclude: [...EXACT, ...NEVER],
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          ...E2E,
        },
      },
    ],
  },
});

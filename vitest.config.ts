import { defineConfig } from 'vitest/config';

/** What counts, exit codes and texts decide: another process on the machine cannot change the answer. */
const EXACT = [
  '{server,dashboards,scripts}/**/*.e2e.test.ts',
  'load-tests/generator/{churn/churn,ticks/ticks,ticks/browser/browser-readers,closed-publishing,http,coordinator,known-answers,special-clients,tls}.e2e.test.ts',
  'profiling/{attach,endings,http,memory,profile,baseline,broadcast-counts,firehose-counts,profiles,report,report/report-page}.e2e.test.ts',
  '{load-tests/peers,profiling/{heap,live,tools}}/**/*.e2e.test.ts',
];
/** What looks at its whole process (heap, listeners, timers, descriptors): nothing else may have run in there. */
const OWN_PROCESS = ['server/observability/**/*.test.ts'];
/** CI has no time for these: `npm run test:tools`. */
const APART = [
  'profiling/tools.e2e.test.ts',
  'profiling/bench/**/*.e2e.test.ts',
  'scripts/dockerfile.e2e.test.ts',
];
const NEVER = ['**/node_modules/**', 'dist/**', ...APART];
const NO_UNIT = ['**/*.e2e.test.ts', '**/*.native.test.ts', '**/*.k6.test.ts', ...NEVER];
const UNIT = { testTimeout: 15_000, maxWorkers: 2, sequence: { groupOrder: 0 } };
/** Tests of a file that run at the same time (describe.concurrent) are two: each starts processes, and more would keep the files beside them waiting. */
const E2E = {
  testTimeout: 120_000,
  hookTimeout: 60_000,
  maxConcurrency: 2,
  // Real processes on two shared cores: one more try, which the log names.
  retry: 1,
  globalSetup: 'profiling/testing/calibrate-rig.ts',
};

/**
 * In turn: `unit` and `unit-own-process` run the TypeScript sources in process; `e2e-exact` runs the compiled output
 * in `dist/` against real processes, two files at a time; `e2e-timed` does the same one file at a time, because it measures
 * and the files share the machine's two cores.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{server,load-tests,profiling,dashboards,scripts}/**/*.test.ts'],
          exclude: [...OWN_PROCESS, ...NO_UNIT],
          // Two processes for all files: a new one for each would take as long again to load the same modules.
          isolate: false,
          ...UNIT,
        },
      },
      {
        test: { name: 'unit-own-process', include: OWN_PROCESS, exclude: NO_UNIT, ...UNIT },
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

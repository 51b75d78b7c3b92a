import { defineConfig } from 'vitest/config';

/**
 * Two projects: `unit` runs the TypeScript sources in process; `e2e` runs the compiled output in `dist/`
 * against real processes, one file at a time because the files share the machine's two cores.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{server,load-tests,profiling,scripts}/**/*.test.ts'],
          exclude: ['**/*.e2e.test.ts', '**/node_modules/**', 'dist/**'],
          testTimeout: 15_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['{server,load-tests,profiling,scripts}/**/*.e2e.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});

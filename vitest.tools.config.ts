import { defineConfig } from 'vitest/config';

/** `npm run test:tools`: 0x, clinic (installed first), the benchmarks as users start them and the Dockerfile's steps, which take minutes that CI does not have. */
export default defineConfig({
  test: {
    include: [
      'profiling/tools.e2e.test.ts',
      'profiling/bench/**/*.e2e.test.ts',
      'scripts/dockerfile.e2e.test.ts',
    ],
    fileParallelism: false,
    maxConcurrency: 2,
    testTimeout: 120_000,
    hookTimeout: 60_000,
    globalSetup: 'profiling/testing/calibrate-rig.ts',
  },
});

import { defineConfig } from 'vitest/config';

/** `npm run test:k6`: each k6 script with the real k6. Where there is none it is built with Go first, which takes a minute. */
export default defineConfig({
  test: {
    include: ['load-tests/**/*.k6.test.ts'],
    // They wait for most of the time.
    maxConcurrency: 3,
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
});

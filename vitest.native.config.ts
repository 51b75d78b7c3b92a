import { defineConfig } from 'vitest/config';

/** `npm run test:peers`: what needs Go and Rust, where they are installed. A first build takes minutes. */
export default defineConfig({
  test: {
    include: ['load-tests/**/*.native.test.ts'],
    fileParallelism: false,
    testTimeout: 600_000,
  },
});

/** A folder that must not outlive this process, however that ends. */

import { rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';

/** Processes that were ended just now may still write into it. */
const OPTIONS = { recursive: true, force: true, maxRetries: 3 } as const;

/** @returns removes it, when its time has come before */
export function removedAtExit(folder: string): () => Promise<void> {
  // Ctrl-C for the second time ends this process with process.exit.
  const atExit = () => {
    try {
      rmSync(folder, OPTIONS);
    } catch {
      // An exit code that is wrong would be worse than a folder that is left.
    }
  };
  process.once('exit', atExit);
  return async () => {
    process.off('exit', atExit);
    await rm(folder, OPTIONS);
  };
}

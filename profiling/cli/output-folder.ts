/** The folder a run writes to: made and tried before anything is started. */

import { mkdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TouchlineError } from '../../server/protocol/touchline-error.ts';

/**
 * Makes the folder and writes a file into it, so that a run never ends with nowhere to put its result.
 *
 * @throws TouchlineError `TL_OUT_NOT_WRITABLE`
 */
export async function prepareOutputFolder(folder: string): Promise<void> {
  const probe = join(folder, `.write-test-${process.pid}`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(probe, '');
    await rm(probe);
  } catch (cause) {
    const received = cause instanceof Error ? cause.message : String(cause);
    throw new TouchlineError(
      'TL_OUT_NOT_WRITABLE',
      `expected to write into ${folder}; received ${received}`,
      {
        cause,
      },
    );
  }
}

/** Removes the folder when nothing was written into it. */
export async function discardIfEmpty(folder: string): Promise<void> {
  // Fails when it holds something: then it stays.
  await rmdir(folder).catch(() => undefined);
}

/** The folder a run writes to: made and tried before anything is started. */

import { mkdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { TouchlineError } from '../../server/protocol/touchline-error.ts';

/**
 * Makes the folder and writes a file into it, so that a run never ends with nowhere to put its result.
 *
 * @throws TouchlineError `TL_OUT_NOT_WRITABLE`
 */
export async function prepareOutputFolder(folder: string): Promise<void> {
  const probe = join(folder, `.write-test-${process.pid}`);
  try {
    await makeFolder(resolve(folder));
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

/** Makes a folder with its parents. Node's own recursive mkdir never returns where the system says ENOENT, as /proc does. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST' || code === 'EISDIR') return;
    if (code !== 'ENOENT' || dirname(folder) === folder) throw error;
    await makeFolder(dirname(folder));
    await mkdir(folder);
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** Removes the folder when nothing was written into it. */
export async function discardIfEmpty(folder: string): Promise<void> {
  // Fails when it holds something: then it stays.
  await rmdir(folder).catch(() => undefined);
}

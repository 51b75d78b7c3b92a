/** Folders for what a command writes in a test. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, type TestContext } from 'vitest';

/** A folder of its own. */
export async function temporaryFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'touchline-e2e-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** A fresh folder for each test of a file, removed after it. Called at the top of the file. */
export function outputFolder(): { readonly path: string } {
  let folder: Awaited<ReturnType<typeof temporaryFolder>> | undefined;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder?.remove());
  return {
    get path() {
      if (folder === undefined) throw new Error('the folder is there while a test runs');
      return folder.path;
    },
  };
}

/** A fresh folder for one test, removed after it: for tests that run at the same time. */
export async function outputFolderOf(test: Pick<TestContext, 'onTestFinished'>): Promise<string> {
  const { path, remove } = await temporaryFolder();
  test.onTestFinished(remove);
  return path;
}

import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../server/testing/output-folder.ts';
import { runCommand } from './k6-process.ts';

const folders: { remove(): Promise<void> }[] = [];
afterEach(() => Promise.all(folders.splice(0).map((folder) => folder.remove())));

/** Runs a program that does this, in sh, in place of k6; `end` comes when it says so. */
async function runs(does: string, end: AbortSignal) {
  const folder = await temporaryFolder();
  folders.push(folder);
  const file = join(folder.path, 'k6');
  await writeFile(file, `#!/bin/sh\n${does}\n`);
  await chmod(file, 0o755);
  const command = { file, words: [], environment: {} };
  return runCommand(command, { environment: process.env, quietStdout: true, end, endWithinMs: 300 });
}

describe('k6 while it runs', () => {
  it('ends by itself', async () => {
    expect(await runs('exit 99', new AbortController().signal)).toMatchObject({ code: 99 });
  });

  it('is asked to end, and has time to tell of it', async () => {
    const end = AbortSignal.timeout(300);
    const ended = await runs('trap "exit 105" TERM; while :; do sleep 0.02; done', end);
    expect(ended.code).toBe(105);
  });

  it('is killed where it does not end', async () => {
    const ended = await runs('trap "" TERM; while :; do sleep 0.02; done', AbortSignal.timeout(300));
    expect(ended.code).toBeNull();
    expect(ended.seconds).toBeGreaterThanOrEqual(0.55);
  });
});

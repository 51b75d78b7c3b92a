/** Profiles and heap snapshots of a target that gives its admin token: the process takes them of itself. */

import { chmod, copyFile, mkdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, isAbsolute } from 'node:path';
import { Type } from 'typebox';
import { Check } from 'typebox/value';
import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import { askJson } from './ask-json.ts';
import type { ProfileSource } from './profile-source.ts';

export interface AdminProfilesOptions {
  /** Origin of the admin port. */
  readonly adminUrl: string;
  readonly adminToken: string;
  /** @defaultValue 120000 for a profile, whose JSON may be many MB from a process that is busy */
  readonly timeoutMs?: number;
}

const PROFILE_TIMEOUT_MS = 120_000;
/** A snapshot stops the process for about 0.1 s for each MB of its heap. */
const SNAPSHOT_TIMEOUT_MS = 600_000;

const SnapshotAnswer = Type.Object({
  path: Type.String(),
  bytes: Type.Number(),
  durationMs: Type.Number(),
});

/** Asks over a connection of its own each time, so that none of ours stays among the target's handles. */
export function adminProfiles({ adminUrl, adminToken, timeoutMs }: AdminProfilesOptions): ProfileSource {
  const post = async (path: string, longestMs = timeoutMs ?? PROFILE_TIMEOUT_MS): Promise<unknown> => {
    const url = `${adminUrl}${path}`;
    const answer = await askJson({ method: 'POST', url, token: adminToken, timeoutMs: longestMs });
    if (!(answer instanceof Error) && answer.status === 200) return answer.body;
    throw unavailable(`POST ${url} to be answered`, reasonOf(answer));
  };
  return {
    async startCpu(intervalUs) {
      await post(`/debug/cpu-profile?do=start&intervalUs=${intervalUs}`);
    },
    stopCpu: () => post('/debug/cpu-profile?do=stop'),
    async startHeap(intervalBytes) {
      await post(`/debug/heap-profile?do=start&intervalBytes=${intervalBytes}`);
    },
    stopHeap: () => post('/debug/heap-profile?do=stop'),
    async writeSnapshot(file) {
      const answer = await post('/debug/heap-snapshot', SNAPSHOT_TIMEOUT_MS);
      if (!Check(SnapshotAnswer, answer)) {
        throw unavailable(`${adminUrl}/debug/heap-snapshot to name its file`, 'something else');
      }
      await takeSnapshotFile(answer.path, file);
      return { bytes: answer.bytes, durationMs: answer.durationMs };
    },
    close: async () => undefined,
  };
}

/**
 * Moves the snapshot out of the private folder that the target made for it, and removes that folder. The path comes from
 * the target: nothing is moved that is not named as touchline names its snapshots.
 */
async function takeSnapshotFile(from: string, to: string): Promise<void> {
  const folder = dirname(from);
  const isOurs =
    isAbsolute(from) &&
    /^\d+\.heapsnapshot$/.test(basename(from)) &&
    /^touchline-heap-\w+$/.test(basename(folder));
  if (!isOurs) throw unavailable('a path like …/touchline-heap-x/1.heapsnapshot of the target', from);
  try {
    await mkdir(dirname(to), { recursive: true });
    await moveFile(from, to);
    await chmod(to, 0o600);
    await rmdir(folder);
  } catch (error) {
    throw unavailable(`the target's snapshot ${from} to be moved to ${to}`, String(error));
  }
}

/** Temporary folders are often another file system, where a file cannot simply be renamed. */
async function moveFile(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) throw error;
    await copyFile(from, to);
    await rm(from);
  }
}

function reasonOf(answer: Awaited<ReturnType<typeof askJson>>): string {
  if (answer instanceof Error) return answer.message;
  const { status, body } = answer;
  const { code, message } =
    typeof body === 'object' && body !== null ? { code: '', message: '', ...body } : {};
  return `HTTP ${status}${code === undefined || code === '' ? '' : ` ${code}: ${message}`}`;
}

function unavailable(expected: string, received: string): TouchlineError {
  return new TouchlineError('TL_PROFILE_UNAVAILABLE', `expected ${expected}; received ${received}`);
}

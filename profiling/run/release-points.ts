/** Where in the server's source something should have been released, with the line as it is now. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CLASS_CATALOGUE,
  LIFECYCLE_CATALOGUE,
  LISTENER_CATALOGUE,
} from '../../server/observability/lifecycle-catalogue.ts';

/**
 * Finds the line of every release point.
 *
 * @param projectFolder folder that holds `server/`
 * @returns by the name of structure, emitter of listeners or class: `server/hub/hub.ts:118, Hub.disconnected`; without the line
 * where the source is not there
 */
export async function findReleasePoints(projectFolder: string): Promise<Record<string, string>> {
  const entries = Object.entries({ ...LIFECYCLE_CATALOGUE, ...LISTENER_CATALOGUE, ...CLASS_CATALOGUE });
  const points: Record<string, string> = {};
  for (const [name, { releasedBy }] of entries) {
    const { file, method, code } = releasedBy;
    const lines = await readLines(join(projectFolder, file));
    const line = lines.findIndex((text) => text.includes(code)) + 1;
    points[name] = `${line === 0 ? file : `${file}:${line}`}, ${method}`;
  }
  return points;
}

async function readLines(file: string): Promise<readonly string[]> {
  // An installation without sources still has names.
  return (await readFile(file, 'utf8').catch(() => '')).split('\n');
}

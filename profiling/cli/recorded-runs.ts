/** Runs that exist already: the newest run.json of each scenario in a folder. */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import { parseRunRecord } from '../record/parse-run-record.ts';
import { BASELINE_NAMES, type RunRecord } from '../record/run-record.ts';

/**
 * Looks in the folder and in the folders right below it. Runs under a tool do not count: their figures are not the server's.
 *
 * @returns at most one of each scenario, in the order of the scenarios
 * @throws TouchlineError `TL_RECORD_INVALID` when there is none, or one cannot be read
 */
export async function newestRuns(folder: string): Promise<readonly RunRecord[]> {
  const records: RunRecord[] = [];
  for (const file of await runFiles(folder)) {
    const record = await readRun(file);
    if (record.tool === undefined) records.push(record);
  }
  if (records.length === 0) {
    throw new TouchlineError(
      'TL_RECORD_INVALID',
      `expected a run.json in ${folder} or in a folder right below it; received none`,
    );
  }
  const newestFirst = records.toSorted((a, b) => b.startedAt - a.startedAt);
  return BASELINE_NAMES.flatMap((name) => newestFirst.find(({ scenario }) => scenario === name) ?? []);
}

async function runFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
  const files: string[] = [];
  for (const place of [folder, ...folders]) {
    const names = await readdir(place).catch((): string[] => []);
    if (names.includes('run.json')) files.push(join(place, 'run.json'));
  }
  return files;
}

async function readRun(file: string): Promise<RunRecord> {
  const text = await readFile(file, 'utf8');
  try {
    return parseRunRecord(JSON.parse(text), file);
  } catch (cause) {
    if (cause instanceof TouchlineError) throw cause;
    throw new TouchlineError('TL_RECORD_INVALID', `expected JSON at ${file}; received ${String(cause)}`, {
      cause,
    });
  }
}

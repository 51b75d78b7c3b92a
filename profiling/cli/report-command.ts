/** `npm run report -- run.json`: judges and renders a run again. */

import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import { parseRunRecord } from '../record/parse-run-record.ts';
import type { Artefact } from '../record/run-envelope.ts';
import { unjudgedThresholds } from './contradictions.ts';
import type { ExitName } from './exit-codes.ts';
import { finishRun } from './finish-run.ts';
import { prepareOutputFolder } from './output-folder.ts';
import { tell } from './run-command.ts';
import type { ReportOptions } from './run-options.ts';

/**
 * Writes the reports beside the run.json, or into `--out`.
 *
 * @throws TouchlineError `TL_RECORD_INVALID` when the file cannot be read as a run record; `TL_USAGE` for a limit
 * that its scenario does not judge
 */
export async function reportCommand(options: ReportOptions): Promise<ExitName> {
  const runFile = resolve(options.runFile);
  const record = parseRunRecord(await readRecordFile(runFile), runFile);
  const [unjudged] = unjudgedThresholds(Object.keys(options.thresholds), record.scenario);
  if (unjudged !== undefined) throw new TouchlineError('TL_USAGE', unjudged);
  const runFolder = options.out === undefined ? dirname(runFile) : resolve(options.out);
  await prepareOutputFolder(runFolder);
  const finished = await finishRun(
    {
      ...record,
      ...seenFrom(runFolder, dirname(runFile), record.artefacts),
      thresholds: { ...record.thresholds, ...options.thresholds },
    },
    { runFolder, latestFolder: undefined, grafanaUrl: process.env['GRAFANA_URL'] },
  );
  tell(finished, options.json);
  return finished.judged.verdict.verdict;
}

/** Links to what lies beside run.json hold in another folder, too. */
function seenFrom(
  folder: string,
  own: string,
  artefacts: readonly Artefact[] | undefined,
): { artefacts?: Artefact[] } {
  if (artefacts === undefined) return {};
  return {
    artefacts: artefacts.map(({ file, ...rest }) => ({ ...rest, file: relative(folder, join(own, file)) })),
  };
}

async function readRecordFile(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw invalid(file, 'a file that can be read', cause);
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(file, 'JSON', cause);
  }
}

function invalid(file: string, expected: string, cause: unknown): TouchlineError {
  const received = cause instanceof Error ? cause.message : String(cause);
  return new TouchlineError('TL_RECORD_INVALID', `expected ${expected} at ${file}; received ${received}`, {
    cause,
  });
}

/** One test with k6, from its server to its outcome. */

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../k6/lib/settings.ts';
import type { K6Summary } from '../k6/lib/summary.ts';
import type { Beside } from './beside-text.ts';
import { chooseTarget } from './choose-target.ts';
import { findK6, type K6Program } from './find-k6.ts';
import { findPrometheus } from './find-prometheus.ts';
import { k6Command } from './k6-command.ts';
import { type K6Outcome, outcomeOf } from './k6-outcome.ts';
import { type K6Ended, runCommand } from './k6-process.ts';
import type { K6RunOptions } from './run-options.ts';
import { figuresSince, type ServerFigures } from './server-figures.ts';

export interface K6Surroundings {
  /** Folder of package.json. */
  readonly projectFolder: string;
  readonly environment: Environment;
  /** Told, as it comes, what somebody who waits wants to know. */
  readonly onNote: (text: string) => void;
  /** Asks k6 to end its test and tell of it. */
  readonly interrupted: AbortSignal;
}

export interface K6Result extends K6Outcome, Omit<Beside, 'summary'> {
  readonly summary: K6Summary | null;
  readonly url: string;
  readonly testId: string;
}

/**
 * @throws TouchlineError `TL_K6_UNAVAILABLE`, `TL_TARGET_UNREACHABLE`, `TL_SERVER_START_FAILED`, or `TL_USAGE` for a fault that is
 *   none; what aborted `interrupted` where that came before k6 began
 */
export async function runK6(options: K6RunOptions, surroundings: K6Surroundings): Promise<K6Result> {
  const { projectFolder, environment, onNote, interrupted } = surroundings;
  const program = await findK6(surroundings);
  onNote(`with ${program.note}`);
  const target = await chooseTarget(options, surroundings);
  const folder = await mkdtemp(join(tmpdir(), 'touchline-k6-'));
  try {
    const summaryFile = join(folder, 'summary.json');
    const testId =
      environment['TESTID'] || `${options.script}-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
    const command = k6Command(program, {
      script: options.script,
      projectFolder,
      prometheusUrl: await findPrometheus(environment, testId, onNote),
      testId,
      scriptEnvironment: { ...options.scriptEnvironment, URL: target.url },
      summaryFile,
      k6Words: options.k6Words,
    });
    const before = await target.figures();
    interrupted.throwIfAborted();
    const end = AbortSignal.any([interrupted, target.died]);
    const ended = await runCommand(command, { environment, quietStdout: options.json, end });
    const after = await target.figures();
    const summary = await readSummary(summaryFile);
    const targetEnd = await target.end();
    const outcome = outcomeOf({ code: ended.code, interrupted: interrupted.aborted, targetEnd, summary });
    const server = before === undefined || after === undefined ? null : figuresSince(before, after);
    return { ...outcome, summary, url: target.url, testId, server, cores: coresOf(ended, server, program) };
  } finally {
    await Promise.all([target.stop(), rm(folder, { recursive: true, force: true })]);
  }
}

function coresOf(
  { cores, seconds }: K6Ended,
  server: ServerFigures | null,
  { kind }: K6Program,
): Beside['cores'] {
  return {
    // The process of a container is not our child.
    k6: kind === 'docker' ? null : (cores ?? null),
    server: server === null ? null : server.cpuSeconds / seconds,
  };
}

async function readSummary(file: string): Promise<K6Summary | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as K6Summary;
  } catch {
    return null;
  }
}

/** One test with k6, from its server to its outcome. */

import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import type { Environment } from '../k6/lib/settings.ts';
import type { K6Summary } from '../k6/lib/summary.ts';
import { findK6 } from './find-k6.ts';
import { type K6Command, k6Command } from './k6-command.ts';
import { type K6Outcome, outcomeOf } from './k6-outcome.ts';
import { startOwnServer } from './own-server.ts';
import type { K6RunOptions } from './run-options.ts';

/** Where `npm start` and Prometheus listen unless told otherwise. */
const USUAL_URL = 'http://127.0.0.1:8000';
const USUAL_PROMETHEUS = 'http://127.0.0.1:9090';
const PROBE_TIMEOUT_MS = 2_000;

export interface K6Surroundings {
  /** Folder of package.json. */
  readonly projectFolder: string;
  readonly environment: Environment;
  /** Told, as it comes, what somebody who waits wants to know. */
  readonly onNote: (text: string) => void;
  /** Asks k6 to end its test and tell of it. */
  readonly interrupted: AbortSignal;
}

export interface K6Result extends K6Outcome {
  readonly summary: K6Summary | null;
  readonly url: string;
  readonly testId: string;
}

/**
 * @throws TouchlineError `TL_K6_UNAVAILABLE`, `TL_TARGET_UNREACHABLE`, `TL_SERVER_START_FAILED`, or `TL_USAGE` for a fault that is none
 */
export async function runK6(options: K6RunOptions, surroundings: K6Surroundings): Promise<K6Result> {
  const { environment, onNote } = surroundings;
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
      projectFolder: surroundings.projectFolder,
      prometheusUrl: await findPrometheus(surroundings, testId),
      testId,
      scriptEnvironment: { ...options.scriptEnvironment, URL: target.url },
      summaryFile,
      k6Words: options.k6Words,
    });
    const code = await runCommand(command, options, surroundings);
    const summary = await readSummary(summaryFile);
    const interrupted = surroundings.interrupted.aborted;
    return { ...outcomeOf({ code, interrupted, summary }), summary, url: target.url, testId };
  } finally {
    await Promise.all([target.stop(), rm(folder, { recursive: true, force: true })]);
  }
}

interface K6Target {
  readonly url: string;
  stop(): Promise<void>;
}

/** The server that was named; else the usual one if it runs; else one for this test alone. */
async function chooseTarget(
  { url, faults }: K6RunOptions,
  { projectFolder, environment, onNote }: K6Surroundings,
): Promise<K6Target> {
  const running = { stop: () => Promise.resolve() };
  if (url !== undefined) {
    if (await answers(liveUrl(url))) return { url, ...running };
    throw new TouchlineError(
      'TL_TARGET_UNREACHABLE',
      `expected a server at ${url}, with ${liveUrl(url)} answering 200; nothing did. npm start starts one; without --url the test starts one for itself.`,
    );
  }
  if (faults.length === 0 && (await answers(liveUrl(USUAL_URL)))) {
    onNote(`against the server at ${USUAL_URL}`);
    return { url: USUAL_URL, ...running };
  }
  const { listening, stop } = await startOwnServer({ projectFolder, environment, faults });
  const ill = faults.length === 0 ? '' : `, with the fault ${faults.join(', ')}`;
  onNote(
    `against a server started for this test${ill}: ${listening.wsUrl}, metrics at ${listening.adminUrl}/metrics`,
  );
  return { url: listening.httpUrl, stop };
}

function liveUrl(url: string): string {
  return new URL('/livez', url.replace(/^ws/, 'http')).href;
}

async function findPrometheus(
  { environment, onNote }: K6Surroundings,
  testId: string,
): Promise<string | undefined> {
  const url = (environment['PROMETHEUS_URL'] || USUAL_PROMETHEUS).replace(/\/+$/, '');
  if (await answers(`${url}/-/ready`)) {
    onNote(`pushing to Prometheus at ${url}: on the k6 board as ${testId}`);
    return url;
  }
  onNote(`no Prometheus at ${url}: only the summary is shown`);
  return undefined;
}

async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}

function runCommand(
  { file, words, environment }: K6Command,
  { json }: K6RunOptions,
  surroundings: K6Surroundings,
): Promise<number | null> {
  // With --json, stdout is for one object alone.
  const stdio = ['ignore', json ? 2 : 1, 2] as const;
  const env = { ...surroundings.environment, ...environment };
  const child = spawn(file, [...words], { stdio: [...stdio], env, detached: true });
  const kill = () => child.kill('SIGKILL');
  const end = () => child.kill('SIGTERM');
  process.once('exit', kill);
  surroundings.interrupted.addEventListener('abort', end);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      process.off('exit', kill);
      surroundings.interrupted.removeEventListener('abort', end);
      resolve(code);
    });
  });
}

async function readSummary(file: string): Promise<K6Summary | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as K6Summary;
  } catch {
    return null;
  }
}

/** `npm run observe`: starts what is here, says where, and stops it in order. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import { findProgram } from './find-program.ts';
import { HELP, readArgv } from './observe-help.ts';
import { addressTable, missingText } from './observe-text.ts';
import { failure, type Session, startGrafana, startPrometheus, startServer } from './start-parts.ts';
import type { WatchedProcess } from './watched-process.ts';

/** Compiled, this file is dist/dashboards/observe/main.js. */
const PROJECT_FOLDER = fileURLToPath(new URL('../../../', import.meta.url));
const EXIT = { stopped: 0, failed: 1, usage: 2 } as const;
/** Longer than the server's own drain. */
const STOP_DEADLINE_MS = 15_000;

/** Carries out the words of `process.argv` and sets `process.exitCode`. */
export async function main(): Promise<void> {
  const asked = readArgv(process.argv.slice(2));
  switch (asked.kind) {
    case 'help':
      console.log(HELP);
      return;
    case 'usage':
      for (const problem of asked.problems) console.error(`TL_USAGE: ${problem}`);
      console.error('Every option is explained by --help.');
      process.exitCode = EXIT.usage;
      return;
    case 'run':
      process.exitCode = EXIT[await observe()];
  }
}

async function observe(): Promise<'stopped' | 'failed'> {
  const processes: WatchedProcess[] = [];
  let isStopping = false;
  const folder = await mkdtemp(join(tmpdir(), 'touchline-observe-'));
  const asked = stopAsked();
  const starting = startAll({
    projectFolder: PROJECT_FOLDER,
    folder,
    env: process.env,
    started(started) {
      processes.push(started);
      if (isStopping) void started.stop(0);
    },
  });
  try {
    if ((await Promise.race([starting, asked])) === 'stop') return 'stopped';
    const first = await Promise.race([asked, ...processes.map(endOf)]);
    if (first === 'stop') return 'stopped';
    console.error(`TL_SERVER_START_FAILED: ${failure(first)}`);
    return 'failed';
  } catch (error) {
    if (!(error instanceof TouchlineError)) throw error;
    console.error(`${error.code}: ${error.message}`);
    return 'failed';
  } finally {
    isStopping = true;
    await Promise.all(processes.map((started) => started.stop(STOP_DEADLINE_MS)));
    // What was under way to start fails now, because what it waits for has ended.
    await starting.catch(() => undefined);
    await Promise.all(processes.map((started) => started.ended));
    await rm(folder, { recursive: true, force: true });
  }
}

/** In this order: each one needs the address of the one before. */
async function startAll(session: Session): Promise<'begun'> {
  const path = session.env['PATH'] ?? '';
  const programs = {
    prometheus: findProgram(['prometheus'], path),
    grafana: findProgram(['grafana', 'grafana-server'], path),
  };
  console.log('starting …');
  const { wsUrl, httpUrl, adminUrl } = await startServer(session);
  const prometheusUrl =
    programs.prometheus === undefined
      ? undefined
      : await startPrometheus(session, programs.prometheus, new URL(adminUrl).host);
  const grafanaUrl =
    programs.grafana === undefined || prometheusUrl === undefined
      ? undefined
      : await startGrafana(session, programs.grafana, prometheusUrl);
  console.log(addressTable({ wsUrl, httpUrl, adminUrl, prometheusUrl, grafanaUrl }));
  console.log(missingText({ prometheusUrl, grafanaUrl, liveUrl: `${adminUrl}/live` }));
  return 'begun';
}

/** Resolves at the first signal; a second one changes nothing, for the server's own deadline comes soon. */
function stopAsked(): Promise<'stop'> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve('stop'));
  });
}

async function endOf(process: WatchedProcess): Promise<WatchedProcess> {
  await process.ended;
  return process;
}

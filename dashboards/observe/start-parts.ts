/** Starts the server, Prometheus and Grafana, each awaited until it answers. */

import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { ServerListening } from '../../server/protocol/process-messages.ts';
import { TouchlineError } from '../../server/protocol/touchline-error.ts';
import { freePort } from './free-port.ts';
import { GRAFANA_HOMES, grafanaEnvironment } from './grafana-environment.ts';
import { PROMETHEUS_FOLDER, prometheusArgs, prometheusConfig } from './prometheus-files.ts';
import { type ProgramOptions, WatchedProcess } from './watched-process.ts';

const PROMETHEUS_PORT = 9_090;
const GRAFANA_PORT = 3_000;
const START_TIMEOUT_MS = 60_000;

export interface Session {
  /** Folder that holds `dist/`. */
  readonly projectFolder: string;
  /** Temporary; removed at the end. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Takes every process as soon as it is there, so that it is stopped whatever comes. */
  readonly started: (process: WatchedProcess) => void;
}

/**
 * The compiled server with the settings of the environment.
 *
 * @throws TouchlineError `TL_SERVER_START_FAILED` with what it said
 */
export async function startServer(session: Session): Promise<ServerListening> {
  const server = start(session, {
    name: 'the server',
    file: process.execPath,
    args: ['--expose-gc', join(session.projectFolder, 'dist', 'server', 'main.js')],
    env: { ...session.env, LIVE_TARGETS: targetsFolder(session) },
    channel: true,
  });
  const listening = new Promise<ServerListening>((resolve) => server.child.once('message', resolve));
  const first = await Promise.race([listening, server.ended]);
  if ('type' in first) return first;
  throw new TouchlineError('TL_SERVER_START_FAILED', failure(server));
}

/** The folder in which runs of this checkout write their targets. */
export function targetsFolder({ projectFolder, env }: Session): string {
  return resolve(env['LIVE_TARGETS'] || join(projectFolder, '.touchline', 'targets'));
}

/**
 * @param server host and port of its admin port
 * @returns its address
 * @throws TouchlineError `TL_SERVER_START_FAILED` with what it said
 */
export async function startPrometheus(session: Session, file: string, server: string): Promise<string> {
  const provisioned = join(session.projectFolder, PROMETHEUS_FOLDER);
  const config = prometheusConfig({
    committed: await readFile(join(provisioned, 'prometheus.yml'), 'utf8'),
    server,
    targetsFolder: targetsFolder(session),
    rulesFolder: join(provisioned, 'rules'),
  });
  await writeFile(join(session.folder, 'prometheus.yml'), config);
  const port = await freePort(PROMETHEUS_PORT);
  const url = `http://127.0.0.1:${port}`;
  const args = prometheusArgs(session.folder, port);
  const prometheus = start(session, {
    name: 'Prometheus',
    file,
    args,
    env: session.env,
    cwd: session.folder,
  });
  await ready(prometheus, `${url}/-/ready`);
  return url;
}

/**
 * @param prometheusUrl where its data come from
 * @returns its address
 * @throws TouchlineError `TL_SERVER_START_FAILED` with what it said
 */
export async function startGrafana(session: Session, file: string, prometheusUrl: string): Promise<string> {
  const port = await freePort(GRAFANA_PORT);
  const home = session.env['GF_PATHS_HOME'] ?? GRAFANA_HOMES.find((folder) => existsSync(folder));
  const url = `http://127.0.0.1:${port}`;
  const grafana = start(session, {
    name: 'Grafana',
    file,
    args: [
      // `grafana-server` is what the program was called before it had commands.
      ...(basename(file) === 'grafana' ? ['server'] : []),
      ...(home === undefined ? [] : ['--homepath', home]),
    ],
    env: { ...session.env, ...grafanaEnvironment({ port, prometheusUrl, ...session }) },
    cwd: session.folder,
  });
  await ready(grafana, `${url}/api/health`);
  return url;
}

function start({ started }: Session, options: ProgramOptions): WatchedProcess {
  const process = new WatchedProcess(options);
  started(process);
  return process;
}

async function ready(process: WatchedProcess, url: string): Promise<void> {
  if (await process.answers(url, START_TIMEOUT_MS)) return;
  throw new TouchlineError('TL_SERVER_START_FAILED', failure(process));
}

/** What is said of a process that ended, or does not answer. */
export function failure(process: WatchedProcess): string {
  const { name, isRunning, endText, lastLines } = process;
  const what = isRunning ? 'it runs and does not answer' : `it ended with ${endText}`;
  return `expected ${name} to run until Ctrl-C; ${what}${lastLines === '' ? '' : `. Its last lines:\n${lastLines}`}`;
}

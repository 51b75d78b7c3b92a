/** The reference server, started for this run and for nobody else. */

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Fault, formatFault } from '../../server/faults/fault-catalogue.ts';
import type { Override } from '../record/run-envelope.ts';
import { ServerView } from '../sampling/server-view.ts';
import { adminProfiles } from './admin-profiles.ts';
import { probeHttp } from './http-probe.ts';
import type { ServerLauncher } from './server-launcher.ts';
import { ServerProcess } from './server-process.ts';
import { SCRAPE_TIMEOUT_MS, type Target } from './target.ts';
import { tickControl } from './tick-control.ts';

export interface SpawnedTargetOptions {
  /** Folder that holds `dist/`. */
  readonly projectFolder: string;
  readonly runFolder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly faults: readonly Fault[];
  /** Settings this run changes; see {@link overridesFor}. */
  readonly overrides: readonly Override[];
  /** Options of Node itself, beside --expose-gc. */
  readonly nodeOptions: readonly string[];
  readonly apiToken: string | undefined;
  /** @defaultValue any free one */
  readonly adminPort?: number;
  /** Name of its log in the run's folder. */
  readonly logName: string;
  /** Starts it under a tool. */
  readonly launcher?: ServerLauncher | undefined;
}

/** The server's own default; see its README table. */
const DEFAULT_MAX_CONNECTIONS = 10_500;
/** Room for the probes, scrapes and publishers beside a tier. */
const SPARE_CONNECTIONS = 500;
const QUICK_HEARTBEAT_SECS = 2;
const START_TIMEOUT_MS = 20_000;
/** Longer than the server's DRAIN_TIMEOUT_SECS, so that its own deadline comes first. */
const STOP_DEADLINE_MS = 15_000;
/** What a process needs from its surroundings; server settings are not among them. */
const INHERITED = /^(PATH|HOME|TMPDIR|TEMP|TMP|LANG|LC_.*|TZ|NODE_ENV|NODE_OPTIONS|SystemRoot)$/i;

/** Settings any run changes, each with the reason; run.json and the report repeat them. */
export function overridesFor(options: { connections: number; quick: boolean }): readonly Override[] {
  const overrides: Override[] = [];
  const needed = options.connections + SPARE_CONNECTIONS;
  if (needed > DEFAULT_MAX_CONNECTIONS) {
    overrides.push({
      name: 'MAX_CONNECTIONS',
      value: String(needed),
      why: `the run asks for ${options.connections} connections; the default is ${DEFAULT_MAX_CONNECTIONS}`,
    });
  }
  if (options.quick) {
    overrides.push({
      name: 'HEARTBEAT_SECS',
      value: String(QUICK_HEARTBEAT_SECS),
      why: 'so that heartbeats fall into the short windows of a quick run',
    });
  }
  return overrides;
}

/**
 * Starts the server with its defaults, the overrides, the faults and a random admin token. Settings in the
 * profiler's own environment do not reach it: run.json would not know them.
 *
 * @throws TouchlineError `TL_SERVER_START_FAILED`, under a tool `TL_TOOL_FAILED`, with the last lines of its log
 */
export async function spawnTarget(options: SpawnedTargetOptions): Promise<Target> {
  const { overrides, launcher } = options;
  const adminToken = randomBytes(24).toString('base64url');
  const server = await ServerProcess.start({
    entryFile: join(options.projectFolder, 'dist', 'server', 'main.js'),
    environment: serverEnvironment(options, overrides, adminToken),
    nodeOptions: options.nodeOptions,
    logFile: join(options.runFolder, options.logName),
    startTimeoutMs: launcher?.startTimeoutMs ?? START_TIMEOUT_MS,
    launcher,
  });
  const { wsUrl, httpUrl, adminUrl } = server.listening;
  const metricsUrl = `${adminUrl}/metrics`;
  const view = new ServerView({ metricsUrl, adminUrl, adminToken, timeoutMs: SCRAPE_TIMEOUT_MS });
  return {
    load: {
      wsUrl,
      httpUrl,
      ...(options.apiToken === undefined ? {} : { apiToken: options.apiToken }),
    },
    view,
    ticks: tickControl({ httpUrl, token: options.apiToken, timeoutMs: SCRAPE_TIMEOUT_MS }),
    profiles: adminProfiles({ adminUrl, adminToken }),
    whyNoProfiles: null,
    pid: server.pid,
    description: {
      kind: 'spawned',
      url: wsUrl,
      http: httpUrl,
      metrics: metricsUrl,
      admin: adminUrl,
      sees: { metrics: true, forcedGc: true },
      sharesMachine: true,
      nodeVersion: process.version,
    },
    overrides,
    blindSpots: [],
    died: server.died,
    // The process may be gone before its exit is known: who answers is alive.
    isAlive: async () => server.isRunning && (await probeHttp(httpUrl, SCRAPE_TIMEOUT_MS)) === undefined,
    close: async () => {
      view.close();
      await server.stop(launcher?.stopDeadlineMs ?? STOP_DEADLINE_MS);
    },
  };
}

function serverEnvironment(
  options: SpawnedTargetOptions,
  overrides: readonly Override[],
  adminToken: string,
): Record<string, string> {
  const inherited = Object.entries(options.environment).flatMap(([name, value]) =>
    value !== undefined && INHERITED.test(name) ? [[name, value] as const] : [],
  );
  return {
    ...Object.fromEntries(inherited),
    PORT: '0',
    ADMIN_PORT: String(options.adminPort ?? 0),
    ADMIN_TOKEN: adminToken,
    ...(options.apiToken === undefined ? {} : { API_TOKEN: options.apiToken }),
    ...(options.faults.length === 0 ? {} : { TOUCHLINE_FAULTS: options.faults.map(formatFault).join(',') }),
    ...Object.fromEntries(overrides.map(({ name, value }) => [name, value])),
  };
}

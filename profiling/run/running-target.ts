/** A server that ran before the profiler came: probed first, then looked at as far as it lets. */

import { ServerView } from '../sampling/server-view.ts';
import { adminProfiles } from './admin-profiles.ts';
import { probeHttp } from './http-probe.ts';
import { SCRAPE_TIMEOUT_MS, type Target } from './target.ts';
import { tickControl } from './tick-control.ts';
import { unreachable } from './unreachable.ts';
import { probeHandshake, probeWelcome } from './websocket-probe.ts';

export interface RunningTargetOptions {
  readonly url: string;
  /** Origin of the HTTP endpoints. */
  readonly http: string;
  readonly admin: string | null;
  readonly metrics: string | null;
  /** Whether `admin` and `metrics` were guessed: they count only when they prove to be the target's. */
  readonly guessed: boolean;
  readonly adminToken: string | null;
  readonly apiToken: string | undefined;
  readonly sharesMachine: boolean;
}

const PROBE_TIMEOUT_MS = 5_000;

/**
 * Connects once to see that the target answers and speaks the protocol, and finds out what can be seen of it.
 *
 * @throws TouchlineError `TL_TARGET_UNREACHABLE` when WebSocket or HTTP does not answer
 */
export async function reachTarget(options: RunningTargetOptions): Promise<Target> {
  const view = new ServerView({
    metricsUrl: options.metrics,
    adminUrl: options.admin,
    adminToken: options.adminToken,
    timeoutMs: SCRAPE_TIMEOUT_MS,
  });
  try {
    const before = await view.scrape();
    await probeWelcome(options.url);
    const silence = await probeHttp(options.http, PROBE_TIMEOUT_MS);
    if (silence !== undefined) throw unreachable(`an HTTP server at ${options.http}`, silence);
    const after = await view.scrape();
    const name = 'touchline_connections_opened_total';
    const countedUs = (after?.value(name) ?? 0) > (before?.value(name) ?? 0);
    const metrics = after !== null && (countedUs || !options.guessed);
    const nodeVersion = metrics ? (after?.nodeVersion() ?? null) : null;
    const forcedGc = metrics && (await view.collectGarbage());
    return describe(options, { view, metrics, forcedGc, nodeVersion });
  } catch (error) {
    view.close();
    throw error;
  }
}

interface Seen {
  readonly view: ServerView;
  readonly metrics: boolean;
  readonly forcedGc: boolean;
  readonly nodeVersion: string | null;
}

function describe(options: RunningTargetOptions, seen: Seen): Target {
  return {
    load: {
      wsUrl: options.url,
      httpUrl: options.http,
      ...(options.apiToken === undefined ? {} : { apiToken: options.apiToken }),
    },
    view: seen.metrics ? seen.view : BLIND,
    ticks: tickControl({ httpUrl: options.http, token: options.apiToken, timeoutMs: SCRAPE_TIMEOUT_MS }),
    ...profilesOf(options, seen),
    description: {
      kind: 'running',
      url: options.url,
      http: options.http,
      metrics: seen.metrics ? options.metrics : null,
      admin: seen.metrics ? options.admin : null,
      sees: { metrics: seen.metrics, forcedGc: seen.forcedGc },
      sharesMachine: options.sharesMachine,
      nodeVersion: seen.nodeVersion,
    },
    overrides: [],
    blindSpots: blindSpots(options, seen),
    died: new AbortController().signal,
    isAlive: () => answers(options.url),
    close: async () => seen.view.close(),
  };
}

function profilesOf(
  { admin, adminToken }: RunningTargetOptions,
  { metrics }: Seen,
): Pick<Target, 'profiles' | 'whyNoProfiles'> {
  if (metrics && admin !== null && adminToken !== null) {
    return { profiles: adminProfiles({ adminUrl: admin, adminToken }), whyNoProfiles: null };
  }
  const needed =
    adminToken === null
      ? '--admin-token <token> allows it (the server logs where its token is)'
      : '--admin <address> tells where its admin port is';
  return { profiles: null, whyNoProfiles: `the target cannot be profiled; ${needed}` };
}

/** Sees nothing: the metrics that were found are not the target's. */
const BLIND = {
  scrape: async () => null,
  collectGarbage: async () => false,
  askAdmin: async () => null,
} as const;

function blindSpots(options: RunningTargetOptions, seen: Seen): readonly string[] {
  if (!seen.metrics) {
    const where = options.metrics === null ? '' : ` (none of this target at ${options.metrics})`;
    return [
      `memory, CPU and loop delay of the target cannot be seen${where}; --metrics <address> shows them`,
    ];
  }
  if (seen.forcedGc) return [];
  if (options.adminToken !== null) {
    return [
      `garbage collection cannot be forced although there is an admin token: the target at ${options.admin ?? 'no admin address'} does not take it, or runs without --expose-gc, which npm start gives it; memory per connection is a rough figure`,
    ];
  }
  return [
    'garbage collection cannot be forced, so memory per connection is a rough figure; --admin-token <token> allows it (the server logs where its token is, and needs --expose-gc, as npm start gives it)',
  ];
}

async function answers(url: string): Promise<boolean> {
  try {
    await probeHandshake(url);
    return true;
  } catch {
    return false;
  }
}

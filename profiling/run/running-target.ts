/** A server that ran before the profiler came: probed first, then looked at as far as it lets. */

import type { MetricName } from '../../server/observability/metric-catalogue.ts';
import { listensElsewhere } from '../record/attached-process.ts';
import { type ServerObservation, ServerView } from '../sampling/server-view.ts';
import { adminProfiles } from './admin-profiles.ts';
import { type AttachedProcess, attachProcess } from './attach/attach-process.ts';
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
  /** What it must answer. @defaultValue websocket */
  readonly speaks?: keyof typeof LANGUAGES;
  readonly apiToken: string | undefined;
  readonly sharesMachine: boolean;
  /** A process to look into over its inspector, and where to say that it could not be left as it was. */
  readonly attach?: { readonly pid: number; readonly warn: (sentence: string) => void } | undefined;
}

const PROBE_TIMEOUT_MS = 5_000;

interface Language {
  /** Sees that it is spoken. @throws TouchlineError `TL_TARGET_UNREACHABLE` */
  readonly greet: (url: string) => Promise<void>;
  /** What grows when it was. */
  readonly counter: MetricName;
  readonly isAlive: (target: Pick<RunningTargetOptions, 'url' | 'http'>) => Promise<boolean>;
}

/** HTTP is probed of every target; one that speaks only that is not asked for more. */
const LANGUAGES = {
  websocket: {
    greet: probeWelcome,
    counter: 'touchline_connections_opened_total',
    isAlive: ({ url }) => answers(url),
  },
  http: {
    greet: async () => undefined,
    counter: 'touchline_http_requests_total',
    isAlive: async ({ http }) => (await probeHttp(http, PROBE_TIMEOUT_MS)) === undefined,
  },
} as const satisfies Record<string, Language>;

function languageOf({ speaks = 'websocket' }: RunningTargetOptions): Language {
  return LANGUAGES[speaks];
}

/**
 * Connects once to see that the target answers and speaks the protocol, and finds out what can be seen of it.
 *
 * @throws TouchlineError `TL_TARGET_UNREACHABLE` when WebSocket or HTTP does not answer; `TL_ATTACH_REFUSED` when the process
 * to attach to does not prove to be Node.js of this user
 */
export async function reachTarget(options: RunningTargetOptions): Promise<Target> {
  const { attach, url } = options;
  if (attach === undefined) return probeTarget(options, null);
  const attached = await attachProcess({ pid: attach.pid, port: portOf(url) });
  const letGo = async () => {
    const problem = await attached.close();
    if (problem !== undefined) attach.warn(problem);
  };
  try {
    const target = await probeTarget(options, attached);
    const close = async () => {
      await target.close();
      await letGo();
    };
    return { ...target, close };
  } catch (error) {
    await letGo();
    throw error;
  }
}

async function probeTarget(options: RunningTargetOptions, attached: AttachedProcess | null): Promise<Target> {
  const view = new ServerView({
    metricsUrl: options.metrics,
    adminUrl: options.admin,
    adminToken: options.adminToken,
    timeoutMs: SCRAPE_TIMEOUT_MS,
  });
  try {
    const { greet, counter } = languageOf(options);
    const before = await view.scrape();
    await greet(options.url);
    const silence = await probeHttp(options.http, PROBE_TIMEOUT_MS);
    if (silence !== undefined) throw unreachable(`an HTTP server at ${options.http}`, silence);
    const after = await view.scrape();
    const countedUs = (after?.value(counter) ?? 0) > (before?.value(counter) ?? 0);
    const metrics = after !== null && (countedUs || !options.guessed);
    const nodeVersion = metrics ? (after?.nodeVersion() ?? null) : null;
    const forcedGc = metrics && (await view.collectGarbage());
    return describe(options, { view, metrics, forcedGc, nodeVersion, attached });
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
  readonly attached: AttachedProcess | null;
}

function describe(options: RunningTargetOptions, seen: Seen): Target {
  return {
    load: {
      wsUrl: options.url.replace(/^http/, 'ws'),
      httpUrl: options.http,
      ...(options.apiToken === undefined ? {} : { apiToken: options.apiToken }),
    },
    view: viewOf(seen),
    ticks: tickControl({ httpUrl: options.http, token: options.apiToken, timeoutMs: SCRAPE_TIMEOUT_MS }),
    ...profilesOf(options, seen),
    description: {
      kind: 'running',
      url: options.url,
      http: options.http,
      metrics: seen.metrics ? options.metrics : null,
      admin: seen.metrics ? options.admin : null,
      sees: { metrics: seen.metrics, forcedGc: seen.forcedGc || seen.attached !== null },
      sharesMachine: options.sharesMachine,
      nodeVersion: seen.nodeVersion ?? seen.attached?.description.nodeVersion ?? null,
      ...(seen.attached === null ? {} : { attached: seen.attached.description }),
    },
    overrides: [],
    blindSpots: blindSpots(options, seen),
    died: new AbortController().signal,
    isAlive: () => languageOf(options).isAlive(options),
    close: async () => seen.view.close(),
  };
}

/** Metrics of its own tell more than its process does. */
function viewOf({ view, metrics, attached }: Seen): ServerObservation {
  if (attached === null) return metrics ? view : BLIND;
  return metrics ? attached.collecting(view) : attached.view;
}

function profilesOf(
  { admin, adminToken }: RunningTargetOptions,
  { metrics, attached }: Seen,
): Pick<Target, 'profiles' | 'whyNoProfiles'> {
  if (attached !== null) return { profiles: attached.profiles, whyNoProfiles: null };
  if (metrics && admin !== null && adminToken !== null) {
    return { profiles: adminProfiles({ adminUrl: admin, adminToken }), whyNoProfiles: null };
  }
  const needed =
    adminToken === null
      ? '--admin-token <token> allows it (the server logs where its token is), and on this machine --attach <pid>'
      : '--admin <address> tells where its admin port is, and --attach <pid> needs none';
  return { profiles: null, whyNoProfiles: `the target cannot be profiled; ${needed}` };
}

/** Sees nothing: the metrics that were found are not the target's. */
const BLIND = {
  scrape: async () => null,
  collectGarbage: async () => false,
  askAdmin: async () => null,
} as const;

function blindSpots(options: RunningTargetOptions, seen: Seen): readonly string[] {
  return seen.attached === null ? hidden(options, seen) : attachedBlindSpots(seen, seen.attached);
}

function attachedBlindSpots({ metrics }: Seen, { description }: AttachedProcess): readonly string[] {
  const spots: string[] = [];
  if (!metrics) {
    spots.push(
      'loop delay, send queues and what the target counts cannot be seen over its inspector; --metrics <address> shows them',
    );
  }
  const elsewhere = listensElsewhere(description);
  return elsewhere === null ? spots : [...spots, elsewhere];
}

function hidden(options: RunningTargetOptions, seen: Seen): readonly string[] {
  if (!seen.metrics) {
    const where = options.metrics === null ? '' : ` (none of this target at ${options.metrics})`;
    return [
      `memory, CPU and loop delay of the target cannot be seen${where}; --metrics <address> shows them`,
    ];
  }
  // Memory per connection is no figure of one that is asked over HTTP alone.
  if (seen.forcedGc || options.speaks === 'http') return [];
  if (options.adminToken !== null) {
    return [
      `garbage collection cannot be forced although there is an admin token: the target at ${options.admin ?? 'no admin address'} does not take it, or runs without --expose-gc, which npm start gives it; memory per connection is a rough figure`,
    ];
  }
  return [
    'garbage collection cannot be forced, so memory per connection is a rough figure; --admin-token <token> allows it (the server logs where its token is, and needs --expose-gc, as npm start gives it)',
  ];
}

function portOf(url: string): number {
  const { port, protocol } = new URL(url);
  return port === '' ? (protocol === 'wss:' ? 443 : 80) : Number(port);
}

async function answers(url: string): Promise<boolean> {
  try {
    await probeHandshake(url);
    return true;
  } catch {
    return false;
  }
}

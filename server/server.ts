/**
 * Wires the server together. The public port: Fastify for HTTP, ws for upgrades, both into the hub. The admin
 * port beside it reads everything through MetricSources.
 */

import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { ServerConfig } from './config.ts';
import { type ActiveFaults, createActiveFaults } from './faults/active-faults.ts';
import { EventsEndpoint } from './features/events-endpoint.ts';
import { COMMENTARY_ROUTE, registerMatchRoutes } from './features/matches/match-routes.ts';
import { Matches } from './features/matches/matches.ts';
import type { Clock } from './hub/clock.ts';
import { Hub } from './hub/hub.ts';
import { createMetricSources } from './metric-source.ts';
import { isHostAllowed } from './observability/admin-access.ts';
import { createAdminPort } from './observability/admin-port.ts';
import { createEventLoopMonitor, type EventLoopMonitor } from './observability/event-loop.ts';
import { createGcMonitor } from './observability/gc.ts';
import { METRIC_CATALOGUE } from './observability/metric-catalogue.ts';
import type { MetricSources } from './observability/metric-sources.ts';
import { createMetrics, type Metrics } from './observability/metrics.ts';
import { readPackageVersion } from './package-version.ts';
import { TouchlineError } from './protocol/touchline-error.ts';
import { requirePublisher } from './publisher-access.ts';
import type { SettingValues } from './settings.ts';
import { systemClock } from './system-clock.ts';
import { parseNetworks } from './transport/client-address.ts';
import { Drain, type DrainState } from './transport/drain.ts';
import { readDescriptorLimit } from './transport/file-descriptors.ts';
import { createHttpApp, HTTP_APP_PATHS, refuseOtherMethods } from './transport/http-app.ts';
import { answerRaw } from './transport/raw-answer.ts';
import { UpgradeGate } from './transport/upgrade-gate.ts';
import { WebSocketTransport } from './transport/websocket.ts';

/** What `startServer` needs beside the configuration. */
export interface ServerOptions {
  /** Bearer token of the admin port. */
  readonly adminToken: string;
  /** Told of errors of ours that a request or message brought up. */
  readonly onDefect: (error: unknown) => void;
  readonly clock?: Clock;
  /** 0 ≤ x < 1; spreads the drain's batches. */
  readonly random?: () => number;
}

/** A server that listens. */
export interface TouchlineServer {
  /** `ws://127.0.0.1:8000/ws` */
  readonly wsUrl: string;
  /** `http://127.0.0.1:8000` */
  readonly httpUrl: string;
  /** `http://127.0.0.1:9464` */
  readonly adminUrl: string;
  /** Connections it takes: MAX_CONNECTIONS or what the descriptor limit allows. */
  readonly maxConnections: number;
  readonly sources: MetricSources;
  /** Drains, then closes everything. Again, it gives the same promise. */
  stop(): Promise<DrainState>;
  /** Cuts what is left of the drain at once. */
  cutNow(): void;
}

/** Slow consumers nobody sends to, and closings that take too long, are looked for this often. */
const SWEEP_EVERY_MS = 500;
/** A loop this late for 10 s is not ready for traffic. */
const UNREADY_LOOP_P99_MS = 1_000;
/** What is still on HTTP when all connections are gone has this long to finish. */
const HTTP_GRACE_MS = 1_000;
/** ws ends closing handshakes this long after the drain would have. */
const CLOSE_TIMEOUT_MARGIN_MS = 30_000;

interface Core {
  readonly hub: Hub;
  readonly matches: Matches;
  readonly gate: UpgradeGate;
  readonly transport: WebSocketTransport;
  readonly drain: Drain;
  readonly faults: ActiveFaults;
  readonly loop: EventLoopMonitor;
  readonly metrics: Metrics;
  readonly sources: MetricSources;
  readonly maxConnections: number;
  stop(): void;
}

/**
 * Starts both ports.
 *
 * @throws TouchlineError `TL_PORT_UNAVAILABLE`; nothing is left open then
 */
export async function startServer(config: ServerConfig, options: ServerOptions): Promise<TouchlineServer> {
  const { settings } = config;
  const core = createCore(config, options);
  const app = createApp(config, core, options);
  const adminPort = createAdminPort({
    host: settings.ADMIN_HOST,
    port: settings.ADMIN_PORT,
    token: options.adminToken,
    allowedHosts: [...settings.ALLOWED_HOSTS, settings.ADMIN_HOST],
    sources: core.sources,
    metrics: core.metrics,
    onDefect: options.onDefect,
  });
  const close = async () => {
    await closeHttp(app);
    core.stop();
    await adminPort.close();
  };
  try {
    const publicPort = await listen(app, settings);
    const admin = await adminPort.listen();
    const secure = config.tls === null ? '' : 's';
    const authority = `${reachableHost(settings.HOST)}:${publicPort}`;
    let stopping: Promise<DrainState> | null = null;
    return {
      wsUrl: `ws${secure}://${authority}/ws`,
      httpUrl: `http${secure}://${authority}`,
      adminUrl: `http://${reachableHost(settings.ADMIN_HOST)}:${admin.port}`,
      maxConnections: core.maxConnections,
      sources: core.sources,
      stop() {
        stopping ??= core.drain.begin().then(async (state) => {
          await close();
          return state;
        });
        return stopping;
      },
      cutNow: () => core.drain.cutNow(),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function createCore(config: ServerConfig, options: ServerOptions): Core {
  const { settings } = config;
  const clock = options.clock ?? systemClock;
  const faults = createActiveFaults(config.faults, clock.nowMs);
  const hub = createHub(settings, faults, clock);
  const matches = new Matches(hub, { maxSubscriptions: settings.WS_MAX_SUBSCRIPTIONS });
  const drainTimeoutMs = settings.DRAIN_TIMEOUT_SECS * 1000;
  const drain = new Drain({ hub, timeoutMs: drainTimeoutMs, random: options.random ?? Math.random });
  const maxConnections = Math.min(settings.MAX_CONNECTIONS, readDescriptorLimit().maxConnections);
  const gate = createGate(config, { hub, drain, faults, maxConnections });
  const transport = new WebSocketTransport({
    endpoint: new EventsEndpoint(hub, matches),
    maxPayloadBytes: settings.MAX_PAYLOAD_BYTES,
    heartbeatMs: settings.HEARTBEAT_SECS * 1000,
    closeTimeoutMs: drainTimeoutMs + CLOSE_TIMEOUT_MARGIN_MS,
    nowMs: clock.nowMs,
    onDefect: options.onDefect,
    onOpened: (remoteAddress) => gate.admitted(remoteAddress),
    onClosed(remoteAddress) {
      gate.released(remoteAddress);
      drain.connectionGone();
    },
    ...(faults.wrapSocket === undefined ? {} : { wrapSocket: faults.wrapSocket }),
  });
  const loop = createEventLoopMonitor();
  const gc = createGcMonitor();
  const sources = createMetricSources({ hub, gate, transport, drain, faults });
  const metrics = createMetrics({ sources, loop, gc, version: readPackageVersion(), now: clock.nowMs });
  const sweepTimer = setInterval(() => hub.sweep(), SWEEP_EVERY_MS);
  for (const part of [loop, gc, faults, transport.heartbeat]) part.start();
  const stop = () => {
    clearInterval(sweepTimer);
    for (const part of [loop, gc, faults, transport.heartbeat]) part.stop();
  };
  return { hub, matches, gate, transport, drain, faults, loop, metrics, sources, maxConnections, stop };
}

function createHub(settings: SettingValues, { fanOut }: ActiveFaults, clock: Clock): Hub {
  return new Hub({
    clock,
    epoch: randomBytes(6).toString('base64url'),
    limits: {
      maxBufferedBytes: settings.WS_MAX_BUFFERED_BYTES,
      maxBufferedAgeMs: settings.WS_MAX_BUFFERED_AGE_MS,
      messagesPerSecond: settings.WS_RATE_LIMIT_PER_SEC,
      maxSubscriptions: settings.WS_MAX_SUBSCRIPTIONS,
      maxIdleRooms: settings.MAX_IDLE_ROOMS,
    },
    histogramBounds: {
      broadcastSeconds: METRIC_CATALOGUE.touchline_broadcast_duration_seconds.buckets,
      broadcastRecipients: METRIC_CATALOGUE.touchline_broadcast_recipients.buckets,
    },
    ...(fanOut === undefined ? {} : { fanOut }),
  });
}

function createGate(
  { settings, tls }: ServerConfig,
  { hub, drain, faults, maxConnections }: Pick<Core, 'hub' | 'drain' | 'faults' | 'maxConnections'>,
): UpgradeGate {
  const trustedProxies = parseNetworks(settings.TRUST_PROXY);
  if (trustedProxies === null) {
    throw new TouchlineError(
      'TL_CONFIG_INVALID',
      `TRUST_PROXY: expected networks; received ${settings.TRUST_PROXY}`,
    );
  }
  return new UpgradeGate({
    path: '/ws',
    allowedOrigins: settings.ALLOWED_ORIGINS,
    maxConnections,
    maxConnectionsPerIp: settings.MAX_CONNECTIONS_PER_IP,
    trustedProxies,
    scheme: tls === null ? 'http' : 'https',
    isHostAllowed: hostCheck(settings),
    connectionCount: () => hub.connectionCount,
    isDraining: () => drain.isDraining,
    ...(faults.refuseUpgrade === undefined ? {} : { refuseByFault: faults.refuseUpgrade }),
  });
}

function createApp(
  { settings, tls }: ServerConfig,
  core: Core,
  { onDefect }: ServerOptions,
): FastifyInstance {
  const { drain, loop, matches, metrics, gate, transport } = core;
  const app = createHttpApp({
    tls,
    maxPayloadBytes: settings.MAX_PAYLOAD_BYTES,
    isHostAllowed: hostCheck(settings),
    readinessProblems: () => [
      ...(drain.isDraining ? ['draining'] : []),
      ...(loop.readinessP99Ms() > UNREADY_LOOP_P99_MS ? ['loop_delay'] : []),
    ],
    onRequestDone: (route, status, seconds) => metrics.observeHttpRequest(route, status, seconds),
    onDefect,
  });
  registerMatchRoutes(app, {
    matches,
    requirePublisher({ authorization }) {
      if (drain.isDraining) {
        throw new TouchlineError(
          'TL_DRAINING',
          'expected a server that takes new work; this one is shutting down',
        );
      }
      requirePublisher(authorization, settings);
    },
  });
  refuseOtherMethods(app, [...HTTP_APP_PATHS, COMMENTARY_ROUTE]);
  app.server.on('upgrade', (request, socket, head) => {
    const decision = gate.decide(request);
    if (!decision.accepted) {
      answerRaw(socket, decision.answer);
      return;
    }
    transport.accept(request, head, decision.remoteAddress);
  });
  return app;
}

function hostCheck({ ALLOWED_HOSTS, HOST }: SettingValues): (host: string | undefined) => boolean {
  const allowed = [...ALLOWED_HOSTS, HOST];
  return (host) => isHostAllowed(host, allowed);
}

/** @returns the port that is bound */
async function listen(app: FastifyInstance, { HOST, PORT }: SettingValues): Promise<number> {
  try {
    await app.listen({ host: HOST, port: PORT });
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    const message = `expected to bind the public port ${HOST}:${PORT} (HOST, PORT); received ${what}`;
    throw new TouchlineError('TL_PORT_UNAVAILABLE', message, { cause });
  }
  const address: AddressInfo | string | null = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : PORT;
}

/** Lets requests in flight finish, but not for long. */
async function closeHttp(app: FastifyInstance): Promise<void> {
  const server: Server = app.server;
  const cut = setTimeout(() => server.closeAllConnections(), HTTP_GRACE_MS);
  await app.close();
  clearTimeout(cut);
}

/** An address that a client on this machine can use. */
function reachableHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

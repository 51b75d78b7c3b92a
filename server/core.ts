/** Everything of the server but its ports: hub, matches, transport, drain, faults and monitors, wired together. */

import { randomBytes } from 'node:crypto';
import type { ServerConfig } from './config.ts';
import { type ActiveFaults, createActiveFaults } from './faults/active-faults.ts';
import { EventsEndpoint } from './features/events-endpoint.ts';
import { Matches } from './features/matches/matches.ts';
import type { Ticks } from './features/ticks/ticks.ts';
import { ticksQueryProblem } from './features/ticks/ticks-endpoint.ts';
import type { Clock } from './hub/clock.ts';
import { Connection } from './hub/connection.ts';
import { Hub } from './hub/hub.ts';
import { Room } from './hub/room.ts';
import { createMetricSources } from './metric-source.ts';
import { isHostAllowed } from './observability/admin-access.ts';
import type { CountedClasses } from './observability/class-counts.ts';
import { createEventLoopMonitor, type EventLoopMonitor } from './observability/event-loop.ts';
import { createGcMonitor } from './observability/gc.ts';
import { Instrumentation } from './observability/instrumentation.ts';
import { METRIC_CATALOGUE } from './observability/metric-catalogue.ts';
import type { MetricSources } from './observability/metric-sources.ts';
import { createMetrics, type Metrics } from './observability/metrics.ts';
import { readPackageVersion } from './package-version.ts';
import { TouchlineError } from './protocol/touchline-error.ts';
import type { SettingValues } from './settings.ts';
import { systemClock } from './system-clock.ts';
import { parseNetworks } from './transport/client-address.ts';
import type { ConnectionEndpoint, TransportOptions } from './transport/connection-endpoint.ts';
import { Drain } from './transport/drain.ts';
import { createEngine } from './transport/engine.ts';
import { readDescriptorLimit } from './transport/file-descriptors.ts';
import type { Engine } from './transport/transport.ts';
import { type CheckQuery, UpgradeGate } from './transport/upgrade-gate.ts';
import { wireTicks } from './wire-ticks.ts';

/** What a server needs beside the configuration. */
export interface ServerOptions {
  /** Bearer token of the admin port. */
  readonly adminToken: string;
  /** Told of errors of ours that a request or message brought up. */
  readonly onDefect: (error: unknown) => void;
  readonly clock?: Clock;
  /** 0 ≤ x < 1; spreads the drain's batches. */
  readonly random?: () => number;
  /** Takes the telemetry of the tick feed, a line at a time; absent when nobody looks on. */
  readonly print?: (line: string) => void;
}

/** Slow consumers nobody sends to, and closings that take too long, are looked for this often. */
const SWEEP_EVERY_MS = 500;
/** An engine ends closing handshakes this long after the drain would have. */
const CLOSE_TIMEOUT_MARGIN_MS = 30_000;

/** The parts, running. */
export interface Core {
  readonly hub: Hub;
  readonly matches: Matches;
  readonly ticks: Ticks;
  /** What happens on the WebSocket endpoints, by their paths. */
  readonly endpoints: ReadonlyMap<string, ConnectionEndpoint>;
  readonly gate: UpgradeGate;
  /** What the public port runs on. */
  readonly engine: Engine;
  readonly drain: Drain;
  readonly faults: ActiveFaults;
  readonly loop: EventLoopMonitor;
  readonly instrumentation: Instrumentation;
  readonly metrics: Metrics;
  readonly sources: MetricSources;
  /** Classes whose live instances are counted on demand. */
  readonly classes: CountedClasses;
  readonly maxConnections: number;
  /** Stops timers, monitors and faults; connections are the drain's. */
  stop(): void;
}

/** Makes the parts and starts their timers. */
export function createCore(config: ServerConfig, options: ServerOptions): Core {
  const { settings } = config;
  const clock = options.clock ?? systemClock;
  const faults = createActiveFaults(config.faults, clock.nowMs);
  const loop = createEventLoopMonitor();
  const gc = createGcMonitor();
  const instrumentation = new Instrumentation([loop, gc, ...faults.instruments]);
  const hub = createHub(settings, faults, { clock, timing: instrumentation });
  const features = createFeatures(hub, settings, options);
  const timeoutMs = drainTimeoutMs(settings);
  const drain = new Drain({ hub, timeoutMs, random: options.random ?? Math.random });
  const maxConnections = Math.min(settings.MAX_CONNECTIONS, readDescriptorLimit().maxConnections);
  const gate = createGate(config, { hub, drain, faults, maxConnections });
  const engine = createEngine(
    settings.ENGINE,
    transportOptions(settings, { gate, faults, drain, nowMs: clock.nowMs, onDefect: options.onDefect }),
  );
  const { transport } = engine;
  const sources = createMetricSources({ hub, gate, transport, drain, faults, ticks: features.ticks });
  const metrics = createMetrics({
    sources,
    loop,
    gc,
    version: readPackageVersion(),
    instrumentation,
    now: clock.nowMs,
  });
  const sweepTimer = setInterval(() => hub.sweep(), SWEEP_EVERY_MS);
  // Node names the class of its timers nowhere. Not ArrayBuffer: its count depends on how buffers fell into Node's pool.
  const Timeout = sweepTimer.constructor;
  const classes = { Connection, Room, ...transport.classes, Timeout, Buffer };
  for (const part of [faults, transport.heartbeat]) part.start();
  instrumentation.switchTo(settings.INSTRUMENTATION === 'on');
  const stop = () => {
    clearInterval(sweepTimer);
    instrumentation.switchTo(false);
    for (const part of [faults, transport.heartbeat, features.ticks]) part.stop();
  };
  return {
    hub,
    ...features,
    gate,
    engine,
    drain,
    faults,
    loop,
    instrumentation,
    metrics,
    sources,
    classes,
    maxConnections,
    stop,
  };
}

/** What messages mean here: the features, and their endpoints. */
function createFeatures(
  hub: Hub,
  settings: SettingValues,
  options: ServerOptions,
): Pick<Core, 'matches' | 'ticks' | 'endpoints'> {
  const matches = new Matches(hub, { maxSubscriptions: settings.WS_MAX_SUBSCRIPTIONS });
  const { ticks, endpoint } = wireTicks({ hub, settings, ...options });
  const endpoints = new Map<string, ConnectionEndpoint>([
    ['/ws', new EventsEndpoint(hub, matches)],
    ['/ticks', endpoint],
  ]);
  return { matches, ticks, endpoints };
}

function createHub(
  settings: SettingValues,
  { collections }: ActiveFaults,
  { clock, timing }: { clock: Clock; timing: Instrumentation },
): Hub {
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
    collections,
    fanOut: settings.FAN_OUT,
    timing,
  });
}

/** What the engine needs, and whom it tells. */
function transportOptions(
  settings: SettingValues,
  {
    gate,
    faults,
    drain,
    ...rest
  }: Pick<Core, 'gate' | 'faults' | 'drain'> & Pick<TransportOptions, 'nowMs' | 'onDefect'>,
): TransportOptions {
  return {
    ...rest,
    isCompressing: settings.WS_COMPRESSION === 'on',
    maxPayloadBytes: settings.MAX_PAYLOAD_BYTES,
    maxBufferedBytes: Math.max(
      settings.WS_MAX_BUFFERED_BYTES,
      settings.TICK_READER_BUFFER_BYTES,
      settings.TICK_NAIVE_BUFFER_BYTES,
    ),
    heartbeatMs: settings.HEARTBEAT_SECS * 1000,
    closeTimeoutMs: drainTimeoutMs(settings) + CLOSE_TIMEOUT_MARGIN_MS,
    onOpened(connection) {
      gate.admitted(connection.remoteAddress);
      faults.connectionOpened(connection);
    },
    onClosed(connection) {
      gate.released(connection.remoteAddress);
      faults.connectionEnded(connection);
      drain.connectionGone();
    },
    ...(faults.wrapSocket === undefined ? {} : { wrapSocket: faults.wrapSocket }),
    ...(faults.socketEnded === undefined ? {} : { socketEnded: faults.socketEnded }),
  };
}

function drainTimeoutMs({ DRAIN_TIMEOUT_SECS }: SettingValues): number {
  return DRAIN_TIMEOUT_SECS * 1000;
}
/** What the query of an upgrade request must not be; on `/ws` it is ignored. */
const CHECKS_BY_PATH: ReadonlyMap<string, CheckQuery> = new Map([
  ['/ws', () => null],
  ['/ticks', ticksQueryProblem],
]);

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
    endpoints: CHECKS_BY_PATH,
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

/** The Host check of the public port. */
export function hostCheck({ ALLOWED_HOSTS, HOST }: SettingValues): (host: string | undefined) => boolean {
  const allowed = [...ALLOWED_HOSTS, HOST];
  return (host) => isHostAllowed(host, allowed);
}

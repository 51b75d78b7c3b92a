/**
 * Wires the server together. The public port: Fastify for HTTP, ws for upgrades, both into the hub. The admin
 * port beside it reads everything through MetricSources.
 */

import type { ServerConfig } from './config.ts';
import { createCore, type ServerOptions } from './core.ts';
import { createAdminPort } from './observability/admin-port.ts';
import type { MetricSources } from './observability/metric-sources.ts';
import { closePublicPort, createPublicPort, listenPublicly } from './public-port.ts';
import type { DrainState } from './transport/drain.ts';

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

/**
 * Starts both ports.
 *
 * @throws TouchlineError `TL_PORT_UNAVAILABLE`; nothing is left open then
 */
export async function startServer(config: ServerConfig, options: ServerOptions): Promise<TouchlineServer> {
  const { settings } = config;
  const core = createCore(config, options);
  const publicPort = createPublicPort(config, core, options);
  const { emitter } = core.engine.transport;
  const adminPort = createAdminPort({
    host: settings.ADMIN_HOST,
    port: settings.ADMIN_PORT,
    token: options.adminToken,
    allowedHosts: [...settings.ALLOWED_HOSTS, settings.ADMIN_HOST],
    sources: core.sources,
    metrics: core.metrics,
    instrumentation: core.instrumentation,
    emitters: {
      process,
      httpServer: publicPort.app.server,
      ...(emitter === null ? {} : { webSocketServer: emitter }),
    },
    classes: core.classes,
    liveTargets: settings.LIVE_TARGETS,
    onDefect: options.onDefect,
  });
  const close = async () => {
    await closePublicPort(publicPort);
    core.stop();
    await adminPort.close();
  };
  const drainAndClose = async () => {
    core.faults.releaseConnections();
    const state = await core.drain.begin();
    await close();
    return state;
  };
  try {
    const port = await listenPublicly(publicPort, settings);
    const admin = await adminPort.listen();
    const secure = config.tls === null ? '' : 's';
    const authority = `${reachableHost(settings.HOST)}:${port}`;
    let stopping: Promise<DrainState> | null = null;
    return {
      wsUrl: `ws${secure}://${authority}/ws`,
      httpUrl: `http${secure}://${authority}`,
      adminUrl: `http://${reachableHost(settings.ADMIN_HOST)}:${admin.port}`,
      maxConnections: core.maxConnections,
      sources: core.sources,
      stop() {
        stopping ??= drainAndClose();
        return stopping;
      },
      cutNow: () => core.drain.cutNow(),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** An address that a client on this machine can use. */
function reachableHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

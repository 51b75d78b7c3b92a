/**
 * `touchline/instrument`: the metrics of the reference server for any `ws` server, in the prom-client register that it
 * has already, so that its `/metrics` shows them and touchline's dashboards and alerts work for it.
 * (The switch `INSTRUMENTATION` of the reference server is another thing: observability/instrumentation.ts.)
 */

import { RegisteredMetrics, skippedNames } from './observability/instrument/registered-metrics.ts';
import { watchServer } from './observability/instrument/watch-server.ts';
import type { InstrumentableRegister, InstrumentableServer } from './observability/instrument/ws-shapes.ts';
import { readPackageVersion } from './package-version.ts';
import { TouchlineError } from './protocol/touchline-error.ts';

export type {
  InstrumentableRegister,
  InstrumentableServer,
  InstrumentableWebSocket,
} from './observability/instrument/ws-shapes.ts';

export interface InstrumentOptions {
  /** The registry whose metrics are scraped. Where it holds a metric of the same name, that one stays and ours is left out. */
  readonly register: InstrumentableRegister;
  /** Close codes of your own (4000–4999) that are to have series of their own; all others share "other". */
  readonly closeCodes?: readonly number[];
}

/** A server that is being watched. */
export interface Instrumented {
  /** Metrics that were added to the register. */
  readonly metricNames: readonly string[];
  /** Metrics of ours that the register had already (prom-client's default metrics). */
  readonly skippedNames: readonly string[];
  /** Ends the watching; the last server of a register takes the metrics with it. Connections go on as they are. */
  stop(): void;
}

const registered = new WeakMap<InstrumentableRegister, RegisteredMetrics>();
const watchedServers = new WeakSet<InstrumentableServer>();

/**
 * Watches a `ws` server from here on. Call it before the server listens and after `collectDefaultMetrics`. Servers that share a
 * register are summed. What only the application knows (rooms, broadcasts, drains) is left out: a gap is honest, a zero is not.
 *
 * @param server a `WebSocketServer` of ws 8, in any mode
 * @throws TouchlineError `TL_INSTRUMENT_INVALID` for what is no such server or register or close code;
 *   `TL_ALREADY_INSTRUMENTED` when the server is watched already
 */
export function instrument(server: InstrumentableServer, options: InstrumentOptions): Instrumented {
  check(server, options);
  const { register, closeCodes = [] } = options;
  const metrics = registered.get(register) ?? new RegisteredMetrics(register, readPackageVersion());
  registered.set(register, metrics);
  watchedServers.add(server);
  metrics.servers += 1;
  for (const code of closeCodes) metrics.closeCodes.add(code);
  const unwatch = watchServer(server, metrics.counters);
  let isWatched = true;
  return {
    metricNames: [...metrics.metrics.keys()],
    skippedNames: skippedNames(metrics),
    stop() {
      if (!isWatched) return;
      isWatched = false;
      unwatch();
      watchedServers.delete(server);
      metrics.servers -= 1;
      if (metrics.servers > 0) return;
      metrics.remove();
      registered.delete(register);
    },
  };
}

/** Callers may be JavaScript, where the compiler told them nothing. */
function check(server: unknown, options: unknown): asserts options is InstrumentOptions {
  if (!hasMethods(server, ['handleUpgrade', 'on'])) {
    throw invalid('a WebSocketServer of the package ws as server', server);
  }
  const { register, closeCodes } = (options ?? {}) as { register?: unknown; closeCodes?: unknown };
  if (!hasMethods(register, ['registerMetric', 'getSingleMetric', 'removeSingleMetric'])) {
    throw invalid('a prom-client Registry as register', register);
  }
  const codes: unknown[] = Array.isArray(closeCodes ?? []) ? [...((closeCodes ?? []) as unknown[])] : [null];
  if (!codes.every(isCloseCode)) {
    throw invalid('closeCodes to be whole numbers from 1000 to 4999', JSON.stringify(closeCodes));
  }
  if (watchedServers.has(server as InstrumentableServer)) {
    throw new TouchlineError(
      'TL_ALREADY_INSTRUMENTED',
      'expected a server that is not watched; received one that is: stop() the first handle before',
    );
  }
}

function hasMethods(value: unknown, names: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return names.every((name) => typeof (value as Record<string, unknown>)[name] === 'function');
}

function isCloseCode(code: unknown): boolean {
  return typeof code === 'number' && Number.isInteger(code) && code >= 1_000 && code <= 4_999;
}

function invalid(expected: string, received: unknown): TouchlineError {
  const what = typeof received === 'string' ? received : typeof received;
  return new TouchlineError('TL_INSTRUMENT_INVALID', `expected ${expected}; received ${what}`);
}

/** `GET /debug/lifecycle`: everything that must be back at its baseline when everyone has left. */

import { countListeners, type LongLivedEmitters } from './listener-counts.ts';
import type { MetricSources } from './metric-sources.ts';
import { countOpenFds } from './process-usage.ts';

export interface Lifecycle {
  /** Entries in each tracking structure of the server, by the structure's name. */
  readonly structures: Readonly<Record<string, number>>;
  /** The most that each structure may hold which is named History or Ring, and so outlives the connections. */
  readonly bounds: Readonly<Record<string, number>>;
  /** Listeners on emitters that live as long as the process, by `emitter:event`. */
  readonly listeners: Readonly<Record<string, number>>;
  /** Timers that keep the process alive. */
  readonly timers: number;
  /** What keeps the process alive, by type; the connection that asks is among them. */
  readonly activeResources: Readonly<Record<string, number>>;
  /** Open file descriptors; null where the system does not tell. */
  readonly openFds: number | null;
}

/** @see https://nodejs.org/docs/latest-v20.x/api/process.html#processgetactiveresourcesinfo */
export async function readLifecycle(sources: MetricSources, emitters: LongLivedEmitters): Promise<Lifecycle> {
  const openFds = await countOpenFds();
  const activeResources = countByName(process.getActiveResourcesInfo());
  return {
    structures: sources.lifecycle(),
    bounds: sources.lifecycleBounds(),
    listeners: countListeners(emitters),
    timers: activeResources['Timeout'] ?? 0,
    activeResources,
    openFds,
  };
}

function countByName(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

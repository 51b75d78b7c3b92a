/** What a server tracks, twice: how much more there is the second time, and whose fault that can be. */

import {
  classEntry,
  type LifecycleEntry,
  listenerEntry,
  structureEntry,
} from '../../server/observability/lifecycle-catalogue.ts';
import type { LifecycleSample } from '../record/lifecycle-record.ts';

export type GrowthKind = 'structure' | 'listener' | 'timers' | 'fds' | 'class';

/** One figure at the baseline and at the end. */
export interface Growth {
  readonly kind: GrowthKind;
  /** `hub.connections`, `httpServer:close`, `timers`, `openFds`, `Connection`. */
  readonly name: string;
  /** What it is, in words. */
  readonly title: string;
  readonly baseline: number;
  readonly end: number;
  /** End minus baseline; negative where it shrank. */
  readonly grown: number;
  /** Of the connections that came and went in between; null without one. */
  readonly perConnection: number | null;
  /** The most it may hold although everyone left; null where it must be back at its baseline. */
  readonly bound: number | null;
  /** The part of the growth that is held against the server. */
  readonly excess: number;
  /** `server/hub/hub.ts:118, Hub.disconnected`; null where it is not known. */
  readonly releasedBy: string | null;
}

/**
 * Classes of Node itself and open descriptors also serve whoever looks: the admin port's own connection, its timer, a
 * request that was just answered. That comes and goes by one or two. A leak of 1 % is ten of 1,000 connections.
 */
const LOOKING_AT_MOST = 2;
const LOOKING_RATIO = 0.002;
/** Classes that nothing but a WebSocket connection or its match makes. */
const EXACT_CLASSES: ReadonlySet<string> = new Set(['Connection', 'Room', 'Peer', 'WebSocket']);

interface Circumstances {
  /** Connections that came and went between baseline and end. */
  readonly connections: number;
  readonly releasePoints: Readonly<Record<string, string>>;
}

/** Every figure of both samples, in the order of the target. */
export function lifecycleGrowth(
  baseline: LifecycleSample,
  end: LifecycleSample,
  circumstances: Circumstances,
): readonly Growth[] {
  const compare = (kind: GrowthKind, entryOf: EntryOf) => (name: string, from: number, to: number) =>
    growthOf({ kind, name, entry: entryOf(name), baseline: from, end: to }, end, circumstances);
  const single = (kind: 'timers' | 'fds', name: string, from: number | null, to: number | null) =>
    from === null || to === null ? [] : [compare(kind, structureEntry)(name, from, to)];
  return [
    ...pairs(baseline.structures, end.structures, compare('structure', structureEntry)),
    ...pairs(baseline.listeners, end.listeners, compare('listener', listenerEntry)),
    ...single('timers', 'timers', baseline.timers, end.timers),
    ...single('fds', 'openFds', baseline.openFds, end.openFds),
    ...(baseline.classes === null || end.classes === null
      ? []
      : pairs(baseline.classes, end.classes, compare('class', classEntry))),
  ];
}

type EntryOf = (name: string) => LifecycleEntry | undefined;
type Counts = Readonly<Record<string, number>>;

function pairs(
  baseline: Counts,
  end: Counts,
  compare: (name: string, from: number, to: number) => Growth,
): readonly Growth[] {
  const names = new Set([...Object.keys(baseline), ...Object.keys(end)]);
  return [...names].map((name) => compare(name, baseline[name] ?? 0, end[name] ?? 0));
}

interface Compared {
  readonly kind: GrowthKind;
  readonly name: string;
  readonly entry: LifecycleEntry | undefined;
  readonly baseline: number;
  readonly end: number;
}

function growthOf(
  { kind, name, entry, baseline, end }: Compared,
  sample: LifecycleSample,
  { connections, releasePoints }: Circumstances,
): Growth {
  const grown = end - baseline;
  const bound = kind === 'structure' ? (sample.bounds[name] ?? null) : null;
  const point = kind === 'listener' ? name.split(':', 1)[0] : name;
  return {
    kind,
    name,
    title: entry?.title ?? name,
    baseline,
    end,
    grown,
    perConnection: connections === 0 ? null : grown / connections,
    bound,
    excess: excessOf({ kind, name, grown, overBound: bound === null ? null : end - bound }, connections),
    releasedBy: releasePoints[point ?? name] ?? null,
  };
}

interface Grown {
  readonly kind: GrowthKind;
  readonly name: string;
  readonly grown: number;
  readonly overBound: number | null;
}

function excessOf({ kind, name, grown, overBound }: Grown, connections: number): number {
  // What was above its bound before the baseline did not grow on these connections' account.
  if (overBound !== null) return Math.max(0, Math.min(grown, overBound));
  const isExact = kind === 'class' ? EXACT_CLASSES.has(name) : kind !== 'fds';
  const allowed = isExact ? 0 : Math.max(LOOKING_AT_MOST, LOOKING_RATIO * connections);
  return grown > allowed ? grown : 0;
}

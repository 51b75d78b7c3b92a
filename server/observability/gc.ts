/** Garbage collection pauses of this process, by kind. */

import { constants, PerformanceObserver } from 'node:perf_hooks';
import { BucketHistogram } from '../hub/bucket-histogram.ts';
import { METRIC_CATALOGUE } from './metric-catalogue.ts';

export const GC_KINDS = ['major', 'minor', 'incremental', 'weakcb'] as const;
export type GcKind = (typeof GC_KINDS)[number];

const KIND_BY_CODE = new Map<number, GcKind>([
  [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
  [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weakcb'],
]);

/** The part of a `gc` performance entry that is read here. */
export interface GcEntry {
  /** ms */
  readonly duration: number;
  readonly detail?: unknown;
}

export interface GcMonitor {
  /** Pauses in seconds by kind, up to this moment. */
  pauses(): Readonly<Record<GcKind, BucketHistogram>>;
  start(): void;
  stop(): void;
}

/** @see https://nodejs.org/docs/latest-v20.x/api/perf_hooks.html#garbage-collection-gc-details */
export function createGcMonitor(): GcMonitor {
  const pauses = emptyPauses();
  const observer = new PerformanceObserver((list) => countGcEntries(list.getEntries(), pauses));
  return {
    pauses() {
      // Entries that wait for the observer's callback belong to this reading, too.
      countGcEntries(observer.takeRecords(), pauses);
      return pauses;
    },
    start: () => observer.observe({ entryTypes: ['gc'] }),
    stop: () => observer.disconnect(),
  };
}

/** Zeroed histograms for every kind. */
export function emptyPauses(): Record<GcKind, BucketHistogram> {
  const bounds = METRIC_CATALOGUE.nodejs_gc_duration_seconds.buckets;
  return {
    major: new BucketHistogram(bounds),
    minor: new BucketHistogram(bounds),
    incremental: new BucketHistogram(bounds),
    weakcb: new BucketHistogram(bounds),
  };
}

/** Counts every entry of a batch: one callback often brings several collections. */
export function countGcEntries(
  entries: readonly GcEntry[],
  pauses: Readonly<Record<GcKind, BucketHistogram>>,
): void {
  for (const entry of entries) {
    const kind = KIND_BY_CODE.get(kindCode(entry.detail));
    if (kind !== undefined) pauses[kind].observe(entry.duration / 1000);
  }
}

function kindCode(detail: unknown): number {
  if (typeof detail !== 'object' || detail === null || !('kind' in detail)) return Number.NaN;
  return typeof detail.kind === 'number' ? detail.kind : Number.NaN;
}

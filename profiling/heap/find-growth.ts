/** Compares heap snapshots of one process: which classes grow, and who holds them. */

import { basename } from 'node:path';
import type { HeapGrowth } from '../record/heap-growth-record.ts';
import { SourceLines } from '../source/source-lines.ts';
import { setScene } from './graph/leak-scene.ts';
import { RetainedBytes } from './graph/retained-bytes.ts';
import { type ClassCensus, takeCensus } from './growth/class-census.ts';
import { leastEverydayGrowth } from './growth/everyday-classes.ts';
import { countsByKey, type EarlierCounts, findGrowing, leastGrowthFor } from './growth/growing-classes.ts';
import {
  agesOf,
  collectionsOf,
  type EarlierPair,
  findGrownCollections,
} from './growth/growing-collections.ts';
import { countStayed, findKindGrowth, type KindSizes, kindSizes } from './growth/kind-growth.ts';
import { ObjectIds } from './growth/object-ids.ts';
import { requireRelated } from './growth/require-related.ts';
import { AllocationSites } from './naming/allocation-sites.ts';
import { describeClass } from './naming/describe-class.ts';
import { nameCollections } from './naming/name-collections.ts';
import { rankClasses } from './naming/rank-classes.ts';
import type { HeapSnapshot } from './reading/heap-snapshot.ts';
import { readSnapshot } from './reading/read-snapshot.ts';

export interface GrowthInput {
  /** In the order in which they were taken; with two there is one interval, and less proof. */
  readonly files: readonly [string, string] | readonly [string, string, string];
  /** In each interval; null where nobody knows. */
  readonly connections: number | null;
  /** What a `.heapprofile` of the same time holds. */
  readonly allocations?: unknown;
  /** Lines of its files are named from there. */
  readonly projectFolder: string;
}

type SnapshotFact = HeapGrowth['snapshots'][number];

/** What every snapshot says by itself, in their order. */
interface Seen {
  readonly facts: SnapshotFact[];
  readonly kinds: KindSizes[];
}

/**
 * Reads one snapshot after the other; of the earlier ones ids, counts and sizes of collections are kept, of the last the whole graph.
 *
 * @returns with `snapshots[].file` the files' names
 * @throws TouchlineError `TL_SNAPSHOT_INVALID` for a file that is none; `TL_SNAPSHOTS_UNRELATED` for snapshots of different processes
 * or in the wrong order
 */
export async function findGrowth(input: GrowthInput): Promise<HeapGrowth> {
  const { files, connections } = input;
  const allocations = input.allocations === undefined ? null : new AllocationSites(input.allocations);
  const seen: Seen = { facts: [], kinds: [] };
  const earlier = await readEarlier(files, seen);
  const lastFile = files[files.length - 1] ?? '';
  const snapshot = await readNext(lastFile, { edges: true, seen });
  const census = takeCensus(snapshot);
  requireRelated(earlier.latest, { file: lastFile, ids: ObjectIds.of(snapshot.nodes, census) });
  const leastGrowth = leastGrowthFor(connections);
  const named = nameGrowth(input, { snapshot, census, earlier, allocations, leastGrowth });
  const isNamed = named.classes.length + named.collections.length > 0;
  const heapBytes = seen.facts[0]?.heapBytes ?? 0;
  const stayed = countStayed(snapshot, agesOf(earlier.collections));
  const unexplained = isNamed ? [] : findKindGrowth(seen.kinds, { heapBytes, stayed });
  return { snapshots: seen.facts, connections, leastGrowth, ...named, unexplained };
}

interface LastLook {
  readonly snapshot: HeapSnapshot;
  readonly census: ClassCensus;
  readonly earlier: Earlier;
  readonly allocations: AllocationSites | null;
  readonly leastGrowth: number;
}

/** The classes and the collections that grew, in words. */
function nameGrowth({ files, connections, projectFolder }: GrowthInput, look: LastLook): NamedGrowth {
  const { snapshot, census, earlier, allocations, leastGrowth } = look;
  const least = leastEverydayGrowth(leastGrowth);
  const growths = findGrowing(census, snapshot.nodes, earlier.counts, leastGrowth);
  const grown = findGrownCollections(snapshot, earlier.collections, least);
  if (growths.length + grown.length === 0) return { classes: [], collections: [], doubtful: [] };
  const scene = setScene(snapshot, census, { growths, leastGrowth });
  const leaked = growths.flatMap(({ fresh }) => fresh);
  const divisor = (files.length - 1) * (connections ?? 1);
  const describer = {
    scene,
    retained: new RetainedBytes(scene.graph, scene.walk, leaked),
    lines: new SourceLines(projectFolder),
    allocations,
    divisor,
  };
  const described = growths.flatMap((growth) => {
    const heapClass = census.classes[growth.place];
    return heapClass === undefined ? [] : [describeClass(describer, growth, heapClass)];
  });
  const isOneInterval = files.length === 2;
  const needs = { least, isOneInterval, ages: agesOf(earlier.collections), divisor };
  return { classes: rankClasses(described), ...nameCollections(scene, grown, needs) };
}

type NamedGrowth = Required<Pick<HeapGrowth, 'classes' | 'collections' | 'doubtful'>>;

interface Earlier {
  readonly counts: EarlierCounts;
  /** Ids of the snapshot before the last. */
  readonly latest: { readonly file: string; readonly ids: ObjectIds };
  readonly collections: EarlierPair;
}

/** All but the last. */
async function readEarlier(files: GrowthInput['files'], seen: Seen): Promise<Earlier> {
  const [firstFile, secondFile] = files;
  const first = await readCounts(firstFile, seen);
  const firstNamed = { file: firstFile, ids: first.ids };
  if (files.length === 2) {
    const counts = { first: first.counts, second: null, firstIds: first.ids, bornIds: null };
    return { counts, latest: firstNamed, collections: { first: first.collections, second: null } };
  }
  const second = await readCounts(secondFile, seen);
  const latest = { file: secondFile, ids: second.ids };
  requireRelated(firstNamed, latest);
  const bornIds = second.ids.without(first.ids);
  return {
    counts: { first: first.counts, second: second.counts, firstIds: first.ids, bornIds },
    latest,
    collections: { first: first.collections, second: second.collections },
  };
}

async function readCounts(file: string, seen: Seen) {
  const snapshot = await readNext(file, { edges: false, seen });
  const census = takeCensus(snapshot);
  return {
    counts: countsByKey(census),
    ids: ObjectIds.of(snapshot.nodes, census),
    collections: collectionsOf(snapshot),
  };
}

async function readNext(
  file: string,
  { edges, seen }: { readonly edges: boolean; readonly seen: Seen },
): Promise<HeapSnapshot> {
  const { snapshot, fileBytes } = await readSnapshot(file, { edges, strings: 'names' });
  const { count, selfBytes } = snapshot.nodes;
  const heapBytes = selfBytes.reduce((sum, bytes) => sum + bytes, 0);
  seen.facts.push({ file: basename(file), bytes: fileBytes, objects: count, heapBytes, durationMs: null });
  seen.kinds.push(kindSizes(snapshot));
  return snapshot;
}

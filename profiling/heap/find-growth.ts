/** Compares heap snapshots of one process: which classes grow, and who holds them. */

import { basename } from 'node:path';
import type { HeapGrowth } from '../record/heap-growth-record.ts';
import { SourceLines } from '../source/source-lines.ts';
import { AllocationSites } from './allocation-sites.ts';
import { takeCensus } from './class-census.ts';
import { describeClass } from './describe-class.ts';
import { countsByKey, type EarlierCounts, findGrowing, leastGrowthFor } from './growing-classes.ts';
import { setScene } from './leak-scene.ts';
import { ObjectIds } from './object-ids.ts';
import { rankClasses } from './rank-classes.ts';
import { type ReadSnapshot, readSnapshot } from './reading/read-snapshot.ts';
import { requireRelated } from './require-related.ts';
import { RetainedBytes } from './retained-bytes.ts';

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

/**
 * Reads one snapshot after the other; of the earlier ones ids and counts are kept, of the last the whole graph.
 *
 * @returns with `snapshots[].file` the files' names
 * @throws TouchlineError `TL_SNAPSHOT_INVALID` for a file that is none; `TL_SNAPSHOTS_UNRELATED` for snapshots of different processes
 * or in the wrong order
 */
export async function findGrowth(input: GrowthInput): Promise<HeapGrowth> {
  const { files, connections } = input;
  const allocations = input.allocations === undefined ? null : new AllocationSites(input.allocations);
  const facts: SnapshotFact[] = [];
  const earlier = await readEarlier(files, facts);
  const lastFile = files[files.length - 1] ?? '';
  const last = await readSnapshot(lastFile, { edges: true, strings: 'names' });
  facts.push(factOf(lastFile, last));
  const { snapshot } = last;
  const census = takeCensus(snapshot);
  requireRelated(earlier.latest, { file: lastFile, ids: ObjectIds.of(snapshot.nodes, census) });
  const leastGrowth = leastGrowthFor(connections);
  const growths = findGrowing(census, snapshot.nodes, earlier.counts, leastGrowth);
  const base = { snapshots: facts, connections, leastGrowth };
  if (growths.length === 0) return { ...base, classes: [] };
  const scene = setScene(snapshot, census, { growths, leastGrowth });
  const describer = {
    scene,
    retained: new RetainedBytes(
      scene.graph,
      scene.walk,
      growths.flatMap(({ fresh }) => fresh),
    ),
    lines: new SourceLines(input.projectFolder),
    allocations,
    divisor: (files.length - 1) * (connections ?? 1),
  };
  const described = growths.flatMap((growth) => {
    const heapClass = census.classes[growth.place];
    return heapClass === undefined ? [] : [describeClass(describer, growth, heapClass)];
  });
  return { ...base, classes: rankClasses(described) };
}

interface Earlier {
  readonly counts: EarlierCounts;
  /** Ids of the snapshot before the last. */
  readonly latest: { readonly file: string; readonly ids: ObjectIds };
}

/** All but the last. @param facts filled in */
async function readEarlier(files: GrowthInput['files'], facts: SnapshotFact[]): Promise<Earlier> {
  const [firstFile, secondFile] = files;
  const first = await readCounts(firstFile, facts);
  const firstNamed = { file: firstFile, ids: first.ids };
  if (files.length === 2) {
    const counts = { first: first.counts, second: null, firstIds: first.ids, bornIds: null };
    return { counts, latest: firstNamed };
  }
  const second = await readCounts(secondFile, facts);
  const latest = { file: secondFile, ids: second.ids };
  requireRelated(firstNamed, latest);
  const bornIds = second.ids.without(first.ids);
  return { counts: { first: first.counts, second: second.counts, firstIds: first.ids, bornIds }, latest };
}

async function readCounts(file: string, facts: SnapshotFact[]) {
  const read = await readSnapshot(file, { edges: false, strings: 'names' });
  facts.push(factOf(file, read));
  const census = takeCensus(read.snapshot);
  return { counts: countsByKey(census), ids: ObjectIds.of(read.snapshot.nodes, census) };
}

function factOf(file: string, { snapshot, fileBytes }: ReadSnapshot): SnapshotFact {
  const { count, selfBytes } = snapshot.nodes;
  const heapBytes = selfBytes.reduce((sum, bytes) => sum + bytes, 0);
  return { file: basename(file), bytes: fileBytes, objects: count, heapBytes, durationMs: null };
}

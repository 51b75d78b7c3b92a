/** Growing collections in words: what stays in each, how much of it, and where it hangs. */

import type { GrowingClass, HeapGrowth } from '../../record/heap-growth-record.ts';
import type { HeapGraph } from '../graph/heap-graph.ts';
import { bytesOf, heldValues } from '../graph/held-values.ts';
import { type CollectionJudgement, judgeCollection } from '../graph/judge-collection.ts';
import type { LeakScene } from '../graph/leak-scene.ts';
import type { GrownCollection } from '../growth/growing-collections.ts';
import type { Ages } from '../growth/object-age.ts';
import { nameHolder } from './holder-name.ts';
import { wordPath } from './root-path.ts';

const NAMES: Readonly<Partial<Record<GrowingClass['kind'], string>>> = {
  string: 'strings',
  number: 'numbers',
  entry: 'entries',
  place: 'places for numbers',
};

const ROOMS: readonly string[] = ['elements', 'table'];

export interface NamingNeeds {
  /** New entries in an interval. */
  readonly least: number;
  readonly isOneInterval: boolean;
  readonly ages: Ages;
  /** Connections in all intervals together; the number of intervals where nobody told. */
  readonly divisor: number;
}

/** Those of which no growing class tells, the largest first. */
export function nameCollections(
  scene: LeakScene,
  grown: readonly GrownCollection[],
  needs: NamingNeeds,
): Required<Pick<HeapGrowth, 'collections' | 'doubtful'>> {
  const proven: GrowingClass[] = [];
  const doubtful: GrowingClass[] = [];
  for (const collection of grown) {
    if (!scene.walk.isReached(collection.node)) continue;
    const held = heldValues(scene, collection.node, needs.ages);
    const judged = judgeCollection(collection, held, {
      ...needs,
      name: scene.graph.nameOf(collection.node),
      hasRoom: hasRoom(scene.graph, collection.node),
    });
    if (judged === null) continue;
    (judged.isProven ? proven : doubtful).push(describe(scene, collection, judged, needs));
  }
  return { collections: inOrder(proven), doubtful: inOrder(doubtful) };
}

/** A table of named properties is none: their names are strings, which are seen. */
function hasRoom(graph: HeapGraph, collection: number): boolean {
  let [room, properties] = [0, 0];
  graph.eachStrongEdge(collection, (edge, store) => {
    if (graph.typeOf(store) !== 'array') return;
    const bytes = graph.nodes.selfBytes[store] ?? 0;
    if (ROOMS.includes(graph.labelOf(edge))) room += bytes;
    else properties += bytes;
  });
  return room > properties;
}

function describe(
  scene: LeakScene,
  { node, storeBytes }: GrownCollection,
  { kind, counts, persisting, fresh }: CollectionJudgement,
  { ages, divisor }: NamingNeeds,
): GrowingClass {
  const { graph } = scene;
  const [first, , last] = counts;
  const bytes = bytesOf(graph, fresh, ages) + Math.max(0, storeBytes[2] - storeBytes[0]);
  return {
    kind,
    name: NAMES[kind] ?? kind,
    counts: [...counts],
    persisting,
    countPerConnection: (last - first) / divisor,
    bytesPerConnection: bytes / divisor,
    holder: nameHolder(scene, node, graph.nodes.firstEdge[node] ?? 0).text,
    heldCount: persisting,
    path: wordPath(scene, node),
    event: null,
    keptBy: null,
    allocatedAt: null,
  };
}

function inOrder(found: readonly GrowingClass[]): GrowingClass[] {
  return found.toSorted((a, b) => b.bytesPerConnection - a.bytesPerConnection);
}

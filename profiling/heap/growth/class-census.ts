/** Every class of a snapshot and how many of it live. */

import type { HeapSnapshot, ScriptLocation } from '../reading/heap-snapshot.ts';

const KINDS = ['object', 'closure', 'native'] as const;

/** What makes objects be of one class: two classes of the same name in different lines are two. */
export interface HeapClass {
  readonly kind: (typeof KINDS)[number];
  /** Constructor, or the function's name; may be empty. */
  readonly name: string;
  /** Where the function or the constructor stands. */
  readonly location: ScriptLocation | null;
  /** The same in every snapshot of a process. */
  readonly key: string;
}

export interface ClassCensus {
  readonly classes: readonly HeapClass[];
  /** By place in `classes`. */
  readonly counts: readonly number[];
  /** Place in `classes` plus 1 by node; 0 for what is of no class that is looked at. */
  readonly classOf: Uint32Array;
}

const KIND_NAMES: readonly string[] = KINDS;
/** Contexts, feedback and other things that V8 makes by itself. */
const OWN_PREFIX = 'system / ';
/** The bytes of a Buffer. */
const BACKING_STORE = 'system / JSArrayBufferData';
/** More distinct functions than any program has. */
const LOCATIONS = 2 ** 22;

/** Counts objects, closures and natives; not what V8 makes by itself, nor strings and numbers. */
export function takeCensus(snapshot: HeapSnapshot): ClassCensus {
  const { nodes, nodeTypes, locations, strings } = snapshot;
  const kinds = nodeTypes.map((type) => KIND_NAMES.indexOf(type));
  const classes: HeapClass[] = [];
  const counts: number[] = [];
  const classOf = new Uint32Array(nodes.count);
  const places = new Map<number, number>();
  const ofText = new Map<string, number>();
  const placeOf = (kindPlace: number, name: number, location: number): number => {
    const heapClass = describe(KINDS[kindPlace] ?? 'object', strings.text(name), locations[location - 1]);
    if (heapClass === null) return 0;
    const known = ofText.get(heapClass.key);
    if (known !== undefined) return known;
    classes.push(heapClass);
    counts.push(0);
    ofText.set(heapClass.key, classes.length);
    return classes.length;
  };
  for (let node = 0; node < nodes.count; node += 1) {
    const kind = kinds[nodes.type[node] ?? 0] ?? -1;
    if (kind < 0) continue;
    const [name = 0, location = 0] = [nodes.name[node], nodes.location[node]];
    const short = (name * KINDS.length + kind) * LOCATIONS + location;
    let place = places.get(short);
    if (place === undefined) {
      place = placeOf(kind, name, location);
      places.set(short, place);
    }
    classOf[node] = place;
    if (place > 0) counts[place - 1] = (counts[place - 1] ?? 0) + 1;
  }
  return { classes, counts, classOf };
}

function describe(
  kind: HeapClass['kind'],
  name: string,
  location: ScriptLocation | undefined,
): HeapClass | null {
  if (name.startsWith(OWN_PREFIX) && name !== BACKING_STORE) return null;
  const where = location === undefined ? '' : `${location.scriptId}:${location.line}:${location.column}`;
  return { kind, name, location: location ?? null, key: `${kind}|${where}|${name}` };
}

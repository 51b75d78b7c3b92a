/** The head of a heap snapshot: which numbers stand where. V8 changes it, so nothing is read by a fixed place. */

import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { invalidSnapshot } from './snapshot-error.ts';

const Names = Type.Array(Type.String(), { maxItems: 255 });

const HeadSchema = Type.Object({
  meta: Type.Object({
    node_fields: Names,
    node_types: Type.Array(Type.Unknown()),
    edge_fields: Names,
    edge_types: Type.Array(Type.Unknown()),
    location_fields: Type.Optional(Names),
  }),
  node_count: Type.Integer({ minimum: 0, maximum: 2 ** 32 - 1 }),
  edge_count: Type.Integer({ minimum: 0, maximum: 2 ** 32 - 1 }),
});

const NODE_FIELDS = ['type', 'name', 'id', 'self_size', 'edge_count'] as const;
const EDGE_FIELDS = ['type', 'name_or_index', 'to_node'] as const;
const LOCATION_FIELDS = ['object_index', 'script_id', 'line', 'column'] as const;

/** How wide a row is, and at which place in it a field stands. */
export interface RowLayout<Field extends string> {
  readonly width: number;
  readonly at: Readonly<Record<Field, number>>;
}

export interface SnapshotMeta {
  readonly nodes: RowLayout<(typeof NODE_FIELDS)[number]>;
  readonly nodeTypes: readonly string[];
  readonly edges: RowLayout<(typeof EDGE_FIELDS)[number]>;
  readonly edgeTypes: readonly string[];
  /** Null where the snapshot has no source lines. */
  readonly locations: RowLayout<(typeof LOCATION_FIELDS)[number]> | null;
  readonly nodeCount: number;
  readonly edgeCount: number;
}

/**
 * @param value of the key `snapshot`
 * @throws TouchlineError `TL_SNAPSHOT_INVALID`
 */
export function parseSnapshotMeta(value: unknown): SnapshotMeta {
  const head = checkedHead(value);
  const { meta } = head;
  return {
    nodes: layoutOf('node_fields', meta.node_fields, NODE_FIELDS),
    nodeTypes: typesOf('node_types', meta.node_types, meta.node_fields),
    edges: layoutOf('edge_fields', meta.edge_fields, EDGE_FIELDS),
    edgeTypes: typesOf('edge_types', meta.edge_types, meta.edge_fields),
    locations:
      meta.location_fields === undefined
        ? null
        : layoutOf('location_fields', meta.location_fields, LOCATION_FIELDS),
    nodeCount: head.node_count,
    edgeCount: head.edge_count,
  };
}

function checkedHead(value: unknown): Static<typeof HeadSchema> {
  if (Value.Check(HeadSchema, value)) return value;
  const [first] = Value.Errors(HeadSchema, value);
  const where = `snapshot${(first?.instancePath ?? '').replaceAll('/', '.')}`;
  throw invalidSnapshot(
    'a "snapshot" with meta, node_count and edge_count, as V8 writes it',
    `one whose ${where} ${first?.message ?? 'is something else'}`,
  );
}

function layoutOf<Field extends string>(
  name: string,
  fields: readonly string[],
  needed: readonly Field[],
): RowLayout<Field> {
  const missing = needed.filter((field) => !fields.includes(field));
  if (missing.length > 0) {
    throw invalidSnapshot(`${name} with ${needed.join(', ')}`, fields.join(', ') || 'none');
  }
  // Every needed field was found above.
  const at = Object.fromEntries(needed.map((field) => [field, fields.indexOf(field)])) as Record<
    Field,
    number
  >;
  return { width: fields.length, at };
}

/** The types stand beside the field `type`, as an array. */
function typesOf(name: string, types: readonly unknown[], fields: readonly string[]): readonly string[] {
  const found = types[fields.indexOf('type')];
  if (Value.Check(Names, found)) return found;
  throw invalidSnapshot(
    `${name} to list the names of types`,
    JSON.stringify(found)?.slice(0, 60) ?? 'nothing',
  );
}

/** Heap snapshots by hand: few nodes, each said in one line. */

/** A node by its key, and what it points to. */
export interface SampleNode {
  readonly type: string;
  readonly name: string;
  readonly id: number;
  readonly selfBytes?: number;
  readonly edges?: readonly (readonly [type: string, label: string | number, to: number])[];
  /** Script, line, column. */
  readonly location?: readonly [number, number, number];
}

export const NODE_TYPES: readonly string[] = [
  'hidden',
  'array',
  'string',
  'object',
  'code',
  'closure',
  'native',
  'synthetic',
  'concatenated string',
  'sliced string',
  'number',
  'regexp',
  'symbol',
];
export const EDGE_TYPES: readonly string[] = [
  'context',
  'element',
  'property',
  'internal',
  'hidden',
  'shortcut',
  'weak',
];

/** How the numbers of a row are laid out: V8 added and dropped fields between Node 20 and 24. */
export interface SampleLayout {
  readonly nodeFields: readonly string[];
  /** Spaces and line feeds between numbers, as Node 20 writes them, or none. */
  readonly gap: string;
}

export const NODE_20: SampleLayout = {
  nodeFields: ['type', 'name', 'id', 'self_size', 'edge_count', 'trace_node_id', 'detachedness'],
  gap: '\n',
};
export const NODE_24: SampleLayout = {
  nodeFields: ['type', 'name', 'id', 'self_size', 'edge_count', 'detachedness'],
  gap: '',
};

/** What a `.heapsnapshot` file of these nodes holds. Edges name their targets by place in the list. */
export function snapshotText(nodes: readonly SampleNode[], layout: SampleLayout = NODE_20): string {
  const strings: string[] = ['<dummy>'];
  const places = new Map<string, number>();
  const string = (text: string): number => {
    const known = places.get(text);
    if (known !== undefined) return known;
    strings.push(text);
    places.set(text, strings.length - 1);
    return strings.length - 1;
  };
  const width = layout.nodeFields.length;
  const nodeRows = nodes.map((node) => nodeRow(node, layout, string(node.name)));
  const edgeRows = nodes.flatMap(({ edges = [] }) =>
    edges.map(([type, label, to]) => [
      EDGE_TYPES.indexOf(type),
      typeof label === 'number' ? label : string(label),
      to * width,
    ]),
  );
  const locationRows = nodes.flatMap(({ location }, place) =>
    location === undefined ? [] : [[place * width, ...location]],
  );
  const rows = (list: readonly (readonly number[])[]) =>
    list.map((row) => row.join(',')).join(`${layout.gap},`);
  const head = {
    meta: {
      node_fields: layout.nodeFields,
      node_types: [NODE_TYPES, 'string', 'number', 'number', 'number', 'number', 'number'],
      edge_fields: ['type', 'name_or_index', 'to_node'],
      edge_types: [EDGE_TYPES, 'string_or_number', 'node'],
      location_fields: ['object_index', 'script_id', 'line', 'column'],
    },
    node_count: nodes.length,
    edge_count: edgeRows.length,
    trace_function_count: 0,
  };
  return `{"snapshot":${JSON.stringify(head)},
"nodes":[${rows(nodeRows)}],
"edges":[${rows(edgeRows)}],
"trace_function_infos":[],
"trace_tree":[],
"samples":[],
"locations":[${rows(locationRows)}],
"strings":[${strings.map((text) => JSON.stringify(text)).join(',\n')}]}`;
}

function nodeRow(
  { type, id, selfBytes = 16, edges = [] }: SampleNode,
  layout: SampleLayout,
  name: number,
): number[] {
  const values: Readonly<Record<string, number>> = {
    type: NODE_TYPES.indexOf(type),
    name,
    id,
    self_size: selfBytes,
    edge_count: edges.length,
  };
  return layout.nodeFields.map((field) => values[field] ?? 0);
}

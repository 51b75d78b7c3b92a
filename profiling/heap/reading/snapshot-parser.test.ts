import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outputFolder } from '../../../server/testing/output-folder.ts';
import {
  EDGE_TYPES,
  NODE_20,
  NODE_24,
  NODE_TYPES,
  type SampleNode,
  snapshotText,
} from '../testing/sample-snapshot.ts';
import type { HeapSnapshot } from './heap-snapshot.ts';
import { readSnapshot } from './read-snapshot.ts';
import { SnapshotParser } from './snapshot-parser.ts';

const out = outputFolder();

/** @param pieceBytes size of the pieces it comes in */
function parse(
  text: string,
  pieceBytes = 1 << 16,
  needs: { edges?: boolean; strings?: 'names' | 'all' } = {},
) {
  const bytes = Buffer.from(text);
  const { edges = true, strings = 'all' } = needs;
  const parser = new SnapshotParser({ edges, strings, fileBytes: bytes.length });
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    // A copy each: nothing may be kept of a buffer that is used again.
    const piece = Uint8Array.from(bytes.subarray(at, at + pieceBytes));
    parser.write(piece);
    piece.fill(0);
  }
  return parser.end();
}

/** The snapshot as the sample says it. */
function spoken({ nodeTypes, nodes, edgeTypes, edges, locations, strings }: HeapSnapshot): SampleNode[] {
  return Array.from({ length: nodes.count }, (_, node) => {
    const location = locations[(nodes.location[node] ?? 0) - 1];
    const [start = 0, end = 0] = [nodes.firstEdge[node], nodes.firstEdge[node + 1]];
    return {
      type: nodeTypes[nodes.type[node] ?? 0] ?? '',
      name: strings.text(nodes.name[node] ?? 0),
      id: nodes.id[node] ?? 0,
      selfBytes: nodes.selfBytes[node] ?? 0,
      edges: Array.from({ length: end - start }, (__, place) => {
        const edge = start + place;
        const type = edgeTypes[edges?.type[edge] ?? 0] ?? '';
        const label = edges?.name[edge] ?? 0;
        const isIndex = type === 'element' || type === 'hidden';
        return [type, isIndex ? label : strings.text(label), edges?.to[edge] ?? 0] as const;
      }),
      ...(location === undefined
        ? {}
        : { location: [location.scriptId, location.line, location.column] as const }),
    };
  });
}

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom('', '"', '\\', '\\"', ']', '}', '\u2028', '\ud800', 'Δ\n', '[1,2]', '\\\\'),
);
const natural = fc.nat({ max: 2 ** 31 });

const sampleNodes: fc.Arbitrary<SampleNode[]> = fc.integer({ min: 1, max: 8 }).chain((count) => {
  const to = fc.nat({ max: count - 1 });
  const edge = fc.oneof(
    fc.tuple(fc.constantFrom('element', 'hidden'), natural, to),
    fc.tuple(
      fc.constantFrom(...EDGE_TYPES.filter((type) => type !== 'element' && type !== 'hidden')),
      text,
      to,
    ),
  );
  const node = fc.record(
    {
      type: fc.constantFrom(...NODE_TYPES),
      name: text,
      id: natural,
      selfBytes: fc.maxSafeNat(),
      edges: fc.array(edge, { maxLength: 4 }),
      location: fc.tuple(natural, fc.nat({ max: 1e6 }), fc.nat({ max: 1e6 })),
    },
    { requiredKeys: ['type', 'name', 'id', 'selfBytes', 'edges'] },
  );
  return fc.array(node, { minLength: count, maxLength: count });
});

const SMALL: readonly SampleNode[] = [
  { type: 'synthetic', name: '', id: 1, edges: [['property', 'held', 1]] },
  { type: 'object', name: 'Held', id: 3, edges: [] },
  { type: 'string', name: 'what a string of the program says', id: 5, edges: [] },
];

describe('a heap snapshot that comes in pieces', () => {
  it('reads the same as it was written, wherever the pieces end', () => {
    fc.assert(
      fc.property(
        sampleNodes,
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom(NODE_20, NODE_24),
        (nodes, pieceBytes, layout) => {
          expect(spoken(parse(snapshotText(nodes, layout), pieceBytes))).toEqual(nodes);
        },
      ),
    );
  });

  it('measures collections as the edges say, kept or not', () => {
    const wide = fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }), fc.boolean());
    fc.assert(
      fc.property(wide, fc.integer({ min: 1, max: 40 }), ([own, stored, edges], pieceBytes) => {
        const entries = (count: number) =>
          Array.from({ length: count }, (_, index) => ['element', index, 3] as const);
        const nodes: SampleNode[] = [
          { type: 'synthetic', name: '', id: 1, edges: [['property', 'list', 1], ...entries(30)] },
          { type: 'object', name: 'Array', id: 3, edges: [...entries(own), ['internal', 'elements', 2]] },
          { type: 'array', name: '', id: 5, selfBytes: 800, edges: entries(stored) },
          { type: 'object', name: 'Empty', id: 7 },
        ];
        const { collections } = parse(snapshotText(nodes), pieceBytes, { edges });
        expect([...collections]).toEqual([[3, { references: Math.max(own, stored), storeBytes: 800 }]]);
      }),
    );
  });

  it('may hold its text as UTF-8, and parts that nobody knows', () => {
    const written = snapshotText([{ type: 'object', name: 'Größe', id: 1 }]).replace(
      '"nodes"',
      '"later":{"a":["]}\\"",{}],"b":-1.5e3},"number":7,"word":null,"nodes"',
    );
    expect(parse(written, 3).strings.text(1)).toBe('Größe');
  });

  it('keeps neither edges nor what strings say where nobody asks for them', () => {
    const { edges, strings } = parse(snapshotText(SMALL), 7, { edges: false, strings: 'names' });
    expect(edges).toBeNull();
    expect(strings.count).toBe(5);
    expect(strings.text(2)).toBe('Held');
    expect(strings.text(3)).toBe('');
    expect(parse(snapshotText(SMALL), 7, { strings: 'names' }).strings.text(4)).toBe('held');
  });

  it('finds the strings that hold a text', () => {
    const names = ['pair', 'a pair', '', 'pa', 'ir', 'pair of pairs'];
    const { strings } = parse(snapshotText(names.map((name, id) => ({ type: 'object', name, id }))));
    expect([...strings.having('pair')].map((index) => strings.text(index))).toEqual([
      'pair',
      'a pair',
      'pair of pairs',
    ]);
  });
});

describe('a file that is no heap snapshot', () => {
  const good = snapshotText(SMALL);

  it('is refused wherever it is cut off', () => {
    fc.assert(
      fc.property(fc.nat({ max: good.length - 1 }), (length) => {
        expect(() => parse(good.slice(0, length))).toThrow(
          /^expected a whole heap snapshot; received the end/,
        );
      }),
    );
  });

  it.each([
    ['some JSON', '{"name":"x"}', /expected "snapshot", "nodes", "edges" and "strings"/],
    ['text', 'hello', /expected a \.heapsnapshot file of V8; received "h" \(after byte 0\)/],
    ['a compressed file', '\u001f', /unpack it first/],
    ['nodes before the head', '{"nodes":[1', /"snapshot" as the first part; received "nodes" before it/],
    ['another head', '{"snapshot":{"meta":{}}}', /meta, node_count and edge_count/],
    ['a half head', '{"snapshot":{"meta"}}', /expected "snapshot" to be JSON/],
    ['a head without ids', good.replace('"id"', '"no"'), /node_fields with type, name, id/],
    ['a head without types', good.replace('[["hidden"', '[["hidden",7'), /node_types to list the names/],
    ['a head that promises too much', good.replace('"node_count":3', '"node_count":999999'), /too short/],
    [
      'a node too few',
      good.replace('"node_count":3', '"node_count":4'),
      /4 nodes, as node_count says; received 3/,
    ],
    ['a node too many', good.replace('"node_count":3', '"node_count":2'), /received node number 3/],
    ['an edge too few', good.replace('"edge_count":1', '"edge_count":2'), /2 edges, as edge_count says/],
    ['a broken row', good.replace('"locations":[', '"locations":[0,1'), /a last row of 2 in place of 4/],
    [
      'a word among numbers',
      good.replace('"edges":[', '"edges":[x'),
      /"edges" to be an array of whole numbers; received "x"/,
    ],
    ['an unknown type', good.replace('"nodes":[7', '"nodes":[99'), /a node type below 13; received 99/],
    [
      'an edge to nowhere',
      good.replace(/"edges":\[(\d+,\d+),\d+/, '"edges":[$1,8'),
      /edges that point to nodes/,
    ],
    [
      'a number among strings',
      good.replace('"<dummy>"', '7'),
      /"strings" to be an array of strings; received "7"/,
    ],
  ])('is refused: %s', (_, bad, expected) => {
    expect(() => parse(bad)).toThrow(expect.objectContaining({ code: 'TL_SNAPSHOT_INVALID' }));
    expect(() => parse(bad)).toThrow(expected);
  });

  it('is named, and so is one that is missing', async () => {
    const missing = join(out.path, 'missing.heapsnapshot');
    const needs = { edges: true, strings: 'names' } as const;
    await expect(readSnapshot(missing, needs)).rejects.toThrow(
      /expected a file that can be read at .*ENOENT/,
    );
    await expect(readSnapshot('package.json', needs)).rejects.toThrow(/^package\.json: expected/);
  });
});

describe('a snapshot of a real process', () => {
  it('reads as JSON.parse reads it', { timeout: 60_000 }, async () => {
    const file = join(out.path, 'real.heapsnapshot');
    execFileSync(process.execPath, ['-e', `require('node:v8').writeHeapSnapshot(process.argv[1])`, file]);
    const { snapshot } = await readSnapshot(file, { edges: true, strings: 'all' });
    const json = JSON.parse(readFileSync(file, 'utf8'));
    const { node_fields: nodeFields, edge_fields: edgeFields } = json.snapshot.meta;
    const column = (rows: readonly number[], fields: readonly string[], field: string) =>
      rows.filter((_, at) => at % fields.length === fields.indexOf(field));
    const differs = (left: ArrayLike<number>, right: readonly number[]) =>
      left.length !== right.length || right.some((value, at) => left[at] !== value);
    const { nodes, edges, strings } = snapshot;
    expect(differs(nodes.id, column(json.nodes, nodeFields, 'id'))).toBe(false);
    expect(differs(nodes.name, column(json.nodes, nodeFields, 'name'))).toBe(false);
    expect(differs(nodes.selfBytes, column(json.nodes, nodeFields, 'self_size'))).toBe(false);
    expect(differs(nodes.type, column(json.nodes, nodeFields, 'type'))).toBe(false);
    expect(differs(edges?.name ?? [], column(json.edges, edgeFields, 'name_or_index'))).toBe(false);
    const targets = column(json.edges, edgeFields, 'to_node').map((to) => to / nodeFields.length);
    expect(differs(edges?.to ?? [], targets)).toBe(false);
    expect(strings.count).toBe(json.strings.length);
    expect(json.strings.findIndex((each: string, at: number) => strings.text(at) !== each)).toBe(-1);
    expect(nodes.location.filter((each) => each > 0).length).toBe(json.locations.length / 4);
  });
});

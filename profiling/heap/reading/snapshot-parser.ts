/** Bytes of a `.heapsnapshot` file, in pieces of any size, into columns. No text of it is ever whole in memory. */

import { TouchlineError } from '../../../server/protocol/touchline-error.ts';
import type { CollectionSizes } from './collection-sizes.ts';
import { EdgeRows } from './edge-rows.ts';
import type { HeapSnapshot, NodeColumns } from './heap-snapshot.ts';
import { IntegerSection } from './integer-section.ts';
import { LocationRows } from './location-rows.ts';
import { NodeRows } from './node-rows.ts';
import { BYTE, isSpace, type Section } from './section.ts';
import { invalidSnapshot, nameByte } from './snapshot-error.ts';
import { parseSnapshotMeta, type SnapshotMeta } from './snapshot-meta.ts';
import { StringSection } from './string-section.ts';
import { StringTable } from './string-table.ts';
import { SkippedSection, ValueSection } from './value-sections.ts';
import { wantedNames } from './wanted-names.ts';

/** What to keep, and how much there can be at most. */
export interface SnapshotNeeds {
  /** Of the whole file: what its head promises must fit in there. */
  readonly fileBytes: number;
  /** Whether edges are kept; counts of classes and the sizes of collections need none. */
  readonly edges: boolean;
  /** `names` keeps those of things, not what strings of the program say; `all` keeps them too. */
  readonly strings: 'names' | 'all';
}

type Place = 'start' | 'key' | 'in-key' | 'colon' | 'value' | 'next' | 'end';

/** `0,`: the least that a number takes in the file. */
const LEAST_NUMBER_BYTES = 2;
const LONGEST_KEY = 64;

/** Takes the file piece by piece. */
export class SnapshotParser {
  readonly #needs: SnapshotNeeds;
  #place: Place = 'start';
  #key = '';
  #section: Section | null = null;
  #readBytes = 0;
  #meta: SnapshotMeta | null = null;
  #nodes: NodeRows | null = null;
  #edges: EdgeRows | null = null;
  #collections: CollectionSizes | null = null;
  #locations: LocationRows | null = null;
  #strings: StringTable | null = null;

  constructor(needs: SnapshotNeeds) {
    this.#needs = needs;
  }

  /** @throws TouchlineError `TL_SNAPSHOT_INVALID` with the byte of the file where it went wrong */
  write(chunk: Uint8Array): void {
    let at = 0;
    try {
      while (at < chunk.length) {
        if (this.#section === null) at = this.#readMark(chunk, at);
        else {
          at = this.#section.read(chunk, at);
          if (this.#section.isDone) this.#endSection();
        }
      }
    } catch (error) {
      if (!(error instanceof TouchlineError)) throw error;
      const near = this.#readBytes + at;
      throw new TouchlineError(error.code, `${error.message} (after byte ${near})`, { cause: error });
    }
    this.#readBytes += chunk.length;
  }

  /**
   * The file has ended.
   *
   * @throws TouchlineError `TL_SNAPSHOT_INVALID` when it ended too early, or lacks a part
   */
  end(): HeapSnapshot {
    if (this.#place !== 'end') {
      const where = this.#section === null ? '' : ` inside "${this.#key}"`;
      throw invalidSnapshot(
        'a whole heap snapshot',
        `the end of the file${where} after ${this.#readBytes} bytes`,
      );
    }
    const [meta, nodes, strings, collections] = [this.#meta, this.#nodes, this.#strings, this.#collections];
    if (meta === null || nodes === null || strings === null || collections === null) {
      throw invalidSnapshot('"snapshot", "nodes", "edges" and "strings"', 'a file without one of them');
    }
    return {
      nodeTypes: meta.nodeTypes,
      nodes: nodes.columns,
      edgeTypes: meta.edgeTypes,
      edges: this.#edges?.columns ?? null,
      collections,
      locations: this.#locations?.locations ?? [],
      strings,
    };
  }

  #readMark(chunk: Uint8Array, at: number): number {
    const byte = chunk[at] ?? 0;
    if (this.#place === 'in-key') return this.#readKey(byte, at);
    if (isSpace(byte)) return at + 1;
    if (this.#place === 'value') {
      this.#section = this.#sectionOf(this.#key);
      return at;
    }
    this.#place = this.#placeAfter(byte);
    return at + 1;
  }

  #placeAfter(byte: number): Place {
    const place = this.#place;
    if (place === 'start' && byte === BYTE.braceOpen) return 'key';
    if (place === 'key' && byte === BYTE.quote) return 'in-key';
    if (place === 'colon' && byte === BYTE.colon) return 'value';
    if (place === 'next' && byte === BYTE.comma) return 'key';
    if ((place === 'next' || place === 'key') && byte === BYTE.braceClose) return 'end';
    throw invalidSnapshot(
      'a .heapsnapshot file of V8',
      place === 'start' && byte === 0x1f ? 'a compressed file: unpack it first' : nameByte(byte),
    );
  }

  #readKey(byte: number, at: number): number {
    if (byte === BYTE.quote) this.#place = 'colon';
    else this.#key += String.fromCharCode(byte);
    if (this.#key.length > LONGEST_KEY) throw invalidSnapshot('a part of a heap snapshot', `"${this.#key}…`);
    return at + 1;
  }

  #endSection(): void {
    if (this.#key === 'nodes') this.#nodes?.end();
    if (this.#key === 'edges') this.#collections = this.#edges?.end() ?? null;
    this.#section = null;
    this.#key = '';
    this.#place = 'next';
  }

  #sectionOf(key: string): Section {
    switch (key) {
      case 'snapshot':
        this.#once(this.#meta, key);
        return new ValueSection(key, (value) => {
          this.#meta = this.#fitting(parseSnapshotMeta(value));
        });
      case 'nodes':
        this.#once(this.#nodes, key);
        this.#nodes = new NodeRows(this.#metaFor(key));
        return new IntegerSection(key, this.#metaFor(key).nodes.width, this.#nodes.take);
      case 'edges':
        this.#once(this.#edges, key);
        this.#edges = new EdgeRows(this.#metaFor(key), {
          nodes: this.#nodesFor(key),
          areKept: this.#needs.edges,
        });
        return new IntegerSection(key, this.#metaFor(key).edges.width, this.#edges.take);
      case 'locations':
        return this.#locationSection(this.#metaFor(key));
      case 'strings':
        this.#once(this.#strings, key);
        this.#strings = new StringTable(this.#wantedStrings());
        return new StringSection(this.#strings);
      default:
        return new SkippedSection();
    }
  }

  #locationSection(meta: SnapshotMeta): Section {
    if (meta.locations === null || this.#nodes === null) return new SkippedSection();
    this.#locations = new LocationRows(meta.locations, meta.nodes.width, this.#nodes.columns);
    return new IntegerSection('locations', meta.locations.width, this.#locations.take);
  }

  #once(known: unknown, key: string): void {
    if (known !== null) throw invalidSnapshot(`"${key}" once`, 'it twice');
  }

  #metaFor(key: string): SnapshotMeta {
    if (this.#meta === null) throw invalidSnapshot('"snapshot" as the first part', `"${key}" before it`);
    return this.#meta;
  }

  #nodesFor(key: string): NodeColumns {
    if (this.#nodes === null) throw invalidSnapshot('"nodes" before their edges', `"${key}" first`);
    return this.#nodes.columns;
  }

  /** What the head promises is made room for at once, so it must be able to come. */
  #fitting(meta: SnapshotMeta): SnapshotMeta {
    const numbers = meta.nodeCount * meta.nodes.width + meta.edgeCount * meta.edges.width;
    if (numbers * LEAST_NUMBER_BYTES <= this.#needs.fileBytes) return meta;
    throw invalidSnapshot(
      `${meta.nodeCount} nodes and ${meta.edgeCount} edges, as the head says`,
      `a file of ${this.#needs.fileBytes} bytes, which is too short for them`,
    );
  }

  /** @returns null where all are wanted: it was asked so, or they came before what needs them */
  #wantedStrings(): ((index: number) => boolean) | null {
    const [meta, nodes] = [this.#meta, this.#nodes?.columns];
    if (this.#needs.strings === 'all' || meta === null || nodes === undefined) return null;
    if (this.#edges === null) return null;
    const edges = this.#edges.columns;
    const wanted = wantedNames(meta, { nodes, edges }, this.#needs.fileBytes);
    return (index) => wanted[index] === 1;
  }
}

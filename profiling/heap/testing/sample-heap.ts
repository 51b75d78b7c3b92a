/** A program's heap by hand, written again as it grows. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type SampleNode, snapshotText } from './sample-snapshot.ts';

/** A heap that is built node by node; ids rise as objects are born. */
export class SampleHeap {
  readonly #folder: string;
  readonly #nodes: { -readonly [Key in keyof SampleNode]: SampleNode[Key] }[] = [];
  #nextId = 1;

  /** @param folder that snapshots are written to */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @returns the place of the new node */
  add(type: string, name: string, more: Partial<SampleNode> = {}): number {
    this.#nodes.push({ type, name, id: this.#nextId, ...more });
    this.#nextId += 2;
    return this.#nodes.length - 1;
  }

  link(from: number, type: string, label: string | number, to: number): void {
    const node = this.#nodes[from];
    if (node !== undefined) node.edges = [...(node.edges ?? []), [type, label, to]];
  }

  /** Takes the oldest references away. */
  drop(from: number, count: number): void {
    const node = this.#nodes[from];
    if (node !== undefined) node.edges = (node.edges ?? []).slice(count);
  }

  resize(place: number, selfBytes: number): void {
    const node = this.#nodes[place];
    if (node !== undefined) node.selfBytes = selfBytes;
  }

  idOf(place: number): number {
    return this.#nodes[place]?.id ?? 0;
  }

  async write(name: string): Promise<string> {
    const file = join(this.#folder, name);
    await writeFile(file, snapshotText(this.#nodes));
    return file;
  }
}

/** Root, a registry with a Map, and room for more. */
export function sampleProgram(folder: string) {
  const heap = new SampleHeap(folder);
  const root = heap.add('synthetic', '');
  const registry = heap.add('object', 'Registry');
  const map = heap.add('object', 'Map');
  const table = heap.add('array', '');
  heap.link(root, 'property', 'registry', registry);
  heap.link(registry, 'property', 'sessions', map);
  heap.link(map, 'internal', 'table', table);
  return { heap, root, registry, map, table };
}

/** Writes before, after one, and after two rounds of the same. */
export async function threeOf(heap: SampleHeap, round: (index: number) => void, perRound = 10) {
  const files: string[] = [await heap.write('0')];
  for (const name of ['1', '2']) {
    for (let index = 0; index < perRound; index += 1) round(index);
    // Something new is in every snapshot, if only by chance.
    heap.link(0, 'internal', name, heap.add('object', `Chance ${name}`));
    files.push(await heap.write(name));
  }
  const [first = '', second = '', third = ''] = files;
  return [first, second, third] as const;
}

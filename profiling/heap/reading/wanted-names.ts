/** Which strings of a snapshot name something: the rest is what the program's own strings say, often most of the file. */

import { type EdgeColumns, edgesAreNamed, type NodeColumns, namesCount } from './heap-snapshot.ts';
import { invalidSnapshot } from './snapshot-error.ts';
import type { SnapshotMeta } from './snapshot-meta.ts';

/** `"",`: the least that a string takes in the file. */
const LEAST_STRING_BYTES = 3;

/**
 * @param columns with edges where their names are wanted too
 * @returns 1 at the number of each string that is wanted
 * @throws TouchlineError `TL_SNAPSHOT_INVALID` for a number of a string that cannot be in the file
 */
export function wantedNames(
  { nodeTypes, edgeTypes }: Pick<SnapshotMeta, 'nodeTypes' | 'edgeTypes'>,
  { nodes, edges }: { readonly nodes: NodeColumns; readonly edges: EdgeColumns | null },
  fileBytes: number,
): Uint8Array {
  const nodeNames = namedBy(nodes, namesCount(nodeTypes));
  const edgeNames = edges === null ? () => {} : namedBy(edges, edgesAreNamed(edgeTypes));
  let most = 0;
  const raise = (name: number) => {
    if (name > most) most = name;
  };
  nodeNames(raise);
  edgeNames(raise);
  if (most * LEAST_STRING_BYTES > fileBytes) {
    throw invalidSnapshot(`names that stand in a file of ${fileBytes} bytes`, `string number ${most}`);
  }
  const wanted = new Uint8Array(most + 1);
  const mark = (name: number) => {
    wanted[name] = 1;
  };
  nodeNames(mark);
  edgeNames(mark);
  return wanted;
}

interface NamedRows {
  readonly count: number;
  readonly type: Uint8Array;
  readonly name: Uint32Array;
}

function namedBy({ count, type, name }: NamedRows, isNamed: readonly boolean[]) {
  return (visit: (name: number) => void): void => {
    for (let row = 0; row < count; row += 1) {
      if (isNamed[type[row] ?? 0] === true) visit(name[row] ?? 0);
    }
  };
}

/** The limits of this machine as a table: what one write per socket and one copy of the bytes cost. Pure. */

import { formatBytes, formatCount } from '../../verdict/quantities.ts';
import type { PeerRow } from './cell-summary.ts';
import type { GroupSummary } from './peers-report.ts';

const HEAD = [
  'connections',
  'one buffer a socket and turn holds',
  'writes/s',
  'deliveries/s',
  'bytes/s',
] as const;

/** Rows of the floor server in the cells without a schedule; head first. Null where there is no such cell. */
export function floorTable(groups: readonly GroupSummary[]): readonly (readonly string[])[] | null {
  const rows = groups.flatMap(({ cells }) =>
    cells.flatMap(({ cell, rows: peers }) => {
      const floor = peers.find(({ peer }) => peer === 'floor');
      if (floor === undefined || cell.ratePerSecond > 0) return [];
      const what = cell.format === 'json' ? 'JSON' : 'binary';
      return [
        floorRow(floor, cell.perTurn, `${cell.perTurn} ${what} ${cell.perTurn === 1 ? 'frame' : 'frames'}`),
      ];
    }),
  );
  return rows.length === 0 ? null : [HEAD, ...rows];
}

function floorRow(floor: PeerRow, perTurn: number, what: string): readonly string[] {
  return [
    formatCount(floor.connections),
    what,
    formatCount(floor.deliveriesPerSecond / perTurn),
    formatCount(floor.deliveriesPerSecond),
    formatBytes(floor.wireBytesPerSecond),
  ];
}

/** `Copying memory: 7.21 GB a second and core (64 MB buffers).` */
export function copyLine(copyBytesPerSecond: number): string {
  return `Copying memory: ${formatBytes(copyBytesPerSecond)} a second and core (64 MiB buffers, larger than the caches).`;
}

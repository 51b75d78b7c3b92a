/** What is compared with what: one cell is one kind of load, and every server has its turn in it. */

import type { PeerFormat } from '../../../load-tests/peers/contract/peer-plan.ts';
import { PEERS, type PeerName } from '../../../load-tests/peers/run/peer-catalogue.ts';
import type { BenchOptions } from './bench-options.ts';

export interface BenchCell {
  readonly readers: number;
  readonly format: PeerFormat;
  readonly perTurn: number;
  /** Messages a second on a schedule; 0 is as fast as they go. */
  readonly ratePerSecond: number;
  /** Rooms that the readers are dealt out to. */
  readonly rooms: number;
}

/** Cells of one format and turn, side by side in one table. */
export interface CellGroup {
  readonly title: string;
  readonly cells: readonly BenchCell[];
}

export function cellGroups(options: BenchOptions): readonly CellGroup[] {
  const { readers, formats, perTurn, pacedDeliveries, rooms } = options;
  // As fast as they go, the floor would write a room's whole turn where the others write what a turn dealt to it.
  const turns = rooms === 1 ? perTurn : [];
  const saturated = turns.flatMap((messages) =>
    formats.map((format) => ({
      title: `${format === 'json' ? 'JSON' : 'Binary'}, ${turnText(messages)}, as fast as they go`,
      cells: readers.map((count) => ({
        readers: count,
        format,
        perTurn: messages,
        ratePerSecond: 0,
        rooms: 1,
      })),
    })),
  );
  if (pacedDeliveries === 0) return saturated;
  const paced: CellGroup = {
    title: `JSON, paced: ${pacedDeliveries.toLocaleString('en-US')} deliveries/s in all${inRooms(rooms)}`,
    cells: readers.map((count) => ({
      readers: count,
      format: 'json' as const,
      perTurn: 1,
      ratePerSecond: Math.max(Math.round((pacedDeliveries / count) * rooms), 1),
      rooms,
    })),
  };
  return [...saturated, paced];
}

/** Whether a server takes part: one that decides itself how many messages go in a turn has no cell of one. */
export function takesPart(peer: PeerName, { format, perTurn, ratePerSecond, rooms }: BenchCell): boolean {
  const { formats, hasTurns, hasRooms } = PEERS[peer];
  const keepsPace = hasTurns || ratePerSecond > 0 || perTurn > 1;
  return formats.includes(format) && keepsPace && (hasRooms || rooms === 1);
}

/** One message of so many is timed, for all servers of a cell. 61 is prime, so every place in a turn has its turn. */
export function sampledEvery(cell: BenchCell): number {
  return cell.ratePerSecond > 0 ? 1 : 61;
}

/** `json, 100 readers, 200 a turn`, for progress. */
export function cellText({ readers, format, perTurn, ratePerSecond, rooms }: BenchCell): string {
  const pace = ratePerSecond > 0 ? `${ratePerSecond} messages/s` : `${perTurn} a turn`;
  return `${format}, ${readers} ${readers === 1 ? 'reader' : 'readers'}${inRooms(rooms)}, ${pace}`;
}

function inRooms(rooms: number): string {
  return rooms === 1 ? '' : ` in ${rooms.toLocaleString('en-US')} rooms`;
}

function turnText(messages: number): string {
  return messages === 1 ? 'one message a turn' : `${messages} messages a turn`;
}

/** What each room of the house took of a profile. */

import type { RoomShare } from '../../../record/profile-record.ts';
import { formatPercent } from '../../../verdict/quantities.ts';
import { formatPlural } from '../../format.ts';
import { type Block, cell } from '../../report-document.ts';

const MOST_ROOMS = 14;

export interface RoomRatio {
  readonly room: string;
  readonly ratio: number;
}

export interface RoomAmount extends RoomRatio {
  /** As it is shown: `1,200 ms`, `3.1 MB`. */
  readonly amount: string;
}

/**
 * The largest rooms; the smallest are told as one.
 *
 * @param always rooms that people look for first: these come first, and where they took nothing, too
 */
export function roomShares(
  rooms: readonly RoomShare[],
  always: readonly string[] = [],
): readonly RoomRatio[] {
  const shares = rooms.map(({ room, selfRatio }) => ({ room, ratio: selfRatio }));
  const lookedFor = always.map((room) => shares.find((share) => share.room === room) ?? { room, ratio: 0 });
  const others = shares.filter(({ room }) => !always.includes(room));
  const rest = others.slice(MOST_ROOMS);
  const sum = rest.reduce((total, { ratio }) => total + ratio, 0);
  return [
    ...lookedFor,
    ...others.slice(0, MOST_ROOMS),
    ...(rest.length === 0 ? [] : [{ room: formatPlural(rest.length, 'smaller room'), ratio: sum }]),
  ];
}

export function roomTable(amounts: readonly RoomAmount[]): Block {
  return {
    kind: 'table',
    columns: [{ title: 'Room' }, { title: 'Self', align: 'right' }, { title: 'Amount', align: 'right' }],
    rows: amounts.map(({ room, ratio, amount }) => [cell(room), cell(formatPercent(ratio)), cell(amount)]),
  };
}

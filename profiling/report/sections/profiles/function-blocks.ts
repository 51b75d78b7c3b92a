/** Functions of a profile, the hottest first. */

import type { ProfiledFunction } from '../../../record/profile-record.ts';
import { isOurs, placeOf } from '../../../verdict/findings/hottest-function.ts';
import { formatPercent } from '../../../verdict/quantities.ts';
import { type Block, cell, code, strong } from '../../report-document.ts';

const MOST_FUNCTIONS = 15;

/** Our own hottest one, where it is not the hottest of all: Node and packages are seldom what can be mended first. */
export function ownFunctionBlocks(functions: readonly ProfiledFunction[], ofWhat: string): readonly Block[] {
  const own = functions.find(isOurs);
  if (own === functions[0]) return [];
  if (own === undefined) {
    return [{ kind: 'paragraph', text: 'None of the hottest functions is in our own code.' }];
  }
  const text = [
    'In our own code it is ',
    strong(own.functionName),
    ' at ',
    code(placeOf(own)),
    `: ${formatPercent(own.selfRatio)} ${ofWhat}, ${formatPercent(own.totalRatio)} with what it calls.`,
  ];
  return [{ kind: 'paragraph', text }];
}

export interface FunctionTableOptions {
  /** What shares are of: `busy time`, `live bytes`. */
  readonly ofWhat: string;
  /** Whether each function's room stands behind it. */
  readonly hasRooms: boolean;
  /** @defaultValue 15 */
  readonly most?: number;
}

export function functionTable(
  functions: readonly ProfiledFunction[],
  { ofWhat, hasRooms, most = MOST_FUNCTIONS }: FunctionTableOptions,
): Block {
  return {
    kind: 'table',
    columns: [
      { title: `Function, by share of ${ofWhat}` },
      { title: 'Self', align: 'right' },
      { title: 'Total', align: 'right' },
      { title: 'Where' },
      ...(hasRooms ? [{ title: 'Room' }] : []),
    ],
    rows: functions
      .slice(0, most)
      .map((called) => [
        cell([code(called.functionName)]),
        cell(formatPercent(called.selfRatio)),
        cell(formatPercent(called.totalRatio)),
        cell(placeOf(called), called.file === '' ? 'muted' : undefined),
        ...(hasRooms ? [cell(called.room)] : []),
      ]),
  };
}

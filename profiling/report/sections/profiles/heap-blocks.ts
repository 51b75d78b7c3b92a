/** Who allocates what stays: the largest function, shares of functions and rooms, the flame graph, every window. */

import type { HeapProfileRecord, Profiles } from '../../../record/profile-record.ts';
import { placeOf } from '../../../verdict/findings/hottest-function.ts';
import { formatBytes, formatPercent } from '../../../verdict/quantities.ts';
import { type Block, code, type RichText, strong } from '../../report-document.ts';
import { flameGraphBlocks } from './flame-graph-blocks.ts';
import { functionTable, ownFunctionBlocks } from './function-blocks.ts';
import { roomShares, roomTable } from './room-table.ts';
import { OPENS_IN, windowBlocks } from './window-blocks.ts';

export function heapBlocks(drawn: HeapProfileRecord, { heap, windows }: Profiles): readonly Block[] {
  const { functions, rooms, calls, step, liveBytes, intervalBytes } = drawn;
  return [
    { kind: 'paragraph', text: largestSentence(drawn) },
    ...ownFunctionBlocks(functions, 'of live bytes'),
    functionTable(functions, { ofWhat: 'live bytes', hasRooms: true }),
    { kind: 'heading', text: 'By room of the house' },
    roomTable(
      roomShares(rooms).map(({ room, ratio }) => ({ room, ratio, amount: formatBytes(liveBytes * ratio) })),
    ),
    ...flameGraphBlocks(calls, {
      name: 'flame-graph-heap',
      title: `Allocations of ${step} that stayed`,
      whole: `${formatBytes(liveBytes)} alive at the end`,
    }),
    ...windowBlocks(
      heap.map((profile) => ({ ...profile, amount: formatBytes(profile.liveBytes) })),
      { amount: 'Alive', windows },
    ),
    {
      kind: 'paragraph',
      text: `Sampled once in ${formatBytes(intervalBytes)} allocated, on average; from the warm-up on; what was collected before the end is not in it. ${OPENS_IN}`,
      tone: 'muted',
    },
  ];
}

function largestSentence({ functions: [top], step, liveBytes }: HeapProfileRecord): RichText {
  if (top === undefined) return `Nothing that was allocated in ${step} was alive at its end.`;
  return [
    strong(top.functionName),
    ' at ',
    code(placeOf(top)),
    ` allocated the largest part of what was alive at the end of ${step}: ${formatPercent(top.selfRatio)} of ${formatBytes(liveBytes)}.`,
  ];
}

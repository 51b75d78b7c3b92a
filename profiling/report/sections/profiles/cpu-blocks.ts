/** Where CPU time goes: the hottest function, shares of functions and rooms, the flame graph, every window. */

import type { CpuProfileRecord, Profiles } from '../../../record/profile-record.ts';
import { hottestOf, placeOf } from '../../../verdict/findings/hottest-function.ts';
import { formatMs, formatPercent } from '../../../verdict/quantities.ts';
import { formatDuration, formatPlural } from '../../format.ts';
import { type Block, code, type RichText, strong } from '../../report-document.ts';
import { flameGraphBlocks } from './flame-graph-blocks.ts';
import { functionTable, ownFunctionBlocks } from './function-blocks.ts';
import { type RoomAmount, roomShares, roomTable } from './room-table.ts';
import { OPENS_IN, windowBlocks } from './window-blocks.ts';

const LOOKED_FOR = ['garbage collection', 'native writes'];
/** With fewer looks a share of a few percent is a matter of luck. */
const FEW_BUSY_SAMPLES = 200;

export function cpuBlocks(drawn: CpuProfileRecord, { cpu, windows }: Profiles): readonly Block[] {
  const { functions, calls, step, busyMs, durationMs } = drawn;
  return [
    { kind: 'paragraph', text: hottestSentence(drawn) },
    ...ownFunctionBlocks(functions, 'of busy time'),
    functionTable(functions, { ofWhat: 'busy time', hasRooms: true }),
    { kind: 'heading', text: 'By room of the house' },
    roomTable(roomAmounts(drawn)),
    ...flameGraphBlocks(calls, {
      name: 'flame-graph',
      title: `Flame graph of ${step}`,
      whole: `${formatMs(busyMs)} of busy time in ${formatDuration(durationMs)}`,
    }),
    ...windowBlocks(
      cpu.map((profile) => ({ ...profile, amount: formatPercent(1 - profile.idleRatio) })),
      { amount: 'Busy', windows },
    ),
    { kind: 'paragraph', text: howItWasTaken(drawn), tone: 'muted' },
  ];
}

function hottestSentence(drawn: CpuProfileRecord): RichText {
  const { step, busyMs, durationMs } = drawn;
  const top = hottestOf(drawn);
  const busy = `In ${step} the server was busy for ${formatMs(busyMs)} of ${formatDuration(durationMs)}`;
  if (top === undefined) return `${busy}.`;
  return [
    strong(top.functionName),
    ' at ',
    code(placeOf(top)),
    ` is the hottest function: ${formatPercent(top.selfRatio)} of busy time. ${busy} (${formatPercent(busyMs / durationMs)}).`,
  ];
}

/** Idle first, of the window; then the rooms, of busy time. */
function roomAmounts(drawn: CpuProfileRecord): readonly RoomAmount[] {
  const { rooms, busyMs, durationMs, idleRatio, profilerRatio } = drawn;
  const ofWindow = (room: string, ratio: number): RoomAmount => ({
    room,
    ratio,
    amount: formatMs(durationMs * ratio),
  });
  return [
    ofWindow('idle, of the window', idleRatio),
    ...(profilerRatio < 0.001 ? [] : [ofWindow('the profiler itself, of the window', profilerRatio)]),
    ...roomShares(rooms, LOOKED_FOR).map(({ room, ratio }) => ({
      room,
      ratio,
      amount: formatMs(busyMs * ratio),
    })),
  ];
}

function howItWasTaken({ intervalUs, samples, idleRatio }: CpuProfileRecord): string {
  const busy = Math.round(samples * (1 - idleRatio));
  const rough =
    busy < FEW_BUSY_SAMPLES ? `, only ${busy} of them busy, so shares are rough: measure longer` : '';
  return `The stack was looked at every ${intervalUs.toLocaleString('en-US')} µs: ${formatPlural(samples, 'sample')}${rough}. Shares of functions and rooms are of busy time. What V8 inlined before the profile began counts with its caller. ${OPENS_IN}`;
}

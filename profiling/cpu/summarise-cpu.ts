/** A CPU profile in short: the hottest functions, the share of each room, and the calls of the flame graph. */

import type { CpuProfileRecord } from '../record/profile-record.ts';
import type { SourceLines } from '../source/source-lines.ts';
import { type CallNode, callNode, callsOf, FunctionNames, functionsOf, roomsOf } from './call-tree.ts';
import { IDLE } from './rooms.ts';
import { timedSamples } from './sample-times.ts';
import type { V8CpuProfile } from './v8-profiles.ts';

/** Functions that are kept. */
export const MOST_FUNCTIONS = 25;
/** Rooms that took less are not worth a line. */
export const LEAST_ROOM_RATIO = 0.001;

export type CpuSummary = Omit<CpuProfileRecord, 'step' | 'file' | 'intervalUs'>;

/** @param lines names functions by the lines of their TypeScript */
export function summariseCpu(profile: V8CpuProfile, lines: SourceLines): CpuSummary {
  const names = new FunctionNames(lines);
  const { busy, idleUs, profilerUs } = readTree(profile);
  const busyUs = busy.reduce((sum, { total }) => sum + total, 0);
  const allUs = busyUs + idleUs + profilerUs;
  return {
    durationMs: rounded((profile.endTime - profile.startTime) / 1_000),
    samples: profile.samples.length,
    busyMs: rounded(busyUs / 1_000),
    idleRatio: allUs === 0 ? 0 : idleUs / allUs,
    profilerRatio: allUs === 0 ? 0 : profilerUs / allUs,
    functions: [...functionsOf(busy, busyUs, names).slice(0, MOST_FUNCTIONS)],
    rooms: roomsOf(busy, busyUs, names).filter(({ selfRatio }) => selfRatio >= LEAST_ROOM_RATIO),
    calls: [...callsOf(busy, busyUs, names)],
  };
}

interface ProfileTree {
  /** What V8 calls from outside, without idle time and the profiler itself. */
  readonly busy: readonly CallNode[];
  readonly idleUs: number;
  readonly profilerUs: number;
}

function readTree(profile: V8CpuProfile): ProfileTree {
  const selfUs = new Map<number, number>();
  for (const { nodeId, lastsUs } of timedSamples(profile)) {
    selfUs.set(nodeId, (selfUs.get(nodeId) ?? 0) + lastsUs);
  }
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  let profilerUs = 0;
  const read = (id: number): readonly CallNode[] => {
    const node = nodes.get(id);
    if (node === undefined) return [];
    const call = callNode(node.callFrame, selfUs.get(id) ?? 0, (node.children ?? []).flatMap(read));
    if (node.callFrame.url !== 'node:inspector') return [call];
    profilerUs += call.total;
    return [];
  };
  // The first is V8's (root): nobody's own time, but for what it could not place.
  const [root] = profile.nodes;
  const roots = (root?.children ?? []).flatMap(read);
  const isIdle = ({ frame }: CallNode) => frame.functionName === IDLE;
  return {
    busy: roots.filter((call) => !isIdle(call)),
    idleUs: roots.filter(isIdle).reduce((sum, { total }) => sum + total, 0),
    profilerUs,
  };
}

function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}

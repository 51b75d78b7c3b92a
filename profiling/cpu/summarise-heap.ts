/** A sampling heap profile in short: who allocated what is alive. */

import type { HeapProfileRecord } from '../record/profile-record.ts';
import type { SourceLines } from '../source/source-lines.ts';
import { type CallNode, callNode, callsOf, FunctionNames, functionsOf, roomsOf } from './call-tree.ts';
import { LEAST_ROOM_RATIO, MOST_FUNCTIONS } from './summarise-cpu.ts';
import type { V8HeapNode, V8HeapProfile } from './v8-profiles.ts';

export type HeapSummary = Omit<HeapProfileRecord, 'step' | 'file' | 'intervalBytes' | 'durationMs'>;

/** @param lines names functions by the lines of their TypeScript */
export function summariseHeap(profile: V8HeapProfile, lines: SourceLines): HeapSummary {
  const names = new FunctionNames(lines);
  const roots = profile.head.children.flatMap(read);
  const liveBytes = roots.reduce((sum, { total }) => sum + total, 0);
  return {
    liveBytes,
    functions: [...functionsOf(roots, liveBytes, names).slice(0, MOST_FUNCTIONS)],
    rooms: roomsOf(roots, liveBytes, names).filter(({ selfRatio }) => selfRatio >= LEAST_ROOM_RATIO),
    calls: [...callsOf(roots, liveBytes, names)],
  };
}

/**
 * Without what the profiler itself allocated: it has been seen to be a fifth of all. What a built-in such as `Map.set`
 * allocates is its caller's: a built-in has no place that could be looked at.
 */
function read({ callFrame, selfSize, children }: V8HeapNode): readonly CallNode[] {
  if (callFrame.url === 'node:inspector') return [];
  const isPlaced = callFrame.url !== '';
  const builtIn = isPlaced ? children.filter(isBuiltIn) : [];
  const own = builtIn.reduce((sum, child) => sum + child.selfSize, selfSize);
  const below = [
    ...children.filter((child) => !builtIn.includes(child)),
    ...builtIn.flatMap((child) => child.children),
  ];
  return [callNode(callFrame, own, below.flatMap(read))];
}

function isBuiltIn({ callFrame }: V8HeapNode): boolean {
  return callFrame.url === '' && !callFrame.functionName.startsWith('(');
}

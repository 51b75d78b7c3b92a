/** Profiles as V8 writes them: what `.cpuprofile` and `.heapprofile` files hold. */

import { type Static, Type } from 'typebox';
import { Check } from 'typebox/value';
import { TouchlineError } from '../../server/protocol/touchline-error.ts';

const CallFrameSchema = Type.Object({
  functionName: Type.String(),
  scriptId: Type.String(),
  url: Type.String(),
  lineNumber: Type.Integer(),
  columnNumber: Type.Integer(),
});

const V8CpuProfileSchema = Type.Object({
  nodes: Type.Array(
    Type.Object({
      id: Type.Integer(),
      callFrame: CallFrameSchema,
      hitCount: Type.Optional(Type.Integer()),
      children: Type.Optional(Type.Array(Type.Integer())),
    }),
    { minItems: 1 },
  ),
  /** In µs of a monotonic clock. */
  startTime: Type.Number(),
  endTime: Type.Number(),
  /** Ids of nodes. */
  samples: Type.Array(Type.Integer()),
  /** µs since the sample before; since the start for the first. */
  timeDeltas: Type.Array(Type.Number()),
});

export type CallFrame = Static<typeof CallFrameSchema>;
export type V8CpuProfile = Static<typeof V8CpuProfileSchema>;

export interface V8HeapNode {
  readonly callFrame: CallFrame;
  readonly selfSize: number;
  readonly children: readonly V8HeapNode[];
}
export interface V8HeapProfile {
  readonly head: V8HeapNode;
}

/** @throws TouchlineError `TL_PROFILE_INVALID` saying what was expected and what came */
export function parseCpuProfile(json: unknown, source: string): V8CpuProfile {
  if (!Check(V8CpuProfileSchema, json)) {
    throw invalid(source, 'a CPU profile with nodes, samples and timeDeltas', json);
  }
  if (json.samples.length !== json.timeDeltas.length) {
    const received = `${json.samples.length} samples and ${json.timeDeltas.length} timeDeltas`;
    throw new TouchlineError(
      'TL_PROFILE_INVALID',
      `${source}: expected as many samples as timeDeltas; received ${received}`,
    );
  }
  return json;
}

/** @throws TouchlineError `TL_PROFILE_INVALID` saying what was expected and what came */
export function parseHeapProfile(json: unknown, source: string): V8HeapProfile {
  if (typeof json === 'object' && json !== null && 'head' in json && isHeapNode(json.head)) {
    return { head: json.head };
  }
  throw invalid(source, 'a sampling heap profile with a head', json);
}

function isHeapNode(value: unknown): value is V8HeapNode {
  if (typeof value !== 'object' || value === null) return false;
  const { callFrame, selfSize, children } = value as Partial<Record<keyof V8HeapNode, unknown>>;
  return (
    Check(CallFrameSchema, callFrame) &&
    typeof selfSize === 'number' &&
    Array.isArray(children) &&
    children.every(isHeapNode)
  );
}

function invalid(source: string, expected: string, json: unknown): TouchlineError {
  const members = typeof json === 'object' && json !== null ? Object.keys(json) : [];
  const received = members.length === 0 ? String(json).slice(0, 80) : `an object of ${members.join(', ')}`;
  return new TouchlineError('TL_PROFILE_INVALID', `${source}: expected ${expected}; received ${received}`);
}

import { describe, expect, it } from 'vitest';
import { SourceLines } from '../source/source-lines.ts';
import { summariseHeap } from './summarise-heap.ts';
import { parseHeapProfile, type V8HeapNode } from './v8-profiles.ts';

function node(call: string, selfSize: number, children: V8HeapNode[] = []): V8HeapNode {
  const [functionName = '', url = ''] = call.split('@');
  const lineNumber = url === '' ? -1 : 4;
  return { callFrame: { functionName, scriptId: '0', url, lineNumber, columnNumber: 0 }, selfSize, children };
}

describe('a heap profile in short', () => {
  const profile = {
    head: node('(root)', 0, [
      node('(V8 API)', 100),
      node('join@file:///project/server/hub/room.js', 200, [
        node('set', 500, [node('key@file:///project/server/hub/key.js', 50)]),
        node('join@file:///project/server/hub/room.js', 100),
      ]),
      node('post@node:inspector', 9_000),
    ]),
  };
  const summary = summariseHeap(parseHeapProfile(profile, 'x'), new SourceLines('/project'));

  it('names who allocates what is alive; a built-in allocates for its caller', () => {
    expect(summary.functions).toEqual([
      {
        functionName: 'join',
        file: 'server/hub/room.js',
        line: 5,
        room: 'server/hub',
        selfRatio: 0.84211,
        totalRatio: 0.89474,
      },
      {
        functionName: 'key',
        file: 'server/hub/key.js',
        line: 5,
        room: 'server/hub',
        selfRatio: 0.05263,
        totalRatio: 0.05263,
      },
    ]);
  });

  it('leaves the profiler itself out', () => {
    expect(summary.liveBytes).toBe(950);
    expect(summary.rooms.map(({ room }) => room)).toEqual(['server/hub', 'native calls']);
  });

  it.each([undefined, {}, { head: { selfSize: 1 } }])('refuses %j', (json) => {
    expect(() => parseHeapProfile(json, 'x.heapprofile')).toThrow(
      expect.objectContaining({ code: 'TL_PROFILE_INVALID' }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SourceLines } from '../source/source-lines.ts';
import { cutProfile, timedSamples } from './sample-times.ts';
import { summariseCpu } from './summarise-cpu.ts';
import { parseCpuProfile, type V8CpuProfile } from './v8-profiles.ts';

const PROJECT = '/project';
const lines = new SourceLines(PROJECT);

type Node = V8CpuProfile['nodes'][number];

/** `name@url`; a name in brackets is V8's. */
function node(id: number, call: string, children: number[] = []): Node {
  const [functionName = '', ...rest] = call.split('@');
  const url = rest.join('@');
  const lineNumber = url === '' ? -1 : 9;
  return {
    id,
    callFrame: { functionName, scriptId: '0', url, lineNumber, columnNumber: lineNumber },
    children,
  };
}

const NODES = [
  node(1, '(root)', [2, 6, 7, 8, 9]),
  node(2, 'walk@file:///project/server/hub/walk.js', [3]),
  node(3, 'walk@file:///project/server/hub/walk.js', [4, 5]),
  node(4, 'writev'),
  node(5, 'dispatch@node:internal/streams/writable'),
  node(6, '(garbage collector)'),
  node(7, '(idle)'),
  node(8, 'post@node:inspector'),
  node(9, '@file:///project/node_modules/@scope/tool/index.js'),
];

/** A sample each millisecond. */
function profileOf(samples: number[]): V8CpuProfile {
  const timeDeltas = samples.map((_, index) => (index === 0 ? 0 : 1_000));
  return { nodes: NODES, startTime: 5_000, endTime: 5_000 + samples.length * 1_000, samples, timeDeltas };
}

describe('a CPU profile in short', () => {
  const summary = summariseCpu(profileOf([2, 3, 3, 4, 4, 4, 5, 6, 7, 7, 8, 9]), lines);

  it('shares busy time among functions, and counts a recursion once', () => {
    const shares = summary.functions.map(({ functionName, selfRatio, totalRatio }) => [
      functionName,
      selfRatio,
      totalRatio,
    ]);
    expect(shares).toEqual([
      ['walk', 0.33333, 0.77778],
      ['writev', 0.33333, 0.33333],
      ['dispatch', 0.11111, 0.11111],
      ['(anonymous)', 0.11111, 0.11111],
    ]);
  });

  it('names functions and where they are', () => {
    expect(summary.functions[0]).toMatchObject({ file: 'server/hub/walk.js', line: 10, room: 'server/hub' });
    expect(summary.functions[1]).toMatchObject({ file: '', line: 0, room: 'native writes' });
  });

  it('shares busy time among the rooms of the house', () => {
    expect(summary.rooms).toEqual([
      { room: 'server/hub', selfRatio: 0.33333 },
      { room: 'native writes', selfRatio: 0.33333 },
      { room: 'node:stream', selfRatio: 0.11111 },
      { room: 'garbage collection', selfRatio: 0.11111 },
      { room: 'node_modules/@scope/tool', selfRatio: 0.11111 },
    ]);
  });

  it('keeps idle time and the profiler itself apart', () => {
    expect(summary).toMatchObject({ durationMs: 12, samples: 12, busyMs: 9 });
    expect(summary.idleRatio).toBeCloseTo(2 / 12);
    expect(summary.profilerRatio).toBeCloseTo(1 / 12);
  });

  it('draws callers before what they call', () => {
    expect(
      summary.calls.map(({ functionName, caller, totalRatio }) => [functionName, caller, totalRatio]),
    ).toEqual([
      ['walk', -1, 0.77778],
      ['(garbage collector)', -1, 0.11111],
      ['(anonymous)', -1, 0.11111],
      ['walk', 0, 0.66667],
      ['writev', 3, 0.33333],
      ['dispatch', 3, 0.11111],
    ]);
  });

  it('of a server that never worked names nobody', () => {
    expect(summariseCpu(profileOf([7, 7, 7]), lines)).toMatchObject({
      busyMs: 0,
      functions: [],
      rooms: [],
      calls: [],
    });
  });

  it('draws no call below half a percent', () => {
    const wide = Array.from({ length: 1_500 }, (_, index) =>
      node(index + 2, `f${index}@file:///project/a.js`),
    );
    const nodes = [
      node(
        1,
        '(root)',
        wide.map(({ id }) => id),
      ),
      ...wide,
    ];
    const samples = [...wide.map(({ id }) => id), ...Array.from({ length: 20 }, () => 2)];
    const { calls } = summariseCpu({ ...profileOf(samples), nodes }, lines);
    expect(calls.map(({ functionName }) => functionName)).toEqual(['f0']);
  });
});

const samples = fc.array(fc.integer({ min: 2, max: 9 }), { minLength: 1, maxLength: 60 });

describe('times of samples', () => {
  it('add up to the whole, in order, whatever the order they were written in', () => {
    fc.assert(
      fc.property(
        samples,
        fc.array(fc.integer({ min: -500, max: 3_000 }), { minLength: 60 }),
        (ids, deltas) => {
          const timeDeltas = ids.map((_, index) => (index === 0 ? 0 : (deltas[index] ?? 0)));
          const profile = { ...profileOf(ids), timeDeltas, endTime: 1_000_000 };
          const timed = timedSamples(profile);
          const [first] = timed;
          expect(timed.every(({ lastsUs }) => lastsUs >= 0)).toBe(true);
          const sum = timed.reduce((total, { lastsUs }) => total + lastsUs, 0);
          expect(sum).toBe(1_000_000 - (first?.atUs ?? 0));
        },
      ),
    );
  });

  it('are cut to a window: its parts hold what the whole does', () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: 0, max: 60 }), (ids, cutMs) => {
        const profile = profileOf(ids);
        const parts = [cutProfile(profile, 0, cutMs), cutProfile(profile, cutMs, 1_000)];
        expect(parts.flatMap((part) => part.samples)).toEqual(ids);
        for (const part of parts) {
          expect(part.nodes.reduce((sum, { hitCount = 0 }) => sum + hitCount, 0)).toBe(part.samples.length);
          expect(part.timeDeltas).toHaveLength(part.samples.length);
        }
      }),
    );
  });
});

describe('what is no CPU profile', () => {
  it.each([
    [null, 'received null'],
    [{ head: {} }, 'received an object of head'],
    [{ ...profileOf([2]), timeDeltas: [] }, 'received 1 samples and 0 timeDeltas'],
    [{ ...profileOf([2]), nodes: [] }, 'expected a CPU profile'],
  ])('%# is refused', (json, message) => {
    expect(() => parseCpuProfile(json, 'x.cpuprofile')).toThrow(
      expect.objectContaining({ code: 'TL_PROFILE_INVALID', message: expect.stringContaining(message) }),
    );
  });
});

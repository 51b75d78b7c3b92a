import { describe, expect, it } from 'vitest';
import type { GrowingClass } from '../../record/heap-growth-record.ts';
import {
  judgeMemorySample,
  type MemoryKnobs,
  memoryCheckOf,
  sampleGrowingClass,
  sampleHeapGrowth,
} from '../../testing/sample-memory.ts';
import { sampleTier } from '../../testing/sample-tier.ts';
import type { MemoryVerdict } from './memory-verdict.ts';

const failed = ({ checks }: MemoryVerdict) =>
  checks.filter(({ verdict }) => verdict === 'fail').map(({ name }) => name);
const doubtful = ({ checks }: MemoryVerdict) =>
  checks.filter(({ verdict }) => verdict === 'inconclusive').map(({ name }) => name);

describe('a clean run', () => {
  const verdict = judgeMemorySample();

  it('passes every check, and says what was given back', () => {
    expect(verdict.checks.map((check) => check.verdict)).toEqual(Array(verdict.checks.length).fill('pass'));
    expect(verdict.verdict).toBe('pass');
    expect(verdict.sentence).toMatch(
      /^Pass: the server gave back what 1,000 connections in 10 cycles took: .* the heap grew by \d+ B a connection \(95 % CI -?\d+ B to \d+ B\)\.$/,
    );
    expect([verdict.leaks, verdict.findings, verdict.cyclesNote]).toEqual([[], [], null]);
  });

  it('says what was shown, and what was not', () => {
    expect(verdict.recommendations.map((text) => text.split(':')[0])).toEqual([
      'Shown',
      'Not shown',
      'Not shown',
    ]);
  });

  it('may be of one connection, of which no half can unsubscribe', () => {
    const one = judgeMemorySample({ connections: 1 });
    expect(doubtful(one)).toEqual([]);
    expect(memoryCheckOf(one, 'unsubscribed')).toMatchObject({ verdict: 'n/a', observed: null });
  });

  it('never judges RSS or the trend', () => {
    expect(verdict.checks.map(({ name }) => name).filter((name) => /rss|trend/.test(name))).toEqual([]);
  });
});

const KEPT_CONNECTION = { Connection: 1_000, Peer: 1_000, WebSocket: 1_000, Socket: 1_000 };

describe('counts first', () => {
  it.each<[string, NonNullable<MemoryKnobs['grown']>, string[], string, string]>([
    [
      'a structure',
      { structures: { 'hub.connections': 1_000 }, classes: KEPT_CONNECTION },
      ['structures', 'classes'],
      'hub.connections grew by 1,000 (1.00 per connection) while 1,000',
      'server/hub/hub.ts:106, Hub.disconnected',
    ],
    [
      'listeners',
      { listeners: { 'httpServer:close': 10 } },
      ['listeners'],
      'httpServer:close grew by 10 (1.0 % of connections) while 1,000',
      'server/transport/peers.ts:125, Peers.closed',
    ],
    [
      'timers, named before what they keep alive',
      { classes: { ...KEPT_CONNECTION, Timeout: 2_000 } },
      ['classes'],
      'Timeout grew by 2,000 (2.00 per connection)',
      'server/transport/peers.ts:125',
    ],
    [
      'connections that something unknown holds, with a timer each',
      { classes: { ...KEPT_CONNECTION, Timeout: 1_000 } },
      ['classes'],
      'Connection grew by 1,000 (1.00 per connection)',
      'server/hub/hub.ts:106, Hub.disconnected',
    ],
    [
      'a history above its bound',
      { structures: { 'hub.messagesHistory': 50 } },
      ['structures'],
      'hub.messagesHistory grew by 50',
      'server/hub/room-history.ts:31',
    ],
    ['timers that keep the process alive', { timers: 1 }, ['timers'], 'timers grew by 1 ', ''],
    ['descriptors', { openFds: 10 }, ['fds'], 'openFds grew by 10 ', ''],
  ])('names %s, how many, per connection, bytes and place', (_, grown, checks, named, place) => {
    const verdict = judgeMemorySample({ grown });
    expect(verdict.verdict).toBe('fail');
    expect(failed(verdict)).toEqual(checks);
    expect(verdict.sentence).toContain(`Fail: ${named}`);
    expect(verdict.sentence).toMatch(/\d B per connection \(heap \d+ B, external 0 B\)/);
    const [finding] = verdict.findings;
    expect(finding?.where).toContain(place);
    expect(verdict.recommendations[0]).toMatch(/^Release /);
  });

  it('tells what a cause keeps alive with it, and nothing twice', () => {
    const { leaks, findings } = judgeMemorySample({
      grown: { structures: { 'hub.connections': 1_000 }, classes: KEPT_CONNECTION },
    });
    expect(leaks).toHaveLength(1);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.seen).toContain('Peer +1,000 (1.00 per connection)');
  });

  it.each([
    [1, 'pass'],
    [2, 'pass'],
    [3, 'fail'],
  ] as const)('lets those who look have %i sockets: %s', (Socket, expected) => {
    expect(judgeMemorySample({ grown: { classes: { Socket } } }).verdict).toBe(expected);
    expect(judgeMemorySample({ grown: { openFds: Socket } }).verdict).toBe(expected);
  });

  it.each(['Connection', 'Peer', 'WebSocket', 'Room'])('counts %s to the last one', (name) => {
    expect(judgeMemorySample({ grown: { classes: { [name]: 1 } } }).verdict).toBe('fail');
  });

  it('finds a leak of 1 % of 1,000 connections in every figure', () => {
    const grown = { structures: { 'hub.roomMembers': 10 }, listeners: { 'httpServer:close': 10 } };
    const classes = { Timeout: 10, Buffer: 10, Socket: 10 };
    expect(failed(judgeMemorySample({ grown: { ...grown, classes } }))).toEqual([
      'structures',
      'listeners',
      'classes',
    ]);
  });

  it('lets a bounded structure fill', () => {
    const grown = { structures: { 'hub.closedRing': -56, 'hub.messagesHistory': 0 } };
    expect(judgeMemorySample({ grown }).verdict).toBe('pass');
  });

  it('counts members that stay in the room after they unsubscribed', () => {
    const verdict = judgeMemorySample({ keptMembers: 50 });
    expect(failed(verdict)).toEqual(['unsubscribed']);
    expect(memoryCheckOf(verdict, 'unsubscribed')).toMatchObject({ observed: 500 });
    expect(verdict.sentence).toContain('500 clients were still in the room after they had unsubscribed');
    expect(verdict.findings[0]?.where).toContain('Hub.#leave');
  });

  it('compares what the server itself counted of a fault', () => {
    const { serverCounters } = sampleTier(100);
    const counted = { ...serverCounters, faultInjections: { 'leak-connections': 1 } };
    const { findings } = judgeMemorySample({
      grown: { structures: { 'hub.connections': 10 } },
      cycle: { serverCounters: counted },
      tier: { durationMs: 10_000 },
      record: { faults: ['leak-connections=1%'] },
    });
    expect(findings[0]?.seen).toContain('The server itself counts 10 (1.0 % of connections)');
    expect(findings[0]?.todo).toContain('positive control');
  });
});

describe('heap snapshots', () => {
  const grown = (classes: readonly GrowingClass[], knobs: MemoryKnobs = {}) =>
    judgeMemorySample({ ...knobs, record: { ...knobs.record, heapGrowth: sampleHeapGrowth(classes) } });

  it('fail a run whose counts are all back, naming class, holder, how many, how much and the line', () => {
    const verdict = grown([sampleGrowingClass()]);
    expect(failed(verdict)).toEqual(['growing-classes']);
    expect(verdict.sentence).toBe('Fail: 1,000 ClientSession stayed while 1,000 connections came and went.');
    expect(verdict.details).toEqual([
      { label: 'leak', text: '1,000 ClientSession: 1.00 per connection, 312 B a connection' },
      { label: 'held by', text: 'Map: Registry.sessions' },
      { label: 'from', text: 'allocated at server/registry.ts:39, opened' },
    ]);
    expect(verdict.findings).toHaveLength(1);
    expect(verdict.findings[0]).toMatchObject({
      title: 'Leak: ClientSession',
      where: 'allocated at server/registry.ts:39, opened',
      todo: 'Take each of them out of Map: Registry.sessions where its connection ends, however it ends.',
    });
    expect(verdict.findings[0]?.seen).toContain('0, 500 and 1,000 in the three heap snapshots');
    expect(verdict.findings[0]?.seen).toContain('reached by Registry → .sessions → Map → ClientSession');
    expect(verdict.recommendations[0]).toMatch(/^Take ClientSession out of Map: Registry.sessions /);
  });

  it('name a listener by function, event, holder and line, beside the count and its release point', () => {
    const listener = sampleGrowingClass({
      kind: 'closure',
      name: 'endWithServer',
      event: 'close',
      holder: 'Array: Server._events.close',
      allocatedAt: { functionName: 'opened', file: 'server/leak.ts', line: 31 },
    });
    const socket = sampleGrowingClass({ name: 'Socket', holder: null, keptBy: 'WebSocket' });
    const webSocket = sampleGrowingClass({ name: 'WebSocket', holder: null, keptBy: 'endWithServer' });
    const verdict = grown([listener, webSocket, socket], {
      grown: { listeners: { 'httpServer:close': 1_000 } },
    });
    expect(failed(verdict)).toEqual(['listeners', 'growing-classes']);
    expect(verdict.sentence).toBe(
      'Fail: 1,000 listeners endWithServer of the event close stayed while 1,000 connections came and went.',
    );
    const point = 'server/transport/peers.ts:125, Peers.closed';
    expect(verdict.details?.slice(1)).toEqual([
      { label: 'held by', text: 'Array: Server._events.close' },
      { label: 'from', text: 'written at server/leak.ts:31, opened' },
      { label: 'release at', text: point },
      { label: 'counted', text: 'httpServer:close +1,000 (1.00 per connection)' },
    ]);
    const [finding] = verdict.findings;
    expect(finding?.where).toContain(
      'written at server/leak.ts:31, opened; to be released at server/transport',
    );
    expect(finding?.seen).toContain('They keep alive 1,000 WebSocket and 1,000 Socket.');
    expect(finding?.todo).toContain("off('close', …)");
    expect(verdict.growing).toEqual([listener]);
  });

  it('name every one of several leaks', () => {
    const timer = sampleGrowingClass({ kind: 'object', name: 'Timeout', holder: null, allocatedAt: null });
    const { sentence, details, findings } = grown([sampleGrowingClass(), timer]);
    expect(sentence).toContain(' 1,000 ClientSession and 1,000 Timeout stayed while');
    expect(details).toContainEqual({ label: 'held by', text: 'nothing that was there before' });
    expect(findings.map(({ title }) => title)).toEqual(['Leak: ClientSession', 'Leak: Timeout']);
  });

  const strings = (perHalf: number) =>
    sampleGrowingClass({
      kind: 'string',
      name: 'strings',
      counts: [100, 100 + perHalf, 100 + 2 * perHalf],
      persisting: perHalf,
      holder: 'Set: Registry.seen',
      allocatedAt: null,
    });
  const withCollections = (collections: readonly GrowingClass[]) =>
    judgeMemorySample({ record: { heapGrowth: { ...sampleHeapGrowth(), collections: [...collections] } } });

  it('fail a run for strings of a collection, from a tenth of the connections of a half on', () => {
    const verdict = withCollections([strings(50)]);
    expect(failed(verdict)).toEqual(['growing-classes']);
    expect(verdict.sentence).toBe('Fail: 100 strings stayed while 1,000 connections came and went.');
    expect(verdict.findings).toMatchObject([
      {
        title: 'Leak: strings',
        todo: 'Take each of them out of Set: Registry.seen where its connection ends, however it ends.',
      },
    ]);
    expect(withCollections([strings(49)])).toMatchObject({ verdict: 'pass', growing: [] });
  });

  it('explain a slope, which then has no finding of its own; without a class it is weaker evidence', () => {
    expect(grown([sampleGrowingClass()], { heapBytes: 400 }).findings).toHaveLength(1);
    const [unnamed] = grown([], { heapBytes: 400 }).findings;
    expect(unnamed?.seen).toContain('No class of objects grew in both halves');
    expect(unnamed?.todo).toContain('npm run heap:diff -- before.heapsnapshot after.heapsnapshot');
  });

  it('that could not be compared leave the judging to the counts, and the reason is said', () => {
    const verdict = judgeMemorySample({
      record: { heapGrowth: null, noHeapGrowth: 'the heap held 90 MB' },
    });
    expect(verdict.verdict).toBe('pass');
    expect(memoryCheckOf(verdict, 'growing-classes')).toMatchObject({
      verdict: 'n/a',
      observed: null,
      detail: 'the heap held 90 MB',
    });
    expect(verdict.recommendations.at(-1)).toBe('Not shown: who holds what leaks: the heap held 90 MB.');
  });

  it('of a server that others used meanwhile are in doubt', () => {
    const tier = sampleTier(100, { durationMs: 500 });
    const verdict = grown([sampleGrowingClass()], {
      cycle: { serverCounters: { ...tier.serverCounters, opened: 101 } },
    });
    expect(memoryCheckOf(verdict, 'growing-classes').verdict).toBe('inconclusive');
  });
});

describe('then the effect', () => {
  it.each([
    ['heap-slope', { heapBytes: 400 }, 'The heap grows, and no count says why'],
    ['external-slope', { externalBytes: 80 }, 'Memory outside the heap grows'],
  ])('%s fails a run whose counts are all back', (name, knobs, title) => {
    const verdict = judgeMemorySample(knobs);
    expect(failed(verdict)).toEqual([name]);
    expect(verdict.findings[0]?.title).toBe(title);
    expect(verdict.sentence).toMatch(/^Fail: .* growth per connection is at least \d+ B/);
  });

  it('passes growth below its limit', () => {
    expect(judgeMemorySample({ heapBytes: 150, externalBytes: 40 }).verdict).toBe('pass');
  });

  it('does not judge it over cycles of few connections', () => {
    const verdict = judgeMemorySample({ connections: 20, heapBytes: 400 });
    expect(verdict.sentence).toMatch(
      /the growth of the heap was not judged, for which the cycles are too small\.$/,
    );
    expect(memoryCheckOf(verdict, 'heap-slope')).toMatchObject({ verdict: 'n/a', observed: null });
  });

  it.each([
    [1, '1 cycle is enough for the counts', 'n/a'],
    [3, 'its 95 % bound needs 4 cycles, and 10 make it narrow (--cycles 10).', 'n/a'],
    [4, 'the growth of the heap has a lower bound only', 'pass'],
    [6, 'is known to within', 'pass'],
  ] as const)('says of %i cycles whether they are enough', (cycles, note, slope) => {
    const verdict = judgeMemorySample({ cycles });
    expect(verdict.cyclesNote).toContain(note);
    expect(memoryCheckOf(verdict, 'heap-slope').verdict).toBe(slope);
    expect(verdict.verdict).toBe('pass');
  });
});

describe('what cannot be judged', () => {
  it('is a server that does not show what it tracks', () => {
    const blind = { baseline: null, end: null };
    const verdict = judgeMemorySample({ record: blind, cycle: { partLeft: null, left: null } });
    expect(verdict.verdict).toBe('inconclusive');
    expect(verdict.sentence).toMatch(/^Inconclusive: the target does not show what it tracks: --admin/);
    expect(doubtful(verdict)).toEqual([
      ...['structures', 'listeners', 'timers', 'classes', 'fds', 'unsubscribed'],
    ]);
    expect(verdict.findings.map(({ title }) => title)).toContain('What the server tracks cannot be seen');
  });

  it('is a heap that could not be collected', () => {
    const record = judgeMemorySample({ cycle: { collected: uncollected() } });
    expect(doubtful(record)).toEqual(['heap-slope', 'external-slope']);
    expect(memoryCheckOf(record, 'heap-slope').detail).toMatch(
      /start the target with node --expose-gc, as npm start does$/,
    );
    const blind = judgeMemorySample({ cycle: { collected: uncollected() }, record: { baseline: null } });
    expect(memoryCheckOf(blind, 'heap-slope').detail).toMatch(
      /--admin-token <token> lets the profiler force it$/,
    );
  });

  it('is growth while others used the server', () => {
    const tier = sampleTier(100, { durationMs: 500 });
    const verdict = judgeMemorySample({
      grown: { structures: { 'hub.connections': 3 } },
      cycle: { serverCounters: { ...tier.serverCounters, opened: 101 } },
    });
    expect(memoryCheckOf(verdict, 'structures')).toMatchObject({ verdict: 'inconclusive' });
    expect(memoryCheckOf(verdict, 'structures').detail).toContain('others opened 10 connections');
  });

  it('is a run that was cut short', () => {
    const outcome = { state: 'interrupted', message: 'stopped by a signal in cycle 2' } as const;
    const verdict = judgeMemorySample({ cycles: 2, record: { outcome, end: null } });
    expect(verdict.sentence).toBe('Inconclusive: the run was cut short: stopped by a signal in cycle 2.');
    expect(memoryCheckOf(verdict, 'structures').detail).toBe('the run ended before the last look');
    const inWindow = {
      cycles: 2,
      record: { outcome, end: null },
      tier: { load: { state: 'interrupted' } },
    } as const;
    expect(judgeMemorySample(inWindow).sentence).toBe(verdict.sentence);
  });
});

describe('the rig', () => {
  it('may be full: counts are exact on a busy machine', () => {
    expect(judgeMemorySample({ tier: { load: { machineCpuRatio: 0.99 } } }).verdict).toBe('pass');
  });

  it('must keep its own books', () => {
    const ledger = { expected: 500, received: 490, unique: 490, lost: 0 };
    const verdict = judgeMemorySample({ tier: { ledger } });
    expect(verdict.verdict).toBe('inconclusive');
    expect(verdict.sentence).toContain('in warm-up 1 the delivery ledger does not add up');
  });

  it('excuses no message that was lost', () => {
    const verdict = judgeMemorySample({ tier: { ledger: { lost: 5, unique: 495, received: 495 } } });
    expect(failed(verdict)).toContain('lost');
    expect(verdict.sentence).toMatch(/^Fail: 65 of 6,500 messages were lost/);
    expect(memoryCheckOf(verdict, 'lost').detail).toContain('in all 13 cycles');
  });
});

function uncollected() {
  return {
    connections: 0,
    forcedGc: false,
    rssBytes: 8e7,
    heapTotalBytes: 2e7,
    heapUsedBytes: 1.8e7,
    externalBytes: 2e6,
    arrayBuffersBytes: 1e5,
    kernelSocketBytes: 0,
  };
}

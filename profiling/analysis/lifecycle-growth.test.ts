import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LifecycleSample } from '../record/lifecycle-record.ts';
import { lifecycleGrowth } from './lifecycle-growth.ts';

const sample = (changes: Partial<LifecycleSample> = {}): LifecycleSample => ({
  structures: {},
  bounds: {},
  listeners: {},
  timers: 0,
  openFds: 0,
  classes: {},
  ...changes,
});

function growth(before: Partial<LifecycleSample>, after: Partial<LifecycleSample>, connections = 1_000) {
  const releasePoints = { 'hub.connections': 'hub.ts:1, gone', httpServer: 'websocket.ts:2, closed' };
  return lifecycleGrowth(sample(before), sample(after), { connections, releasePoints });
}

describe('growth of what a server tracks', () => {
  it('says by how much, for each connection, and where it should have been released', () => {
    const [figure] = growth(
      { structures: { 'hub.connections': 5 } },
      { structures: { 'hub.connections': 25 } },
    );
    expect(figure).toMatchObject({
      kind: 'structure',
      title: 'Connections in the hub',
      baseline: 5,
      end: 25,
      grown: 20,
      perConnection: 0.02,
      excess: 20,
      releasedBy: 'hub.ts:1, gone',
    });
  });

  it('finds the release point of a listener by its emitter, and has none for what nobody knows', () => {
    const figures = growth({}, { listeners: { 'httpServer:close': 1, 'other:close': 1 } });
    expect(figures.slice(0, 2).map(({ releasedBy }) => releasedBy)).toEqual(['websocket.ts:2, closed', null]);
  });

  it('counts a bounded structure from its bound on, and never what was above it before', () => {
    const bounds = { ring: 256 };
    const excess = (from: number, to: number) =>
      growth({ structures: { ring: from }, bounds }, { structures: { ring: to }, bounds })[0]?.excess;
    expect([excess(0, 256), excess(200, 266), excess(300, 310), excess(300, 300)]).toEqual([0, 10, 10, 0]);
  });

  it('knows nothing of what a look lacks', () => {
    const kinds = growth({ classes: null }, { openFds: null }).map(({ kind }) => kind);
    expect(kinds).toEqual(['timers']);
  });

  it('has no share of no connections', () => {
    expect(growth({ timers: 1 }, { timers: 2 }, 0)[0]).toMatchObject({ perConnection: null, excess: 1 });
  });

  it('holds 1 % of any number from 300 connections against any class, and two sockets of lookers against none', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 500 }),
        fc.constantFrom('Connection', 'Socket', 'Timeout'),
        (hundreds, name) => {
          const connections = hundreds * 100;
          const leaked = growth({}, { classes: { [name]: hundreds } }, connections).at(-1);
          expect(leaked?.excess).toBe(hundreds);
          const looking = growth({}, { openFds: 2 }, connections).find(({ kind }) => kind === 'fds');
          expect(looking?.excess).toBe(0);
        },
      ),
    );
  });
});

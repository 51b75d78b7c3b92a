import { describe, expect, it } from 'vitest';
import { FakeTimers } from '../../testing/fake-timers.ts';
import { TurnLoop } from './turn-loop.ts';

function makeLoop(pauses: () => number) {
  const timers = new FakeTimers();
  const defects: unknown[] = [];
  let turns = 0;
  const turn = () => {
    turns += 1;
    return pauses();
  };
  const loop = new TurnLoop({ timers, turn, onDefect: (error) => defects.push(error) });
  return { loop, timers, defects, turns: () => turns };
}

describe('TurnLoop', () => {
  it('does nothing until it is started, and nothing after it is stopped', () => {
    const { loop, timers, turns } = makeLoop(() => 5);
    loop.wake();
    expect(timers.size).toBe(0);
    loop.start();
    timers.advance(0);
    expect(turns()).toBe(1);
    expect(loop.timers).toBe(1);
    loop.stop();
    expect([loop.timers, timers.size]).toEqual([0, 0]);
    timers.advance(100);
    expect(turns()).toBe(1);
  });

  it('waits as long as the turn says, or until it is woken', () => {
    const { loop, timers, turns } = makeLoop(() => 1_000);
    loop.start();
    timers.advance(0);
    timers.advance(999);
    expect(turns()).toBe(1);
    timers.advance(1);
    expect(turns()).toBe(2);
    loop.wake();
    loop.wake();
    expect(timers.size).toBe(1);
    timers.advance(0);
    expect(turns()).toBe(3);
  });

  it('lets I/O have its turn between two of its own', () => {
    const { loop, timers, turns } = makeLoop(() => 0);
    loop.start();
    timers.turn();
    timers.turn();
    expect(turns()).toBe(2);
    loop.stop();
    timers.turn();
    expect(turns()).toBe(2);
  });

  it('does not take two turns at once when it was stopped and started within one', () => {
    const { loop, timers, turns } = makeLoop(() => 0);
    loop.start();
    loop.stop();
    loop.start();
    timers.turn();
    expect(turns()).toBe(1);
  });

  it('tells of a defect and goes on, a second later', () => {
    const { loop, timers, defects, turns } = makeLoop(() => {
      throw new Error('boom');
    });
    loop.start();
    timers.advance(0);
    expect(defects).toHaveLength(1);
    timers.advance(999);
    expect(turns()).toBe(1);
    timers.advance(1);
    expect(turns()).toBe(2);
  });
});

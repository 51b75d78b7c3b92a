import { describe, expect, it } from 'vitest';
import { tickPlan } from '../../testing/tick-plans.ts';
import { readerId, tickUrl } from './tick-plan.ts';
import { checkTickPlan } from './tick-plan-check.ts';

const target = { wsUrl: 'ws://127.0.0.1:1/ws' };
const page = { browser: { pageOrigin: 'http://127.0.0.1:9000' } };

describe('a tick plan', () => {
  it.each([
    {},
    { reader: 'ws', target: { wsUrl: 'wss://example.org/ws' } },
    { reader: 'browser-naive', readers: 1, ...page },
    { readers: 10, slowReaders: 9, warmUpMs: 0, ackEveryMs: 0, timeEvery: 1 },
  ] as const)('passes when it can be carried out: %j', (changes) => {
    expect(() => checkTickPlan(tickPlan(target, changes))).not.toThrow();
  });

  it.each([
    [{ target: { wsUrl: 'wss://127.0.0.1/ws' } }, 'lean'],
    [{ target: { wsUrl: 'http://127.0.0.1/ws' } }, 'ws://'],
    [{ readers: 0 }, 'readers'],
    [{ readers: 2, slowReaders: 2 }, 'fewer slow readers'],
    [{ slowReaders: 0.5 }, 'slowReaders'],
    [{ slowBeforeMs: 1, warmUpMs: 0 }, 'slowBeforeMs within the warm-up of 0 ms'],
    [{ measureMs: 0 }, 'measureMs'],
    [{ warmUpMs: -1 }, 'warmUpMs'],
    [{ ackEveryMs: Number.NaN }, 'ackEveryMs'],
    [{ timeEvery: 0 }, 'timeEvery'],
    [{ clientId: 'not a name' }, 'clientId'],
    [{ clientId: 'n'.repeat(64) }, 'clientId'],
    [{ reader: 'browser-naive', readers: 1 }, 'pageOrigin'],
    [{ reader: 'browser-naive', readers: 1, browser: { pageOrigin: 'http://127.0.0.1/page' } }, 'pageOrigin'],
    [{ reader: 'browser-sampled', readers: 2, ...page }, '1 browser reader'],
  ] as const)('is refused: %j', (changes, named) => {
    expect(() => checkTickPlan(tickPlan(target, changes))).toThrow(
      expect.objectContaining({ code: 'TL_PLAN_INVALID', message: expect.stringContaining(named) }),
    );
  });

  it('is told all that is wrong at once', () => {
    expect(() => checkTickPlan(tickPlan(target, { readers: -1, clientId: '' }))).toThrow(/clientId.*readers/);
  });
});

describe('what follows from a tick plan', () => {
  it.each([
    ['ws://127.0.0.1:8000/ws', 'ws://127.0.0.1:8000/ticks?format=binary'],
    ['ws://127.0.0.1:8000', 'ws://127.0.0.1:8000/ticks?format=binary'],
    ['wss://example.org/behind/ws', 'wss://example.org/behind/ticks?format=binary'],
    ['ws://127.0.0.1:8000/ticks', 'ws://127.0.0.1:8000/ticks?format=binary'],
  ])('the feed beside %s is %s', (wsUrl, url) => {
    expect(tickUrl({ target: { wsUrl }, format: 'binary' }).href).toBe(url);
  });

  it('each reader has a name of its own', () => {
    expect([0, 1, 2].map((index) => readerId('lean', index))).toEqual(['lean', 'lean-2', 'lean-3']);
  });
});

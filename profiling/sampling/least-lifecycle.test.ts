import { expect, it } from 'vitest';
import type { LifecycleSample } from '../record/lifecycle-record.ts';
import { leastLifecycle } from './least-lifecycle.ts';

const look = (changes: Partial<LifecycleSample>): LifecycleSample => ({
  structures: { 'hub.connections': 0 },
  bounds: { 'hub.closedRing': 256 },
  listeners: { 'process:SIGTERM': 1 },
  timers: 2,
  openFds: 20,
  classes: null,
  ...changes,
});

it('takes each figure at its least: what was only on its way out does not count, what leaked does', () => {
  const first = look({ structures: { 'hub.connections': 3, 'hub.closing': 1 }, timers: 4, openFds: 23 });
  const second = look({ structures: { 'hub.connections': 5 }, timers: 5, openFds: 21 });
  expect(leastLifecycle([first, second])).toEqual(
    look({ structures: { 'hub.connections': 3, 'hub.closing': 0 }, timers: 4, openFds: 21 }),
  );
});

it('keeps the classes of the looks that counted them', () => {
  const looks = [look({}), look({ classes: { Socket: 4, Timeout: 7 } }), look({ classes: { Socket: 3 } })];
  expect(leastLifecycle(looks)?.classes).toEqual({ Socket: 3, Timeout: 0 });
  expect(leastLifecycle([look({}), look({})])?.classes).toBeNull();
});

it('knows no descriptors when one look did not', () => {
  expect(leastLifecycle([look({}), look({ openFds: null })])?.openFds).toBeNull();
  expect(leastLifecycle([])).toBeNull();
});

import { describe, expect, it } from 'vitest';
import { leastGrowthOf } from './everyday-classes.ts';

const classNamed = (name: string, changes = {}) =>
  ({ kind: 'object', name, location: null, key: name, ...changes }) as const;

describe('the growth that counts', () => {
  it('is larger for what everybody makes', () => {
    expect(leastGrowthOf(classNamed('Object'), 2)).toBe(10);
    expect(leastGrowthOf(classNamed('Array'), 50)).toBe(250);
  });

  it('is the least for whatever has a name: a class of the program, a timer, a socket, a closure', () => {
    for (const name of ['ClientSession', 'Timeout', 'Socket', 'Map']) {
      expect(leastGrowthOf(classNamed(name), 2)).toBe(2);
    }
    expect(leastGrowthOf(classNamed('Object', { kind: 'closure' }), 2)).toBe(2);
    const location = { scriptId: 7, line: 3, column: 1 };
    expect(leastGrowthOf(classNamed('Object', { location }), 2)).toBe(2);
  });
});

import { expect, it } from 'vitest';
import type { ExitName } from './exit-codes.ts';
import { worstExit } from './worst-exit.ts';

it.each<[readonly ExitName[], ExitName]>([
  [[], 'pass'],
  [['pass', 'pass'], 'pass'],
  [['pass', 'inconclusive', 'pass'], 'inconclusive'],
  [['inconclusive', 'fail'], 'fail'],
  [['fail', 'runError', 'inconclusive'], 'runError'],
  [['runError', 'interrupted'], 'interrupted'],
])('of %j it is %s', (exits, expected) => {
  expect(worstExit(exits)).toBe(expected);
});

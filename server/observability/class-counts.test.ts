import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { type ClassCounts, chooseClasses, countClasses, createClassCounter } from './class-counts.ts';

class Kept {}
class KeptChild extends Kept {}

describe('countClasses', () => {
  it('counts what is alive, and nothing that was let go', async () => {
    const held = Array.from({ length: 10 }, () => new Kept());
    const before = await countClasses({ Kept });
    held.length = 3;
    const after = await countClasses({ Kept });
    expect((before.counts['Kept'] ?? 0) - (after.counts['Kept'] ?? 0)).toBe(7);
    held.push(new KeptChild());
    const grown = await countClasses({ Kept });
    expect((grown.counts['Kept'] ?? 0) - (after.counts['Kept'] ?? 0)).toBe(1);
    expect(held).toHaveLength(4);
  });

  it('counts an object for each class on its prototype chain, in one walk', async () => {
    const walks: number[] = [];
    const { counts } = await countClasses({ Kept, KeptChild, EventEmitter }, (visit) => {
      walks.push(1);
      for (const object of [new Kept(), new KeptChild(), {}, Object.create(null)]) visit(object);
    });
    expect(counts).toEqual({ Kept: 2, KeptChild: 1, EventEmitter: 0 });
    expect(walks).toHaveLength(1);
  });

  it('says so where Node cannot count', async () => {
    await expect(countClasses({ Kept }, null)).rejects.toMatchObject({
      code: 'TL_CLASS_COUNTS_UNAVAILABLE',
      message: expect.stringContaining(process.version),
    });
  });
});

describe('a class counter', () => {
  it('counts for one after the other, also after a failure', async () => {
    let running = 0;
    const count = createClassCounter(async (): Promise<ClassCounts> => {
      running += 1;
      expect(running).toBe(1);
      await new Promise(setImmediate);
      running -= 1;
      throw new Error('none');
    });
    const settled = await Promise.allSettled([count({ Kept }), count({ Kept }), count({ Kept })]);
    expect(settled.map(({ status, ...rest }) => [status, 'reason' in rest && rest.reason.message])).toEqual(
      Array(3).fill(['rejected', 'none']),
    );
  });
});

describe('chooseClasses', () => {
  const classes = { Kept, KeptChild };

  it('takes those that are named, or all', () => {
    expect(chooseClasses(null, classes)).toBe(classes);
    expect(chooseClasses('KeptChild', classes)).toEqual({ KeptChild });
    expect(Object.keys(chooseClasses('KeptChild,Kept,Kept', classes))).toEqual(['Kept', 'KeptChild']);
  });

  it.each(['', 'Kept,', 'kept', 'toString', 'Kept Kept'])('refuses "%s"', (text) => {
    expect(() => chooseClasses(text, classes)).toThrow(
      `expected classes out of Kept, KeptChild, parted by commas; received "${text}"`,
    );
  });
});

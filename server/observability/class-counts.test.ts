import { describe, expect, it } from 'vitest';
import { countClasses } from './class-counts.ts';

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

  it('says so where Node cannot count', async () => {
    await expect(countClasses({ Kept }, null)).rejects.toMatchObject({
      code: 'TL_CLASS_COUNTS_UNAVAILABLE',
      message: expect.stringContaining(process.version),
    });
  });
});

import { describe, expect, it } from 'vitest';
import { parseDescriptorLimit } from './file-descriptors.ts';

describe('parseDescriptorLimit', () => {
  it('leaves room for what is no connection', () => {
    const limits =
      'Max processes   1 2 processes\nMax open files            1024                 20000                files\n';
    expect(parseDescriptorLimit(limits)).toEqual({ hardLimit: 20_000, maxConnections: 19_900 });
  });

  it.each(['', 'Max open files unlimited unlimited files'])('knows no bound in "%s"', (limits) => {
    expect(parseDescriptorLimit(limits)).toEqual({
      hardLimit: null,
      maxConnections: Number.POSITIVE_INFINITY,
    });
  });
});

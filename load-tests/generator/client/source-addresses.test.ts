import { describe, expect, it } from 'vitest';
import { sourceAddresses } from './source-addresses.ts';

describe('sourceAddresses', () => {
  it.each([
    ['127.0.0.1', 1, ['127.0.0.2']],
    ['127.0.0.1', 5_000, ['127.0.0.2']],
    ['localhost', 5_001, ['127.0.0.2', '127.0.0.3']],
    ['127.1.2.3', 15_000, ['127.0.0.2', '127.0.0.3', '127.0.0.4']],
    ['192.168.1.1', 50_000, []],
    ['example.com', 10, []],
    ['[::1]', 10, []],
  ])('gives for %s and %i connections %j', (host, connections, expected) => {
    expect(sourceAddresses(host, connections)).toEqual(expected);
  });

  it('goes on where the tier before ended, and wraps', () => {
    expect(sourceAddresses('127.0.0.1', 10_000, 249)).toEqual(['127.0.0.251', '127.0.1.2']);
    expect(sourceAddresses('127.0.0.1', 1, 62_500)).toEqual(['127.0.0.2']);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientAddress, isLoopback, parseNetworks } from './client-address.ts';

const trust = (...networks: string[]) => {
  const parsed = parseNetworks(networks);
  if (parsed === null) throw new Error('expected networks');
  return parsed;
};

describe('clientAddress', () => {
  const proxies = trust('10.0.0.0/8', 'fd00::/8');

  it.each([
    ['the peer, when nothing is forwarded', '10.0.0.1', undefined, '10.0.0.1'],
    ['the peer, when it is not trusted', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['the forwarded one, from a trusted peer', '10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['the last hop that is not trusted', '10.0.0.1', '1.1.1.1, 198.51.100.1, 10.9.9.9', '198.51.100.1'],
    ['the first hop, when all are trusted', 'fd00::1', '10.0.0.2, 10.0.0.3', '10.0.0.2'],
    ['the hop after what is no address', '10.0.0.1', 'evil, 10.0.0.3', '10.0.0.3'],
    ['an IPv4 peer that came as IPv6', '::ffff:10.0.0.1', '198.51.100.1', '198.51.100.1'],
  ])('is %s', (_, peer, forwarded, expected) => {
    const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
    expect(clientAddress(peer, headers, proxies)).toBe(expected);
  });

  it('never believes a peer that is not trusted', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.string(), (peer, forwarded) => {
        expect(clientAddress(peer, { 'x-forwarded-for': forwarded }, trust())).toBe(peer);
      }),
    );
  });
});

describe('parseNetworks', () => {
  it.each(['10.0.0.0/33', '10.0.0.0/', '10.0.0/8', 'localhost', '::1/129', '10.0.0.0/-1', '10.0.0.0/8/9x'])(
    'refuses %s',
    (network) => {
      expect(parseNetworks([network])).toBeNull();
    },
  );
});

describe('isLoopback', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['localhost', true],
    ['0.0.0.0', false],
    ['127.evil.example', false],
    ['192.0.2.1', false],
  ])('%s: %s', (address, expected) => {
    expect(isLoopback(address)).toBe(expected);
  });
});

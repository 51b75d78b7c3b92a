/** Who is at the other end: the peer's address, or the one a trusted proxy vouches for. */

import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** Networks whose X-Forwarded-For is believed. */
export type TrustedProxies = BlockList;

/** Writes an IPv4 address that came in as IPv6 (`::ffff:1.2.3.4`) the short way. */
export function plainAddress(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
}

/** Is this an address of the machine itself? */
export function isLoopback(address: string): boolean {
  const plain = plainAddress(address);
  return plain === '::1' || plain === 'localhost' || (isIP(plain) === 4 && plain.startsWith('127.'));
}

/**
 * Reads networks like `10.0.0.0/8` or single addresses.
 *
 * @returns the list, or null when one of them is no network
 */
export function parseNetworks(networks: readonly string[]): TrustedProxies | null {
  const list = new BlockList();
  for (const network of networks) {
    const [, address = '', prefixText] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(network) ?? [];
    const version = isIP(address);
    const bits = version === 6 ? 128 : 32;
    const prefix = prefixText === undefined ? bits : Number(prefixText);
    if (version === 0 || prefix > bits) return null;
    list.addSubnet(address, prefix, version === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}

/**
 * The client's address. X-Forwarded-For counts only from a trusted peer, and only back to the first hop that is
 * not trusted: what stands before it, anyone can have written.
 */
export function clientAddress(
  peerAddress: string,
  headers: IncomingHttpHeaders,
  trusted: TrustedProxies,
): string {
  const peer = plainAddress(peerAddress);
  const forwarded = headers['x-forwarded-for'];
  if (forwarded === undefined || !isIn(trusted, peer)) return peer;
  const hops = (Array.isArray(forwarded) ? forwarded.join(',') : forwarded)
    .split(',')
    .map((hop) => plainAddress(hop.trim()));
  let client = peer;
  for (const hop of hops.reverse()) {
    if (isIP(hop) === 0) return client;
    client = hop;
    if (!isIn(trusted, hop)) return client;
  }
  return client;
}

function isIn(networks: TrustedProxies, address: string): boolean {
  const version = isIP(address);
  return version !== 0 && networks.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

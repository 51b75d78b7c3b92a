/**
 * Which loopback addresses clients connect from. One address has 28 thousand ports as Linux is set up, and a
 * closed connection keeps its port in TIME_WAIT for a minute; binding 127.0.0.2 and up also never takes a port
 * that a server on 127.0.0.1 wants.
 */

/**
 * Connections per address. Linux looks for a free port among a quarter of its range first (7,058 of the usual
 * 32768–60999: ports of one parity, in its lower half) and searches slowly once these are taken: beyond about
 * 7,000 connections from one address each further one took 1.5 ms here.
 */
export const CONNECTIONS_PER_ADDRESS = 5_000;

/** 127.0.0.2 … 127.0.250.251; 127.0.0.1 is the servers'. */
const USABLE_ADDRESSES = 250 * 250;

/**
 * @param host the target's host, as in a URL
 * @param connections how many are wanted
 * @param firstIndex 0 is 127.0.0.2; a coordinator starts each tier where the one before ended
 * @returns the addresses to bind in turn; none when the target is not on IPv4 loopback
 */
export function sourceAddresses(host: string, connections: number, firstIndex = 0): readonly string[] {
  if (!isIpv4Loopback(host)) return [];
  const wanted = Math.max(Math.ceil(connections / CONNECTIONS_PER_ADDRESS), 1);
  return Array.from({ length: wanted }, (_, index) => addressAt(firstIndex + index));
}

/** Whether a host is this machine by IPv4: 127.0.0.0/8, or `localhost`, which servers on loopback answer to. */
export function isIpv4Loopback(host: string): boolean {
  return host === 'localhost' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

function addressAt(index: number): string {
  const wrapped = index % USABLE_ADDRESSES;
  return `127.0.${Math.floor(wrapped / 250)}.${2 + (wrapped % 250)}`;
}

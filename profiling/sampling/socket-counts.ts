/** The kernel's own list of TCP sockets, counted for the target's ports: who holds one, and where TIME_WAIT sits. */

import { readFile } from 'node:fs/promises';
import type { SocketCounts } from '../record/churn-record.ts';

/** One socket of /proc/net/tcp; addresses are as the kernel writes them, `0100007F:1F40`. */
export interface SocketEntry {
  readonly local: string;
  readonly remote: string;
  readonly state: number;
}

const ESTABLISHED = 0x01;
const TIME_WAIT = 0x06;
/** ` 12: 0100007F:1F40 0100007F:C350 06 …`; longer addresses in tcp6. */
const ENTRY = /^ *\d+: ([0-9A-F]+:[0-9A-F]{4}) ([0-9A-F]+:[0-9A-F]{4}) ([0-9A-F]{2}) /gm;
/** An IPv4 address as a socket that listens on IPv6 shows it, ::ffff:a.b.c.d, word by word. */
const MAPPED_IPV4 = /^0000000000000000FFFF0000/;

/** The ports that addresses such as `ws://127.0.0.1:8000/ws` name. */
export function portsOf(addresses: readonly string[]): readonly number[] {
  const ports = addresses.map((address) => {
    const { port, protocol } = new URL(address);
    if (port !== '') return Number(port);
    return protocol === 'wss:' || protocol === 'https:' ? 443 : 80;
  });
  return [...new Set(ports)];
}

/** @returns null where /proc does not tell */
export async function readSocketCounts(ports: readonly number[]): Promise<SocketCounts | null> {
  const [tcp, tcp6] = await Promise.all([readProc('/proc/net/tcp'), readProc('/proc/net/tcp6')]);
  if (tcp === null && tcp6 === null) return null;
  return countSockets(parseSockets(`${tcp ?? ''}\n${tcp6 ?? ''}`), ports);
}

/** Reads the text of /proc/net/tcp and tcp6. */
export function parseSockets(text: string): readonly SocketEntry[] {
  return Array.from(text.matchAll(ENTRY), ([, local = '', remote = '', state = '']) => ({
    local: local.replace(MAPPED_IPV4, ''),
    remote: remote.replace(MAPPED_IPV4, ''),
    state: Number.parseInt(state, 16),
  }));
}

/** Counts the sockets that have one of the ports at one of their ends. */
export function countSockets(sockets: readonly SocketEntry[], ports: readonly number[]): SocketCounts {
  const wanted = new Set(ports.map((port) => port.toString(16).toUpperCase().padStart(4, '0')));
  const isTargets = (address: string): boolean => wanted.has(address.slice(-4));
  const established = sockets.filter(({ state }) => state === ESTABLISHED);
  const ends = new Set(established.map(({ local, remote }) => `${local} ${remote}`));
  const waiting = sockets.filter(({ state }) => state === TIME_WAIT);
  return {
    held: established.filter(({ local, remote }) => isTargets(local) && ends.has(`${remote} ${local}`))
      .length,
    serverTimeWait: waiting.filter(({ local }) => isTargets(local)).length,
    clientTimeWait: waiting.filter(({ local, remote }) => isTargets(remote) && !isTargets(local)).length,
  };
}

async function readProc(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'latin1');
  } catch {
    // Not Linux, or hidden: the figure is then unknown.
    return null;
  }
}

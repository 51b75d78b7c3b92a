/** The kernel's own list of TCP sockets, counted for the target's ends: who holds one, and where TIME_WAIT sits. */

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

/** ::1 as the kernel writes it. */
const LOOPBACK_6 = '00000000000000000000000001000000';

/**
 * The ends that loopback addresses such as `ws://127.0.0.1:8000/ws` name, as the kernel writes them: `0100007F:1F40`.
 * The port alone would not do: on another loopback address it may be a client's.
 */
export function endpointsOf(addresses: readonly string[]): readonly string[] {
  const ends = addresses.flatMap((address) => {
    const { hostname, port, protocol } = new URL(address);
    const number = port === '' ? (protocol === 'wss:' || protocol === 'https:' ? 443 : 80) : Number(port);
    const hex = number.toString(16).toUpperCase().padStart(4, '0');
    return hostsOf(hostname).map((host) => `${host}:${hex}`);
  });
  return [...new Set(ends)];
}

function hostsOf(hostname: string): readonly string[] {
  if (hostname === '[::1]') return [LOOPBACK_6];
  if (hostname === 'localhost') return [...hostsOf('127.0.0.1'), LOOPBACK_6];
  const bytes = hostname.split('.').map((byte) => Number(byte).toString(16).toUpperCase().padStart(2, '0'));
  // In memory order, which on the machines Node runs on is the last byte first.
  return bytes.length === 4 ? [bytes.reverse().join('')] : [];
}

/** @returns null where /proc does not tell */
export async function readSocketCounts(endpoints: readonly string[]): Promise<SocketCounts | null> {
  const [tcp, tcp6] = await Promise.all([readProc('/proc/net/tcp'), readProc('/proc/net/tcp6')]);
  if (tcp === null && tcp6 === null) return null;
  return countSockets(parseSockets(`${tcp ?? ''}\n${tcp6 ?? ''}`), endpoints);
}

/**
 * Reads the text of /proc/net/tcp and tcp6. The kernel writes it piece by piece: a socket that moves in its table
 * meanwhile may stand there twice, and counts once.
 */
export function parseSockets(text: string): readonly SocketEntry[] {
  const sockets = new Map<string, SocketEntry>();
  for (const [, first = '', second = '', state = ''] of text.matchAll(ENTRY)) {
    const local = first.replace(MAPPED_IPV4, '');
    const remote = second.replace(MAPPED_IPV4, '');
    sockets.set(`${local} ${remote}`, { local, remote, state: Number.parseInt(state, 16) });
  }
  return [...sockets.values()];
}

/** Counts the sockets that have one of the endpoints at one of their ends. */
export function countSockets(sockets: readonly SocketEntry[], endpoints: readonly string[]): SocketCounts {
  const wanted = new Set(endpoints);
  const established = sockets.filter(({ state }) => state === ESTABLISHED);
  const ends = new Set(established.map(({ local, remote }) => `${local} ${remote}`));
  const waiting = sockets.filter(({ state }) => state === TIME_WAIT);
  return {
    held: established.filter(({ local, remote }) => wanted.has(local) && ends.has(`${remote} ${local}`))
      .length,
    serverTimeWait: waiting.filter(({ local }) => wanted.has(local)).length,
    clientTimeWait: waiting.filter(({ remote }) => wanted.has(remote)).length,
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

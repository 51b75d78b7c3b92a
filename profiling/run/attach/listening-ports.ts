/** Which process of this machine listens where, from /proc/net/tcp and the descriptors of processes. */

import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

const LISTEN = '0A';
const SOCKET = /^socket:\[(\d+)\]$/;

/** One listening TCP socket. */
export interface Listener {
  /** As a URL names it: `127.0.0.1`, `[::1]`. One that listens everywhere is reached by loopback. */
  readonly host: string;
  readonly port: number;
  /** The kernel's number of the socket. */
  readonly inode: string;
}

/** Every listening TCP socket that the process's network has. */
export async function listeners(pid: number | 'self', procFolder = '/proc'): Promise<readonly Listener[]> {
  const folder = join(procFolder, String(pid), 'net');
  const [four, six] = await Promise.all([textOf(join(folder, 'tcp')), textOf(join(folder, 'tcp6'))]);
  return [...parseListeners(four), ...parseListeners(six)];
}

/** Those that the process itself holds. */
export async function listenersOf(pid: number, procFolder = '/proc'): Promise<readonly Listener[]> {
  const own = await socketsOf(pid, procFolder);
  return (await listeners(pid, procFolder)).filter(({ inode }) => own.has(inode));
}

/** Processes that hold a listening socket of this port, as far as this user may look. */
export async function holdersOf(port: number, procFolder = '/proc'): Promise<readonly number[]> {
  const inodes = (await listeners('self', procFolder))
    .filter((listener) => listener.port === port)
    .map(({ inode }) => inode);
  if (inodes.length === 0) return [];
  const pids = (await readdir(procFolder)).filter((name) => /^\d+$/.test(name)).map(Number);
  const holders: number[] = [];
  for (const pid of pids) {
    const sockets = await socketsOf(pid, procFolder);
    if (inodes.some((inode) => sockets.has(inode))) holders.push(pid);
  }
  return holders;
}

/** @param text of /proc/net/tcp or tcp6: addresses are 32-bit words in this machine's order */
export function parseListeners(text: string): readonly Listener[] {
  return text.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
    const [address, port] = local.split(':');
    if (state !== LISTEN || address === undefined || inode === undefined) return [];
    return [{ host: hostOf(address), port: Number.parseInt(port ?? '', 16), inode }];
  });
}

function hostOf(address: string): string {
  const words = Array.from({ length: address.length / 8 }, (_, index) =>
    address.slice(index * 8, index * 8 + 8),
  );
  const bytes = words.flatMap((word) => [...Buffer.from(word, 'hex')].reverse());
  const isAnywhere = bytes.every((byte) => byte === 0);
  if (bytes.length === 4) return isAnywhere ? '127.0.0.1' : bytes.join('.');
  if (isAnywhere) return '127.0.0.1';
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0)).toString(16),
  );
  return `[${groups.join(':')}]`;
}

async function socketsOf(pid: number, procFolder: string): Promise<ReadonlySet<string>> {
  const folder = join(procFolder, String(pid), 'fd');
  const found = new Set<string>();
  for (const name of await namesIn(folder)) {
    // A descriptor may close between listing and reading.
    const link = await readlink(join(folder, name)).catch(() => '');
    const inode = SOCKET.exec(link)?.[1];
    if (inode !== undefined) found.add(inode);
  }
  return found;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch {
    // Gone, or another user's.
    return [];
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'latin1');
  } catch {
    // Gone, or no IPv6 here.
    return '';
  }
}

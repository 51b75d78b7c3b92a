/** The buffers between a server and its reader on this machine, read from the system and tried out on loopback. */

import { readFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server, Socket } from 'node:net';
import type { KernelLimits, SocketBuffers } from '../record/socket-buffers-record.ts';

/** What the server itself says of its own buffers; null where it is not ours. */
export type ServerBuffers = Pick<SocketBuffers, 'batchTicks' | 'conflationBytes'>;

/** Larger than any kernel takes: a probe that never fills up ends here. */
const MOST_PROBED_BYTES = 64_000_000;
const CHUNK = Buffer.alloc(65_536);
/** Nothing taken for so long: the kernel has all it wants. */
const STILL_AFTER_MS = 100;

/** Reads the sizes, and lets a loopback pair fill up. Takes a few tenths of a second. */
export async function readSocketBuffers(server: ServerBuffers): Promise<SocketBuffers> {
  const [send, receive, probe] = await Promise.all([
    readLimits('/proc/sys/net/ipv4/tcp_wmem'),
    readLimits('/proc/sys/net/ipv4/tcp_rmem'),
    probeKernel(),
  ]);
  return { ...server, highWaterMarkBytes: new Socket().writableHighWaterMark, send, receive, probe };
}

/** @param text `4096 16384 4194304`, as net.ipv4.tcp_wmem has it */
export function parseLimits(text: string): KernelLimits | null {
  const [minBytes, defaultBytes, maxBytes] = text.trim().split(/\s+/).map(Number);
  if (minBytes === undefined || defaultBytes === undefined || maxBytes === undefined) return null;
  return { minBytes, defaultBytes, maxBytes };
}

/**
 * Bytes that wait in the kernel for the socket between two ports, at the end of the first.
 *
 * @param table text of /proc/net/tcp or tcp6
 * @returns bytes written and not yet taken by the other end, and bytes come and not yet read
 */
export function parseQueues(
  table: string,
  [local, remote]: readonly [local: number, remote: number],
): { readonly sendBytes: number; readonly receiveBytes: number } | null {
  const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, '0');
  const entry = new RegExp(
    `^ *\\d+: [0-9A-F]+:${hex(local)} [0-9A-F]+:${hex(remote)} [0-9A-F]{2} ([0-9A-F]{8}):([0-9A-F]{8})`,
    'm',
  ).exec(table);
  if (entry === null) return null;
  return {
    sendBytes: Number.parseInt(entry[1] ?? '', 16),
    receiveBytes: Number.parseInt(entry[2] ?? '', 16),
  };
}

async function readLimits(file: string): Promise<KernelLimits | null> {
  const text = await readProc(file);
  return text === null ? null : parseLimits(text);
}

async function probeKernel(): Promise<SocketBuffers['probe']> {
  const server = createServer({ pauseOnConnect: true });
  try {
    const { port } = await listen(server);
    const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
    const writer = connect(port, '127.0.0.1');
    writer.on('error', () => undefined);
    const reader = await accepted;
    try {
      const takenBytes = await fill(writer);
      const table = (await readProc('/proc/net/tcp')) ?? '';
      const own = writer.localPort ?? 0;
      return {
        takenBytes,
        sendQueueBytes: parseQueues(table, [own, port])?.sendBytes ?? null,
        receiveQueueBytes: parseQueues(table, [port, own])?.receiveBytes ?? null,
      };
    } finally {
      writer.destroy();
      reader.destroy();
    }
  } catch {
    // Without loopback there is nothing to try it out on.
    return null;
  } finally {
    server.close();
  }
}

function listen(server: Server): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address);
      else reject(new Error('expected an address'));
    });
  });
}

/** Writes until nothing is taken any more. @returns bytes that the kernel took */
function fill(writer: Socket): Promise<number> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    let isFull = false;
    const finish = () => {
      isFull = true;
      clearTimeout(timer);
      resolve(writer.bytesWritten - writer.writableLength);
    };
    const writeOne = () => {
      // The last write fails as the socket is let go.
      if (isFull) return;
      clearTimeout(timer);
      if (writer.bytesWritten > MOST_PROBED_BYTES) return finish();
      timer = setTimeout(finish, STILL_AFTER_MS);
      // Called when the kernel has taken the whole chunk.
      writer.write(CHUNK, () => setImmediate(writeOne));
    };
    writeOne();
  });
}

async function readProc(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    // Not Linux, or hidden.
    return null;
  }
}

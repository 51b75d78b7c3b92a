/** Which address a target's name stands for: looked up once, not once a connection. */

import { lookup } from 'node:dns/promises';
import { createConnection, isIP, type LookupFunction } from 'node:net';

/** On this machine a port that answers does so at once. */
const PROBE_TIMEOUT_MS = 1_000;

/**
 * The address of a URL's host. Where the look-up fails, it is the name itself: each connection then fails with
 * the resolver's own reason.
 *
 * `localhost` is 127.0.0.1, so that clients can spread over loopback's addresses, unless only ::1 answers there:
 * that is where many servers listen that were told to listen on `localhost`.
 */
export async function targetAddress(url: URL): Promise<string> {
  if (url.hostname === 'localhost') return await localhostAddress(portOf(url));
  const bare = url.hostname.replace(/^\[|\]$/g, '');
  try {
    return (await lookup(bare)).address;
  } catch {
    return bare;
  }
}

/** A look-up that always finds `address`, for libraries that would look a name up again for each connection. */
export function pinnedLookup(address: string): LookupFunction {
  const family = isIP(address);
  return (_hostname, options, done) => {
    if (options.all === true) done(null, [{ address, family }]);
    else done(null, address, family);
  };
}

async function localhostAddress(port: number): Promise<string> {
  if (await isAnswering('127.0.0.1', port)) return '127.0.0.1';
  return (await isAnswering('::1', port)) ? '::1' : '127.0.0.1';
}

function portOf(url: URL): number {
  const isTls = url.protocol === 'wss:' || url.protocol === 'https:';
  return Number(url.port || (isTls ? 443 : 80));
}

async function isAnswering(host: string, port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = createConnection({ host, port, timeout: PROBE_TIMEOUT_MS });
    const settle = (isOpen: boolean): void => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once('connect', () => settle(true));
    socket.once('timeout', () => settle(false));
    socket.once('error', () => settle(false));
  });
}

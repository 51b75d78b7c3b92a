/** Finds a port that nobody listens on. */

import { once } from 'node:events';
import { createServer } from 'node:net';
import { TouchlineError } from '../../server/protocol/touchline-error.ts';

const TRIES = 50;

/**
 * @param first the usual one; the next ones are tried when it is taken
 * @throws TouchlineError `TL_PORT_UNAVAILABLE` when none of 50 is free
 */
export async function freePort(first: number, host = '127.0.0.1'): Promise<number> {
  for (let port = first; port < first + TRIES; port += 1) {
    if (await isFree(port, host)) return port;
  }
  throw new TouchlineError(
    'TL_PORT_UNAVAILABLE',
    `expected a free port from ${first} to ${first + TRIES - 1} on ${host}; all are taken`,
  );
}

async function isFree(port: number, host: string): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}

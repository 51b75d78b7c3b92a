/** Whether a server is who its certificate says, for libraries that never ask. */

import { isIP } from 'node:net';
import { connect } from 'node:tls';

const TIMEOUT_MS = 10_000;

/**
 * Connects once, as Node verifies by itself.
 *
 * @param signal ends the waiting for a server that says nothing
 * @returns why the server is not to be trusted, or not to be reached, as an error code; null when it is
 */
export async function distrustOf(url: URL, signal: AbortSignal): Promise<string | null> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const socket = connect({
    host,
    port: Number(url.port || 443),
    ...(isIP(host) === 0 ? { servername: host } : {}),
  });
  return await new Promise((resolve) => {
    const settle = (reason: string | null): void => {
      socket.destroy();
      resolve(reason);
    };
    signal.addEventListener('abort', () => settle('interrupted'), { once: true });
    socket.setTimeout(TIMEOUT_MS, () => settle('timeout'));
    socket.once('secureConnect', () => settle(null));
    socket.on('error', (error: NodeJS.ErrnoException) => settle(error.code ?? 'tls'));
  });
}

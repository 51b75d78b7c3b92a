/** Tries the WebSocket endpoint of a target, without load. */

import WebSocket from 'ws';
import { unreachable } from './unreachable.ts';

const PROBE_TIMEOUT_MS = 5_000;
const LONGEST_SHOWN = 60;

/**
 * Connects and closes again.
 *
 * @throws TouchlineError `TL_TARGET_UNREACHABLE` when the handshake fails or takes more than 5 s
 */
export function probeHandshake(url: string): Promise<void> {
  return probe(url, (socket, end) => socket.once('open', () => end()));
}

/**
 * Connects and waits for `welcome`, on a tick feed for `hello`: a WebSocket server that does not speak the protocol would otherwise
 * look like one that refuses everybody.
 *
 * @throws TouchlineError `TL_TARGET_UNREACHABLE` when it does not come within 5 s, or something else comes first
 */
export function probeWelcome(url: string): Promise<void> {
  const greeting = /\/ticks$/.test(new URL(url).pathname) ? 'hello' : 'welcome';
  return probe(url, (socket, end) => {
    const timer = setTimeout(() => end(`nothing for ${PROBE_TIMEOUT_MS / 1_000} s`), PROBE_TIMEOUT_MS);
    socket.once('message', (data) => {
      const text = String(data);
      end(typeOf(text) === greeting ? undefined : `"${text.slice(0, LONGEST_SHOWN)}"`);
    });
    socket.once('close', (code) => {
      clearTimeout(timer);
      end(`close code ${code}`);
    });
  });
}

/** Ends a probe, well or with what came instead; later calls do nothing. */
type EndProbe = (received?: string) => void;

function probe(url: string, watch: (socket: WebSocket, end: EndProbe) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { handshakeTimeout: PROBE_TIMEOUT_MS });
    watch(socket, (received) => {
      if (received === undefined) resolve();
      else reject(unreachable(`"welcome" first, as server/PROTOCOL.md has it, from ${url}`, received));
      socket.close(1000);
    });
    socket.once('error', (error) => reject(unreachable(`a WebSocket server at ${url}`, error)));
  });
}

function typeOf(text: string): unknown {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === 'object' && message !== null ? Reflect.get(message, 'type') : undefined;
  } catch {
    // Not JSON, so not ours.
    return undefined;
  }
}

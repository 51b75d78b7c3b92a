/** Makes a WebSocket of a connection by hand, for servers that are to do as little as they can. */

import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { acceptOf } from '../generator/client/upgrade.ts';
import { type ClientFrame, readClientFrame } from './sink-frames.ts';

export interface UpgradeOptions {
  /** Frames that are sent first. */
  readonly welcome?: Buffer;
  readonly onFrame: (frame: ClientFrame) => void;
}

/** Accepts it, whatever it asks for, and hands over each frame of the client. A broken socket is let go of. */
export function acceptUpgrade(
  request: IncomingMessage,
  socket: Socket,
  { welcome, onFrame }: UpgradeOptions,
): void {
  const accept = acceptOf(request.headers['sec-websocket-key'] ?? '');
  socket.setNoDelay(true);
  socket.write(
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      `Sec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  if (welcome !== undefined) socket.write(welcome);
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (bytes: Buffer) => {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    for (let frame = readClientFrame(rest); frame !== null; frame = readClientFrame(rest)) {
      rest = rest.subarray(frame.bytes);
      onFrame(frame);
    }
  });
  socket.on('error', () => socket.destroy());
}

/** Answers on a socket that is no HTTP response: a refused upgrade, or bytes that are not HTTP. */

import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { HttpErrorBody } from './http-errors.ts';

export interface RawAnswer {
  readonly status: number;
  readonly body: HttpErrorBody;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Writes the answer and ends the socket. */
export function answerRaw(socket: Duplex, { status, body, headers = {} }: RawAnswer): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const text = JSON.stringify(body);
  const lines = Object.entries({
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(text)),
    Connection: 'close',
    ...headers,
  }).map(([name, value]) => `${name}: ${value}`);
  // Whoever is refused may be gone already; that harms nobody.
  socket.on('error', destroySocket);
  socket.once('finish', destroySocket);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('\r\n')}\r\n\r\n${text}`);
}

function destroySocket(this: Duplex): void {
  this.destroy();
}

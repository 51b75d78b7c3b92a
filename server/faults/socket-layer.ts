/** A socket around a socket that passes everything on; each fault changes what it must. */

import type { Socket } from '../hub/socket.ts';

/** A fault between the hub and its sockets. */
export interface SocketFault {
  readonly injections: number;
  /** @param socket what the fault's own socket hands on to */
  wrap(socket: Socket): Socket;
}

export class SocketLayer implements Socket {
  readonly #inner: Socket;

  constructor(inner: Socket) {
    this.#inner = inner;
  }

  get isOpen(): boolean {
    return this.#inner.isOpen;
  }

  /** What a fault holds is not the reader's slowness, so it does not count. */
  get bufferedBytes(): number {
    return this.#inner.bufferedBytes;
  }

  /** @param data a broadcast's copy comes as a buffer, a reply as text */
  send(data: Buffer | string): void {
    this.#inner.send(data);
  }

  close(code: number, reason: string): void {
    this.#inner.close(code, reason);
  }

  terminate(): void {
    this.#inner.terminate();
  }
}

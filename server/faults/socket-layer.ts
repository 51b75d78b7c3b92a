/** A socket around a socket that passes everything on; each fault changes what it must. */

import { eachFrame } from '../hub/frames/each-frame.ts';
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
  send(data: Buffer | string, isBinary?: boolean): void {
    this.#inner.send(data, isBinary);
  }

  /** Each fault strikes single messages. They are copied, for a fault may keep them longer than frames last. */
  sendFrames(frames: Buffer): void {
    eachFrame(frames, (payload, isBinary) => this.send(Buffer.from(payload), isBinary));
  }

  cork(): void {
    this.#inner.cork();
  }

  uncork(): void {
    this.#inner.uncork();
  }

  close(code: number, reason: string): void {
    this.#inner.close(code, reason);
  }

  terminate(): void {
    this.#inner.terminate();
  }
}

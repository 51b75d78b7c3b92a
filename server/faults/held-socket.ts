/** A socket whose outbound side goes through a delay line: late, complete and in order. */

import type { Socket } from '../hub/socket.ts';
import type { DelayLine } from './delay-line.ts';

export class HeldSocket implements Socket {
  readonly #socket: Socket;
  readonly #line: DelayLine;

  constructor(socket: Socket, line: DelayLine) {
    this.#socket = socket;
    this.#line = line;
  }

  get isOpen(): boolean {
    return this.#socket.isOpen;
  }

  /** What the fault holds is not the reader's slowness, so it does not count. */
  get bufferedBytes(): number {
    return this.#socket.bufferedBytes;
  }

  send(data: Buffer | string): void {
    this.#line.pass(() => this.#socket.send(data));
  }

  close(code: number, reason: string): void {
    this.#line.pass(() => this.#socket.close(code, reason));
  }

  terminate(): void {
    this.#socket.terminate();
  }
}

/** A socket whose outbound side goes through a delay line: late, complete and in order. */

import type { Socket } from '../hub/socket.ts';
import type { DelayLine } from './delay-line.ts';
import { SocketLayer } from './socket-layer.ts';

export class HeldSocket extends SocketLayer {
  readonly #line: DelayLine;

  constructor(socket: Socket, line: DelayLine) {
    super(socket);
    this.#line = line;
  }

  override send(data: Buffer | string, isBinary?: boolean): void {
    this.#line.pass(() => super.send(data, isBinary));
  }

  override close(code: number, reason: string): void {
    this.#line.pass(() => super.close(code, reason));
  }
}

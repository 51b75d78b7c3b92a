/** `duplicate-deliveries`: an exact share of the deliveries goes out twice in a row. */

import type { Socket } from '../hub/socket.ts';
import { CountedShare } from './counted-share.ts';
import { type SocketFault, SocketLayer } from './socket-layer.ts';

export class DuplicatedDeliveries implements SocketFault {
  readonly #share: CountedShare;

  /** @param percent share of the deliveries, over all connections */
  constructor(percent: number) {
    this.#share = new CountedShare(percent);
  }

  get injections(): number {
    return this.#share.injections;
  }

  wrap(socket: Socket): Socket {
    return new DuplicatingSocket(socket, this.#share);
  }
}

class DuplicatingSocket extends SocketLayer {
  readonly #share: CountedShare;

  constructor(socket: Socket, share: CountedShare) {
    super(socket);
    this.#share = share;
  }

  override send(data: Buffer | string, isBinary?: boolean): void {
    super.send(data, isBinary);
    if (typeof data !== 'string' && this.#share.next()) super.send(data, isBinary);
  }
}

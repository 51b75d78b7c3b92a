/** `drop-deliveries`: an exact share of the deliveries never leaves. */

import type { Socket } from '../hub/socket.ts';
import { CountedShare } from './counted-share.ts';
import { type SocketFault, SocketLayer } from './socket-layer.ts';

export class DroppedDeliveries implements SocketFault {
  readonly #share: CountedShare;

  /** @param percent share of the deliveries, over all connections */
  constructor(percent: number) {
    this.#share = new CountedShare(percent);
  }

  get injections(): number {
    return this.#share.injections;
  }

  wrap(socket: Socket): Socket {
    return new DroppingSocket(socket, this.#share);
  }
}

class DroppingSocket extends SocketLayer {
  readonly #share: CountedShare;

  constructor(socket: Socket, share: CountedShare) {
    super(socket);
    this.#share = share;
  }

  override send(data: Buffer | string, isBinary?: boolean): void {
    if (typeof data !== 'string' && this.#share.next()) return;
    super.send(data, isBinary);
  }
}

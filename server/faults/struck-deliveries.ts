/** `drop-deliveries`, `duplicate-deliveries`: something happens to an exact share of the deliveries, each by itself. */

import type { Socket } from '../hub/socket.ts';
import { CountedShare } from './counted-share.ts';
import { type SocketFault, SocketLayer } from './socket-layer.ts';

/** What happens to a delivery that is struck; `send` would have sent it. */
export type Strike = (send: () => void) => void;

/** It never leaves. */
export const DROPPED: Strike = () => undefined;
/** It goes out twice in a row. */
export const DOUBLED: Strike = (send) => {
  send();
  send();
};

export class StruckDeliveries implements SocketFault {
  readonly #share: CountedShare;
  readonly #strike: Strike;

  /** @param percent share of the deliveries, over all connections */
  constructor(percent: number, strike: Strike) {
    this.#share = new CountedShare(percent);
    this.#strike = strike;
  }

  get injections(): number {
    return this.#share.injections;
  }

  wrap(socket: Socket): Socket {
    return new StruckSocket(socket, this.#share, this.#strike);
  }
}

class StruckSocket extends SocketLayer {
  readonly #share: CountedShare;
  readonly #strike: Strike;

  constructor(socket: Socket, share: CountedShare, strike: Strike) {
    super(socket);
    this.#share = share;
    this.#strike = strike;
  }

  override send(data: Buffer | string, isBinary?: boolean): void {
    if (typeof data === 'string' || !this.#share.next()) super.send(data, isBinary);
    else this.#strike(() => super.send(data, isBinary));
  }
}

/** `wrong-room`: an exact share of the deliveries goes out once more, as a message of a match nobody joins. */

import type { Socket } from '../hub/socket.ts';
import { ExactShare } from './exact-share.ts';
import { matchIdOf, withMatchId } from './match-id-text.ts';
import { type SocketFault, SocketLayer } from './socket-layer.ts';

/** The last two matches there are: the fault takes for granted that no client joins them. */
const WRONG_MATCH = '2147483647';
const OTHER_WRONG_MATCH = '2147483646';

export class WrongRoomDeliveries implements SocketFault {
  injections = 0;
  readonly #share: ExactShare;

  /** @param percent share of the deliveries, over all connections */
  constructor(percent: number) {
    this.#share = new ExactShare(percent);
  }

  wrap(socket: Socket): Socket {
    return new WrongRoomSocket(socket, this);
  }

  /** The delivery as one of another match, when it is its turn. */
  misdirected(delivery: Buffer): string | null {
    const matchId = matchIdOf(delivery);
    if (matchId === null || !this.#share.next()) return null;
    this.injections += 1;
    return withMatchId(delivery, matchId === WRONG_MATCH ? OTHER_WRONG_MATCH : WRONG_MATCH);
  }
}

class WrongRoomSocket extends SocketLayer {
  readonly #fault: WrongRoomDeliveries;

  constructor(socket: Socket, fault: WrongRoomDeliveries) {
    super(socket);
    this.#fault = fault;
  }

  override send(data: Buffer | string, isBinary?: boolean): void {
    super.send(data, isBinary);
    if (typeof data === 'string') return;
    const extra = this.#fault.misdirected(data);
    if (extra !== null) super.send(extra);
  }
}

/** `reorder-deliveries`: an exact share of the deliveries changes places with the next one of its match. */

import type { Socket } from '../hub/socket.ts';
import { ExactShare } from './exact-share.ts';
import { matchIdOf } from './match-id-text.ts';
import { type SocketFault, SocketLayer } from './socket-layer.ts';

/** A delivery waits this long for another one to change places with; then it goes where it belongs. */
const PATIENCE_MS = 1_000;

export class ReorderedDeliveries implements SocketFault {
  injections = 0;
  readonly #share: ExactShare;
  readonly #nowMs: () => number;
  /** Sockets that hold a delivery, the one that waits longest first. */
  readonly #holding = new Set<ReorderingSocket>();
  #due = 0;
  #timer: NodeJS.Timeout | null = null;

  /**
   * @param percent share of the deliveries, over all connections; each swap takes two of them
   * @param nowMs monotonic ms
   */
  constructor(percent: number, nowMs: () => number) {
    this.#share = new ExactShare(percent);
    this.#nowMs = nowMs;
  }

  /** Deliveries that wait now. */
  get held(): number {
    return this.#holding.size;
  }

  wrap(socket: Socket): Socket {
    return new ReorderingSocket(socket, this);
  }

  /** One more delivery goes out: of every so many, one is to be held. */
  countDelivery(): void {
    if (this.#share.next()) this.#due += 1;
  }

  /** Whether a delivery is to be held now. */
  get isDue(): boolean {
    return this.#due > 0;
  }

  /** The socket holds a delivery from now on. */
  holds(socket: ReorderingSocket): void {
    this.#due -= 1;
    socket.heldSinceMs = this.#nowMs();
    this.#holding.add(socket);
    this.#timer ??= setTimeout(() => this.#releaseOverdue(), PATIENCE_MS);
  }

  /** The socket holds nothing any more. Where no swap came of it, another one is due. */
  released(socket: ReorderingSocket, swapped: boolean): void {
    this.#holding.delete(socket);
    if (swapped) this.injections += 1;
    else this.#due += 1;
  }

  /** Sends everything that waits, in order. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    for (const socket of this.#holding) socket.releaseInOrder();
  }

  #releaseOverdue(): void {
    this.#timer = null;
    const nowMs = this.#nowMs();
    for (const socket of this.#holding) {
      const leftMs = socket.heldSinceMs + PATIENCE_MS - nowMs;
      if (leftMs > 0) {
        this.#timer = setTimeout(() => this.#releaseOverdue(), leftMs);
        return;
      }
      socket.releaseInOrder();
    }
  }
}

class ReorderingSocket extends SocketLayer {
  /** Monotonic ms; kept by the fault. */
  heldSinceMs = 0;
  readonly #fault: ReorderedDeliveries;
  #held: Buffer | null = null;

  constructor(socket: Socket, fault: ReorderedDeliveries) {
    super(socket);
    this.#fault = fault;
  }

  /** Binary messages have no match, and so no other to change places with. */
  override send(data: Buffer | string, isBinary?: boolean): void {
    if (typeof data === 'string' || isBinary === true) {
      this.releaseInOrder();
      super.send(data, isBinary);
      return;
    }
    this.#fault.countDelivery();
    if (this.#held !== null) this.#passHeld(this.#held, data);
    else if (this.#fault.isDue) this.#hold(data);
    else super.send(data);
  }

  override close(code: number, reason: string): void {
    this.releaseInOrder();
    super.close(code, reason);
  }

  /** Sends what is held, where it belongs. */
  releaseInOrder(): void {
    if (this.#held === null) return;
    super.send(this.#held);
    this.#held = null;
    this.#fault.released(this, false);
  }

  /** Lets the delivery pass. Only one of the same match changes places: two matches have no order between them. */
  #passHeld(held: Buffer, data: Buffer): void {
    super.send(data);
    if (matchIdOf(held) !== matchIdOf(data)) return;
    this.#held = null;
    super.send(held);
    this.#fault.released(this, true);
  }

  #hold(data: Buffer): void {
    this.#held = data;
    this.#fault.holds(this);
  }
}

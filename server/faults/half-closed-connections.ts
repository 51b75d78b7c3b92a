/**
 * `half-close`: an exact share of the ends goes unnoticed, as when a peer vanishes without a word. To the hub the
 * connection stays open, and what is sent goes nowhere, until somebody ends it: the heartbeat.
 */

import type { Socket } from '../hub/socket.ts';
import { CountedShare } from './counted-share.ts';
import { type SocketFault, SocketLayer } from './socket-layer.ts';

export class HalfClosedConnections implements SocketFault {
  readonly #share: CountedShare;
  readonly #layers = new WeakMap<Socket, HalfClosedSocket>();

  /** @param percent share of the ends that the server did not begin itself */
  constructor(percent: number) {
    this.#share = new CountedShare(percent);
  }

  get injections(): number {
    return this.#share.injections;
  }

  wrap(socket: Socket): Socket {
    const layer = new HalfClosedSocket(socket);
    this.#layers.set(socket, layer);
    return layer;
  }

  /**
   * A socket is gone.
   *
   * @param notice tells the rest of the server
   */
  ended(socket: Socket, notice: () => void): void {
    const layer = this.#layers.get(socket);
    if (layer === undefined || layer.isEnding || !this.#share.next()) notice();
    else layer.hide(notice);
  }
}

class HalfClosedSocket extends SocketLayer {
  /** Whether the server itself began to end it. */
  isEnding = false;
  #notice: (() => void) | null = null;

  override get isOpen(): boolean {
    return this.#notice !== null || super.isOpen;
  }

  override get bufferedBytes(): number {
    return this.#notice === null ? super.bufferedBytes : 0;
  }

  override close(code: number, reason: string): void {
    this.isEnding = true;
    super.close(code, reason);
    this.#reveal();
  }

  override terminate(): void {
    this.isEnding = true;
    super.terminate();
    this.#reveal();
  }

  /** From now on the end is known here alone. */
  hide(notice: () => void): void {
    this.#notice = notice;
  }

  #reveal(): void {
    const notice = this.#notice;
    this.#notice = null;
    // As from a network: never before the caller is done.
    if (notice !== null) queueMicrotask(notice);
  }
}

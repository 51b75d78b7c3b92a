/** `hot-function`: one function that takes this long for each delivery, for a CPU profile to name. */

import type { Socket } from '../hub/socket.ts';
import { type SocketFault, SocketLayer } from './socket-layer.ts';

export class HotFunction implements SocketFault {
  injections = 0;
  readonly #burnMs: number;
  readonly #nowMs: () => number;

  /** @param nowMs monotonic ms */
  constructor(burnMs: number, nowMs: () => number) {
    this.#burnMs = burnMs;
    this.#nowMs = nowMs;
  }

  wrap(socket: Socket): Socket {
    return new HotSocket(socket, () => {
      this.injections += 1;
      burnHot(this.#burnMs, this.#nowMs);
    });
  }
}

class HotSocket extends SocketLayer {
  readonly #burn: () => void;

  constructor(socket: Socket, burn: () => void) {
    super(socket);
    this.#burn = burn;
  }

  override send(data: Buffer | string, isBinary?: boolean): void {
    if (typeof data !== 'string') this.#burn();
    super.send(data, isBinary);
  }
}

/** Rounds between two looks at the clock, so that the clock is not what is hot. */
const ROUNDS = 100;

/**
 * What a CPU profile must name first. Written out long: V8 inlines what is small (460 bytes of its bytecode), and its
 * time then counts with whoever calls it.
 *
 * @returns a number, so that it is not optimised away
 */
export function burnHot(durationMs: number, nowMs: () => number): number {
  const endMs = nowMs() + durationMs;
  let x = 2_463_534_242;
  do {
    for (let round = 0; round < ROUNDS; round += 1) {
      x = (x << 13) ^ (x >>> 17) ^ (x << 5) ^ round;
      x = (x << 13) ^ (x >>> 17) ^ (x << 5) ^ round;
      x = (x << 13) ^ (x >>> 17) ^ (x << 5) ^ round;
      x = (x << 13) ^ (x >>> 17) ^ (x << 5) ^ round;
      x = (x << 13) ^ (x >>> 17) ^ (x << 5) ^ round;
      x = (x << 13) ^ (x >>> 17) ^ (x << 5) ^ round;
      x = (x << 13) ^ (x >>> 17) ^ (x << 5) ^ round;
      x = (x << 13) ^ (x >>> 17) ^ (x << 5) ^ round;
      x = (x << 13) ^ (x >>> 17) ^ (x << 5) ^ round;
      x = (x << 13) ^ (x >>> 17) ^ (x << 5) ^ round;
      x = (x << 13) ^ (x >>> 17) ^ (x << 5) ^ round;
      x = (x << 13) ^ (x >>> 17) ^ (x << 5) ^ round;
      x = (x << 13) ^ (x >>> 17) ^ (x << 5) ^ round;
      x = (x << 13) ^ (x >>> 17) ^ (x << 5) ^ round;
      x = (x << 13) ^ (x >>> 17) ^ (x << 5) ^ round;
      x = (x << 13) ^ (x >>> 17) ^ (x << 5) ^ round;
      x = (x << 13) ^ (x >>> 17) ^ (x << 5) ^ round;
      x = (x << 13) ^ (x >>> 17) ^ (x << 5) ^ round;
    }
  } while (nowMs() < endMs);
  return x;
}

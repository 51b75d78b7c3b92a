/** `delay-deliveries` and `stall`: everything that leaves waits in one delay line. */

import type { Socket } from '../hub/socket.ts';
import { DelayLine } from './delay-line.ts';
import { HeldSocket } from './held-socket.ts';
import type { SocketFault } from './socket-layer.ts';

/** By how much and when things are held; 0 for not at all. */
export interface Holding {
  readonly delayMs: number;
  readonly stallMs: number;
}

export class HeldDeliveries implements SocketFault {
  readonly #line: DelayLine;

  /**
   * A stall holds for its length, once in every three times that.
   *
   * @param nowMs monotonic ms
   */
  constructor({ delayMs, stallMs }: Holding, nowMs: () => number) {
    const startedAtMs = nowMs();
    const dueAt = (now: number) => {
      const dueMs = now + delayMs;
      if (stallMs === 0) return dueMs;
      const intoCycleMs = (dueMs - startedAtMs) % (3 * stallMs);
      // The last third of the cycle is the stall, so that connections come up before the first one.
      return intoCycleMs < 2 * stallMs ? dueMs : dueMs + 3 * stallMs - intoCycleMs;
    };
    this.#line = new DelayLine({ nowMs, dueAt });
  }

  /** How many messages ever had to wait. */
  get injections(): number {
    return this.#line.held;
  }

  /** Messages that wait now. */
  get held(): number {
    return this.#line.size;
  }

  wrap(socket: Socket): Socket {
    return new HeldSocket(socket, this.#line);
  }

  /** Forgets what waits. */
  stop(): void {
    this.#line.stop();
  }
}

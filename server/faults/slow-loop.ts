/** `slow-loop` and `slow-instruments`: blocks the event loop, pauses for longer, and again. */

/**
 * The pause as a multiple of the block: the golden ratio. With a round one the cycle keeps step with a publisher
 * of a round rate, and all messages meet the same moment of it: 100 ms looked like 63 ms.
 */
const PAUSE_RATIO = 1.618;

export interface SlowLoop {
  /** How often it blocked so far. */
  readonly injections: number;
  start(): void;
  stop(): void;
}

/** @param nowMs monotonic ms */
export function createSlowLoop(blockMs: number, nowMs: () => number): SlowLoop {
  const pauseMs = blockMs * PAUSE_RATIO;
  let blocks = 0;
  let timer: NodeJS.Timeout | null = null;
  const block = () => {
    blocks += 1;
    const endMs = nowMs() + blockMs;
    while (nowMs() < endMs);
    timer = setTimeout(block, pauseMs);
  };
  return {
    get injections() {
      return blocks;
    },
    start() {
      timer ??= setTimeout(block, pauseMs);
    },
    stop() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}

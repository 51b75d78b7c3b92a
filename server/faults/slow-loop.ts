/** `slow-loop`: blocks the event loop, pauses as long, and again. */

export interface SlowLoop {
  /** How often it blocked so far. */
  readonly blocks: number;
  start(): void;
  stop(): void;
}

/** @param nowMs monotonic ms */
export function createSlowLoop(blockMs: number, nowMs: () => number): SlowLoop {
  let blocks = 0;
  let timer: NodeJS.Timeout | null = null;
  const block = () => {
    blocks += 1;
    const endMs = nowMs() + blockMs;
    while (nowMs() < endMs);
    timer = setTimeout(block, blockMs);
  };
  return {
    get blocks() {
      return blocks;
    },
    start() {
      timer ??= setTimeout(block, blockMs);
    },
    stop() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}

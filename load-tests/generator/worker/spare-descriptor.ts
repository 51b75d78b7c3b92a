/** Keeps one file descriptor back, so that a process that has used up all others can still look at itself. */

import { closeSync, openSync } from 'node:fs';

export class SpareDescriptor {
  #fd: number | null = open();

  /** Runs `work` with at least one descriptor free. */
  lend<T>(work: () => T): T {
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
    try {
      return work();
    } finally {
      this.#fd = open();
    }
  }
}

/** Null when there is none to keep back. */
function open(): number | null {
  try {
    return openSync('/dev/null', 'r');
  } catch {
    return null;
  }
}

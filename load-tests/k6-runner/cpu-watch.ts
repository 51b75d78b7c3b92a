/** How many cores a process keeps busy, from /proc. */

import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseProcessTicks } from '../calibration/other-load.ts';
import { readMachineTicks } from '../generator/machine-usage.ts';

/** What it does after the last look is not in the figure. */
const LOOK_EVERY_MS = 250;

/**
 * Watches a process that was just started.
 *
 * @returns ends the watch, and tells the cores (1 is one core all the time); undefined where there is no /proc
 */
export function watchCpu(pid: number): () => number | undefined {
  const begin = look(pid);
  let last = begin;
  const timer = setInterval(() => {
    last = look(pid) ?? last;
  }, LOOK_EVERY_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    if (begin === undefined || last === undefined || last.machine <= begin.machine) return undefined;
    return ((last.process - begin.process) / (last.machine - begin.machine)) * availableParallelism();
  };
}

/** Ticks so far. */
interface Look {
  readonly process: number;
  readonly machine: number;
}

function look(pid: number): Look | undefined {
  const machine = readMachineTicks();
  try {
    const own = parseProcessTicks(readFileSync(`/proc/${pid}/stat`, 'latin1'));
    if (own === null || machine === null) return undefined;
    return { process: own.ticks + own.endedChildrenTicks, machine: machine.total };
  } catch {
    // It ended meanwhile.
    return undefined;
  }
}

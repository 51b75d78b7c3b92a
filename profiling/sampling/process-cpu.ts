/** CPU time of a process of this machine, in nanoseconds as the scheduler keeps it. */

import { readdirSync, readFileSync } from 'node:fs';

const NS_PER_SECOND = 1e9;

/**
 * Adds up /proc/<pid>/task/<tid>/schedstat: main thread, garbage collector and thread pool. The ticks of
 * /proc/<pid>/stat are 10 ms, half a percent of a window of two busy seconds. Read at once, so that a window's
 * edge lies where it is asked for.
 *
 * @returns seconds since the process started, without threads that have ended; null where /proc does not tell
 * @see https://docs.kernel.org/scheduler/sched-stats.html
 */
export function readCpuSeconds(pid: number): number | null {
  try {
    const tasks = `/proc/${pid}/task`;
    const nanoseconds = readdirSync(tasks).map((task) => parseSchedstat(readTask(`${tasks}/${task}`)));
    return nanoseconds.reduce((total, value) => total + value, 0) / NS_PER_SECOND;
  } catch {
    return null;
  }
}

/** @returns nanoseconds on a CPU: the first of three numbers; 0 where there is none */
export function parseSchedstat(text: string): number {
  const first = /^\d+/.exec(text)?.[0];
  return first === undefined ? 0 : Number(first);
}

/** Threads come and go between listing and reading. */
function readTask(folder: string): string {
  try {
    return readFileSync(`${folder}/schedstat`, 'latin1');
  } catch {
    return '';
  }
}

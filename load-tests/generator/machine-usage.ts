/** How busy the whole machine was: the generator, the server beside it and anything else. */

import { readFileSync } from 'node:fs';

/** Ticks since boot, all cores together. */
export interface MachineTicks {
  readonly busy: number;
  readonly total: number;
}

/** Reads /proc/stat; null where there is none. */
export function readMachineTicks(): MachineTicks | null {
  try {
    return parseMachineTicks(readFileSync('/proc/stat', 'latin1'));
  } catch {
    return null;
  }
}

/**
 * Reads the `cpu` line of /proc/stat. Idle and iowait are not busy; stolen time is: others took the core.
 *
 * @see https://man7.org/linux/man-pages/man5/proc_stat.5.html
 */
export function parseMachineTicks(stat: string): MachineTicks | null {
  const line = /^cpu +(.+)$/m.exec(stat)?.[1];
  if (line === undefined) return null;
  // user nice system idle iowait irq softirq steal; guest time is counted in user already.
  const ticks = line.split(' ').slice(0, 8).map(Number);
  const total = ticks.reduce((sum, value) => sum + value, 0);
  return { busy: total - (ticks[3] ?? 0) - (ticks[4] ?? 0), total };
}

/** Busy share of all cores between two readings (0–1); null when either is missing or no time passed. */
export function machineCpuRatio(before: MachineTicks | null, after: MachineTicks | null): number | null {
  if (before === null || after === null || after.total <= before.total) return null;
  return Math.max(after.busy - before.busy, 0) / (after.total - before.total);
}

/** What the processes below this one use together: a browser is a dozen of them. */

import { readdirSync, readFileSync } from 'node:fs';

/** Linux tells processes their time in hundredths of a second. */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4_096;

export interface TreeUsage {
  /** Of the processes that live now. */
  readonly cpuSeconds: number;
  /** Pages that several of them share are counted for each. */
  readonly rssBytes: number;
}

export interface ProcessStat {
  readonly pid: number;
  readonly parentPid: number;
  readonly cpuTicks: number;
  readonly rssPages: number;
}

/** All descendants of a process; null where /proc does not tell. */
export function readTreeUsage(rootPid: number): TreeUsage | null {
  try {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return treeUsage(pids.flatMap(readStat), rootPid);
  } catch {
    return null;
  }
}

/** A process and all its descendants; without those where /proc does not tell. */
export function listTree(rootPid: number): readonly number[] {
  try {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return [...treeOf(pids.flatMap(readStat), rootPid)];
  } catch {
    return [rootPid];
  }
}

function treeOf(stats: readonly ProcessStat[], rootPid: number): Set<number> {
  const wanted = new Set([rootPid]);
  // A child may be listed before its parent.
  for (let before = 0; before < wanted.size; ) {
    before = wanted.size;
    for (const { pid, parentPid } of stats) if (wanted.has(parentPid)) wanted.add(pid);
  }
  return wanted;
}

/** The sum over the descendants of a process, without itself. */
export function treeUsage(stats: readonly ProcessStat[], rootPid: number): TreeUsage {
  const wanted = treeOf(stats, rootPid);
  wanted.delete(rootPid);
  const below = stats.filter(({ pid }) => wanted.has(pid));
  return {
    cpuSeconds: below.reduce((sum, { cpuTicks }) => sum + cpuTicks, 0) / TICKS_PER_SECOND,
    rssBytes: below.reduce((sum, { rssPages }) => sum + rssPages, 0) * PAGE_BYTES,
  };
}

/**
 * Reads one line of /proc/PID/stat.
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
export function parseStat(line: string): ProcessStat {
  // The name, in brackets, may hold anything.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return {
    pid: Number.parseInt(line, 10),
    parentPid: Number(fields[1]),
    cpuTicks: Number(fields[11]) + Number(fields[12]),
    rssPages: Number(fields[21]),
  };
}

/** None when the process has ended meanwhile. */
function readStat(pid: string): readonly ProcessStat[] {
  try {
    return [parseStat(readFileSync(`/proc/${pid}/stat`, 'latin1'))];
  } catch {
    return [];
  }
}

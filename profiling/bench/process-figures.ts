/** What the kernel says about a process, read from outside, so that no server's own instruments are trusted. */

import { readFile } from 'node:fs/promises';

/** Linux's USER_HZ, fixed at 100 on every architecture Node runs on. */
const TICKS_PER_SECOND = 100;

/**
 * Resident set size of a process, in bytes.
 *
 * @throws Error when the process is gone, or going and has no memory left
 * @see proc(5), VmRSS
 */
export async function readRssBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  if (kilobytes === undefined) throw new Error(`expected process ${pid} to have memory; it is ending`);
  return Number(kilobytes) * 1_024;
}

/** User and system CPU seconds a process has used. @see proc(5), fields 14 and 15 of /proc/PID/stat */
export async function readCpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The command name (field 2) may hold spaces: count from the closing parenthesis.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

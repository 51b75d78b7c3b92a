/** How much of the machine other programs take while it is calibrated: all that is busy, less what is ours. */

import { readdirSync, readFileSync } from 'node:fs';
import { machineCpuRatio, readMachineTicks } from '../generator/machine-usage.ts';

export class OtherLoad {
  readonly #ratios: number[] = [];

  /** Watches from now until what it returns is called. */
  watch(): () => void {
    const machineBefore = readMachineTicks();
    const familyBefore = familyTicks();
    return () => {
      const machine = readMachineTicks();
      const busyRatio = machineCpuRatio(machineBefore, machine);
      if (busyRatio === null || machineBefore === null || machine === null) return;
      const oursRatio = (familyTicks() - familyBefore) / (machine.total - machineBefore.total);
      this.#ratios.push(Math.max(busyRatio - oursRatio, 0));
    };
  }

  /** Share of all cores (0–1) in the worst stretch that was watched; undefined where the machine does not tell. */
  get worstRatio(): number | undefined {
    return this.#ratios.length === 0 ? undefined : Math.max(...this.#ratios);
  }
}

/** CPU ticks of this process, its children, and children of its that have ended. */
function familyTicks(): number {
  const own = readTicks('self');
  if (own === null) return 0;
  let ticks = own.ticks + own.endedChildrenTicks;
  for (const name of readdirSync('/proc')) {
    const each = /^\d/.test(name) ? readTicks(name) : null;
    if (each?.parentPid === process.pid) ticks += each.ticks;
  }
  return ticks;
}

interface ProcessTicks {
  readonly parentPid: number;
  readonly ticks: number;
  readonly endedChildrenTicks: number;
}

function readTicks(pid: string): ProcessTicks | null {
  try {
    return parseProcessTicks(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    // It ended meanwhile, or there is no /proc.
    return null;
  }
}

/**
 * Reads /proc/<pid>/stat; null when it is something else.
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
export function parseProcessTicks(stat: string): ProcessTicks | null {
  // The second field is the program's name in parentheses, with whatever is in it: the third follows the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3]);
  const parsed = {
    parentPid: field(4),
    ticks: field(14) + field(15),
    endedChildrenTicks: field(16) + field(17),
  };
  return Object.values(parsed).every(Number.isFinite) ? parsed : null;
}

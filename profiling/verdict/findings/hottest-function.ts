/** The function behind a limit of CPU, latency or throughput that broke, where the run was profiled. */

import type { CpuProfileRecord, ProfiledFunction, Profiles } from '../../record/profile-record.ts';
import { formatPercent } from '../quantities.ts';
import type { Check, Finding } from '../verdict.ts';
import { drawnOf } from './drawn-profile.ts';

/** Checks that a busy server breaks. */
const BROKEN_BY_CPU: readonly string[] = [
  'cpu-per-1000',
  'p50',
  'p95',
  'p99',
  'sustained-rate',
  'sustained-tick-rate',
  'delivered-ratio',
  'tick-p99',
];
/** Below this a server waits for others most of the time: it is slow for another reason. */
const BUSY_RATIO = 0.25;

/** By self time; undefined where the server was never busy. */
export function hottestOf({ functions }: Pick<CpuProfileRecord, 'functions'>): ProfiledFunction | undefined {
  return functions[0];
}

/** Neither Node's, nor a package's, nor native. */
export function isOurs({ file }: Pick<ProfiledFunction, 'file'>): boolean {
  return file !== '' && !file.startsWith('node:') && !file.startsWith('node_modules/');
}

/** `server/hub/fan-out.ts:92`, or `native`. */
export function placeOf({ file, line }: Pick<ProfiledFunction, 'file' | 'line'>): string {
  return file === '' ? 'native code' : `${file}:${line}`;
}

/** The window whose calls were kept: the largest tier, or the rate that broke. */
export function hottestFunctionFindings(
  profiles: Profiles | undefined,
  checks: readonly Check[],
): readonly Finding[] {
  const broken = checks.filter(
    ({ name, verdict }) => (verdict === 'fail' || verdict === 'inconclusive') && BROKEN_BY_CPU.includes(name),
  );
  const profile = drawnOf(profiles?.cpu ?? []);
  if (broken.length === 0 || profile === undefined) return [];
  const top = hottestOf(profile);
  if (top === undefined) return [];
  const busyRatio = 1 - profile.idleRatio;
  if (busyRatio < BUSY_RATIO && broken.every(({ name }) => name !== 'cpu-per-1000')) {
    return [idleFinding(profile, broken)];
  }
  const own = profile.functions.find(isOurs);
  const ours =
    own === undefined || own === top
      ? ''
      : ` In our own code it is ${own.functionName}, ${formatPercent(own.selfRatio)} itself and ${formatPercent(own.totalRatio)} with what it calls.`;
  return [
    {
      title: `Hottest function: ${top.functionName}`,
      seen: `In ${profile.step} the server was busy for ${formatPercent(busyRatio)} of the window; ${top.functionName} took ${formatPercent(top.selfRatio)} of that itself, ${formatPercent(top.totalRatio)} with what it calls.${ours}`,
      where: own === undefined || own === top ? placeOf(top) : `${placeOf(top)}; ${placeOf(own)}`,
      todo:
        top.room === 'native writes'
          ? 'Each write is a system call: write more at once, to fewer sockets, or spread them over more processes.'
          : 'Do it once instead of for each message, do less of it, or move it out of the process; the flame graph shows who calls it.',
    },
  ];
}

function idleFinding({ step, idleRatio }: CpuProfileRecord, broken: readonly Check[]): Finding {
  return {
    title: 'CPU is not what broke',
    seen: `In ${step} the server was idle for ${formatPercent(idleRatio)} of the window, while ${broken.map(({ name }) => name).join(', ')} broke.`,
    where: 'the profile of CPU time',
    todo: 'Look for what it waits for: timers that hold messages back, disk, another process, or the network.',
  };
}

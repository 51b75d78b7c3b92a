/** What clinic doctor found, in sentences: what it flags, with figures, and what it recommends. */

import { formatCores, formatList, formatMs } from '../verdict/quantities.ts';
import type { DoctorFindings } from './doctor-findings.ts';

/** By doctor's categories; where its own text names another of its tools, ours at one command. */
const ADVICE: Readonly<Record<string, string>> = {
  none: 'Doctor sees no problem.',
  gc: 'Doctor suspects garbage collection, and recommends to look for what allocates: npm run profile:heapprofiler.',
  'event-loop':
    'Doctor suspects work that blocks the event loop, and recommends to look for the functions that take the CPU: npm run profile:flame.',
  io: 'Doctor suspects waiting for I/O, and recommends to look for what is waited for: npm run profile:bubbleprof.',
  unknown:
    'Doctor sees a problem that fits none of its patterns (garbage collection, event loop, I/O), and recommends to end other work on the machine, then npm run profile:bubbleprof and npm run profile:flame.',
  data: 'Doctor could not judge: it had too few samples, or no garbage was collected. A longer run gives it more.',
};

/** Doctor expects a load as high as the server can take. */
const IDLE_IS_NO_WAITING =
  'It takes CPU that is left over for waiting, and a load at a fixed rate leaves CPU over wherever the server keeps up.';

/** One sentence for what is flagged, one for what to do. */
export function doctorWords(findings: DoctorFindings): string {
  const { issueCategory, issues } = findings.analysis;
  const flagged = flagsOf(findings);
  const advice = ADVICE[issueCategory] ?? `Doctor's category is "${issueCategory}".`;
  return [
    advice,
    ...(flagged.length === 0 ? [] : [`It flags ${formatList(flagged)}.`]),
    ...(issues.cpu === 'performance' ? [IDLE_IS_NO_WAITING] : []),
  ].join(' ');
}

function flagsOf({ analysis, processStat }: DoctorFindings): readonly string[] {
  const { issues, interval } = analysis;
  const [from, to] = interval;
  const samples = processStat.filter(
    ({ timestamp }) =>
      timestamp >= (from ?? Number.NEGATIVE_INFINITY) && timestamp <= (to ?? Number.POSITIVE_INFINITY),
  );
  const delays = ascending(samples.map(({ delay }) => delay));
  const cores = ascending(samples.map(({ cpu }) => cpu));
  const handles = ascending(samples.map((sample) => sample.handles));
  const flags: readonly (readonly [boolean, string])[] = [
    [
      issues.delay === 'performance',
      `event loop delay (median ${formatMs(at(delays, 0.5))}, longest ${formatMs(at(delays, 1))})`,
    ],
    [issues.loopUtilization === 'performance', 'an event loop that is busy nearly all the time'],
    [
      issues.cpu === 'performance',
      `CPU left over (nine samples in ten at or below ${formatCores(at(cores, 0.9))})`,
    ],
    [
      Object.values(issues.memory).includes('performance'),
      'memory (garbage collection blocked it for 100 ms of a second or more)',
    ],
    [
      issues.handles === 'performance',
      `active handles that come and go in steps (${at(handles, 0)} to ${at(handles, 1)})`,
    ],
  ];
  return flags.flatMap(([isFlagged, words]) => (isFlagged ? [words] : []));
}

function ascending(values: readonly number[]): readonly number[] {
  return values.toSorted((a, b) => a - b);
}

/** The nearest of the samples; 0 where there are none. */
function at(sorted: readonly number[], quantile: number): number {
  return sorted[Math.round(quantile * (sorted.length - 1))] ?? 0;
}

/** Results: what each way to run the server delivered for its CPU time, and how fast. */

import { latencyOf } from '../../analysis/overhead/latency-comparison.ts';
import type { OverheadAnalysis } from '../../analysis/overhead/overhead-analysis.ts';
import type { LatencyFigures } from '../../analysis/tier-analysis.ts';
import type { ArmName } from '../../record/overhead-record.ts';
import { JUDGED, without } from '../../verdict/overhead/comparisons.ts';
import type { ArmComparison, OverheadVerdict } from '../../verdict/overhead/overhead-verdict.ts';
import { formatCores, formatCount, formatPercent } from '../../verdict/quantities.ts';
import { type Cell, type Column, cell, code, type Section, strong } from '../report-document.ts';

const right = (title: string): Column => ({ title, align: 'right' });

/** One way to run the server, in figures. */
export interface ArmFigures {
  readonly arm: ArmName;
  readonly what: string;
  readonly settings: Readonly<Record<string, string>>;
  /** Turns that were run. */
  readonly turns: number;
  /** Over the turns; null where none was seen. */
  readonly deliveriesPerCpuSecond: number | null;
  readonly cpuCores: number | null;
  /** Of all its deliveries together, but for turns in which the rig was not fit; null where none is known. */
  readonly latency: LatencyFigures | null;
  /** Null for what others are compared with. */
  readonly comparison: ArmComparison | null;
}

/** Every way to run the server, in the order of the record. */
export function armFigures(
  { arms, turns }: OverheadAnalysis,
  { comparisons, spoilt, untimed }: OverheadVerdict,
): readonly ArmFigures[] {
  const timed = without(turns, [...spoilt, ...untimed]);
  return arms.map(({ name, what, settings }) => {
    const own = turns.filter(({ arm }) => arm === name);
    return {
      arm: name,
      what,
      settings,
      turns: own.length,
      deliveriesPerCpuSecond: median(own.map(({ deliveriesPerCpuSecond }) => deliveriesPerCpuSecond)),
      cpuCores: median(own.map(({ cpuCores }) => cpuCores)),
      latency: latencyOf(timed.filter(({ arm }) => arm === name)),
      comparison: comparisons.find(({ arm }) => arm === name) ?? null,
    };
  });
}

/** Of what was seen; one hiccup of the machine does not move it. */
function median(values: readonly (number | null)[]): number | null {
  const seen = values.filter((value) => value !== null).sort((a, b) => a - b);
  const [low, high] = [seen[Math.ceil(seen.length / 2) - 1], seen[Math.floor(seen.length / 2)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

/** `0.84 % (0.21 % to 1.5 %)`. */
export function costText(comparison: ArmComparison | null): string {
  const cost = comparison?.cost ?? null;
  if (cost === null) return 'n/a';
  return `${formatPercent(cost.mean)} (${formatPercent(cost.low)} to ${formatPercent(cost.high)})`;
}

export function armsSection(figures: readonly ArmFigures[]): Section {
  return {
    id: 'arms',
    title: 'What each costs',
    blocks: [
      {
        kind: 'table',
        columns: [
          { title: 'Server' },
          ...['Deliveries per CPU second', 'CPU', 'Cost of throughput', '95 % CI', 'Rounds'].map(right),
          { title: 'What is on' },
        ],
        rows: figures.map(armRow),
      },
      {
        kind: 'paragraph',
        tone: 'muted',
        text: 'Deliveries per CPU second and CPU are medians over the turns. The cost is 1 − the geometric mean, over the rounds, of deliveries per CPU second ÷ those of what it is compared with (off; of the last two, twin) in the same round; its interval is Student’s t on the logarithms. A negative cost means that none could be seen.',
      },
      {
        kind: 'paragraph',
        tone: 'muted',
        text: 'This server writes no log line for a message or a connection, at any level: what debug-log differs by from twin is the noise of that comparison.',
      },
    ],
  };
}

function armRow(figures: ArmFigures): readonly Cell[] {
  const { arm, what, settings, comparison } = figures;
  const cost = comparison?.cost ?? null;
  const set = Object.entries(settings).flatMap(([name, value]) => [' ', code(`${name}=${value}`)]);
  return [
    cell([strong(arm)]),
    cell(formatCount(figures.deliveriesPerCpuSecond)),
    cell(formatCores(figures.cpuCores)),
    cell(comparison === null ? 'compared with' : formatPercent(cost?.mean ?? null)),
    cell(cost === null ? '–' : `${formatPercent(cost.low)} to ${formatPercent(cost.high)}`),
    cell(formatCount(comparison === null ? figures.turns : comparison.rounds.length)),
    cell([what, ...(set.length === 0 ? [] : [':', ...set]), ...(arm === JUDGED ? [' (judged)'] : [])]),
  ];
}

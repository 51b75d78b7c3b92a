/** An overhead run, judged and put into words. */

import { analyseOverhead } from '../../analysis/overhead/analyse-overhead.ts';
import type { OverheadRecord } from '../../record/overhead-record.ts';
import { judgeOverhead } from '../../verdict/overhead/judge-overhead.ts';
import { formatCores, formatCount } from '../../verdict/quantities.ts';
import type { Highlight, JudgedRun } from '../judged-run.ts';
import { type ArmFigures, armFigures, costText } from './arms.ts';
import { addedText, latencyRows } from './latencies.ts';
import { overheadReport } from './overhead-report.ts';

/** @throws TouchlineError `TL_RECORD_INVALID` when a histogram in the record cannot be decoded */
export function judgedOverhead(record: OverheadRecord): JudgedRun {
  const analysis = analyseOverhead(record);
  const verdict = judgeOverhead(record, analysis);
  const figures = armFigures(analysis, verdict);
  const measured = analysis.turns.length > 0;
  return {
    record,
    verdict,
    report: overheadReport({ record, analysis, verdict }),
    highlights: measured ? highlights(figures) : [],
    tables: measured
      ? [[HEAD, ...figures.map(row)], latencyRows(figures)].filter((rows) => rows.length > 0)
      : [],
    notes: measured ? [NOTE, ...(figures.some(({ latency }) => latency !== null) ? [LATENCY_NOTE] : [])] : [],
  };
}

const NOTE =
  'Cost: share of the deliveries per CPU second of off (of the last two: of twin), with its 95 % interval; below zero, none was seen.';
const LATENCY_NOTE =
  'Added: a percentile of the delivery latency less that of off (of the last two: of twin) in the same round, with its 95 % interval.';
const HEAD = ['server', 'deliveries per CPU second', 'CPU', 'cost', 'rounds'];

function row({ arm, deliveriesPerCpuSecond, cpuCores, comparison, turns }: ArmFigures): readonly string[] {
  return [
    arm,
    formatCount(deliveriesPerCpuSecond),
    formatCores(cpuCores),
    comparison === null ? 'compared with' : costText(comparison),
    formatCount(comparison === null ? turns : comparison.rounds.length),
  ];
}

const QUESTIONS: Readonly<Partial<Record<ArmFigures['arm'], string>>> = {
  metrics: 'Cost of metrics',
  'cpu-profile': 'Cost of a CPU profile',
};

function highlights(figures: readonly ArmFigures[]): readonly Highlight[] {
  return figures.flatMap(({ arm, comparison }) => {
    const question = QUESTIONS[arm];
    return question === undefined
      ? []
      : [
          {
            question,
            answer: `${costText(comparison)} of throughput${latencyAnswer(comparison)}, 95 % interval in brackets`,
          },
        ];
  });
}

function latencyAnswer(comparison: ArmFigures['comparison']): string {
  const p99 = comparison?.latency.p99;
  return (p99?.difference ?? null) === null ? '' : ` and ${addedText(p99)} of p99`;
}

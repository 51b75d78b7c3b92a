/** Puts the report of a memory run together, as data. */

import type { MemoryAnalysis } from '../../analysis/memory/memory-analysis.ts';
import type { MemoryRecord } from '../../record/memory-record.ts';
import { doubtsOf } from '../../verdict/memory/memory-context.ts';
import type { MemoryVerdict } from '../../verdict/memory/memory-verdict.ts';
import { formatBytes, formatCount } from '../../verdict/quantities.ts';
import { formatDuration, formatInstant } from '../format.ts';
import {
  type Block,
  code,
  type KeyFigure,
  type ReportDocument,
  type RichText,
  type Section,
} from '../report-document.ts';
import { checksSection } from '../sections/checks.ts';
import { environmentSection, repeatSection, settingsSection } from '../sections/circumstances.ts';
import { validitySection } from '../sections/validity.ts';
import type { JudgedMemory } from './judgement.ts';
import { leakDetectionSection } from './leak-detection.ts';
import { lifecycleSection } from './lifecycle-findings.ts';
import { drawCharts } from './memory-charts.ts';
import { memoryResultsSection } from './memory-results.ts';
import { profilerHeapBlocks, whatWasRunSection } from './what-was-run.ts';

/** The order is the reader's: verdict, checks, what was run, what was kept, how memory went, what to do, whether to believe it. */
export function memoryReport(judged: JudgedMemory): ReportDocument {
  const { record, analysis, verdict } = judged;
  return {
    title: 'Memory analysis',
    verdict: verdict.verdict,
    sentence: verdict.sentence,
    details: verdict.details ?? [],
    subtitle: subtitle(record),
    warnings: warnings(record),
    keyFigures: keyFigures(analysis, verdict),
    sections: [
      checksSection(verdict),
      whatWasRunSection(record, analysis),
      lifecycleSection(judged),
      memoryResultsSection(judged),
      leakDetectionSection(judged),
      ...chartsSection(judged),
      ...findingsSection(verdict),
      recommendationsSection(verdict),
      ourValidity(judged),
      settingsSection(record),
      environmentSection(record),
      repeatSection(record),
    ],
  };
}

function subtitle(record: MemoryRecord): string {
  const took = formatDuration(Math.max(0, record.finishedAt - record.startedAt));
  const how = record.quick ? 'memory, quick' : 'memory';
  return `${how} · ${formatInstant(record.startedAt)} · took ${took} · ${record.environment.cores} cores, Node ${record.environment.node.replace(/^v/, '')}`;
}

function warnings({ faults, outcome }: MemoryRecord): readonly RichText[] {
  const names = faults.flatMap((fault, index) => [index === 0 ? '' : ', ', code(fault)]);
  const faulty: readonly RichText[] =
    names.length === 0
      ? []
      : [
          [
            'Faults are switched on in this server: ',
            ...names,
            '. It is meant to misbehave; this is no profile of it.',
          ],
        ];
  if (outcome.state === 'completed') return faulty;
  const word = outcome.state === 'interrupted' ? 'interrupted' : `aborted (${outcome.code})`;
  return [...faulty, `This run was ${word}: ${outcome.message}. What was measured until then follows.`];
}

function keyFigures(analysis: MemoryAnalysis, verdict: MemoryVerdict): readonly KeyFigure[] {
  if (analysis.cycles.length === 0) return [];
  const { growth, slopes, measured } = analysis;
  const grown = growth?.filter(({ excess }) => excess > 0).length ?? null;
  const kept = verdict.checks.find(({ name }) => name === 'unsubscribed')?.observed ?? null;
  const broken = (name: string) =>
    verdict.checks.some((check) => check.name === name && check.verdict === 'fail')
      ? ({ tone: 'bad' } as const)
      : {};
  return [
    {
      value: formatCount(grown),
      label: `of ${formatCount(growth?.length ?? null)} counted figures not back at baseline`,
      ...((grown ?? 0) > 0 ? ({ tone: 'bad' } as const) : {}),
    },
    {
      value: formatBytes(slopes.heapUsed?.slope ?? null),
      label: 'of heap kept for each connection that left',
      ...broken('heap-slope'),
    },
    {
      value: formatBytes(slopes.external?.slope ?? null),
      label: 'of external memory kept for each',
      ...broken('external-slope'),
    },
    {
      value: formatCount(kept),
      label: 'still in the room after unsubscribing',
      ...broken('unsubscribed'),
    },
    {
      value: formatCount(analysis.connections),
      label: `connections came and went, in ${measured.length} cycles`,
    },
  ];
}

function chartsSection(judged: JudgedMemory): readonly Section[] {
  const charts = drawCharts(judged);
  return charts.length === 0 ? [] : [{ id: 'charts', title: 'Charts', blocks: [{ kind: 'charts', charts }] }];
}

function findingsSection({ findings }: MemoryVerdict): readonly Section[] {
  return findings.length === 0
    ? []
    : [{ id: 'findings', title: 'Findings', blocks: [{ kind: 'findings', findings }] }];
}

function recommendationsSection({ recommendations }: MemoryVerdict): Section {
  return {
    id: 'recommendations',
    title: 'Recommendations',
    blocks: [
      recommendations.length === 0
        ? { kind: 'paragraph', text: 'Run again to the end: nothing can be said yet.' }
        : { kind: 'list', items: recommendations },
    ],
  };
}

function ourValidity({ record, analysis, verdict }: JudgedMemory): Section {
  const section = validitySection({
    record,
    tiers: analysis.cycles.map(({ tier }) => tier),
    problems: verdict.validity.flatMap((cycle) =>
      doubtsOf(cycle).map((problem) => ({ where: `In ${cycle.label}`, problem })),
    ),
    healthy: 'The counts of every cycle can be trusted.',
    column: 'Cycle',
    labelOf: (_, index) => analysis.cycles[index]?.label ?? '',
  });
  const [problems, ...tables] = section.blocks;
  return {
    ...section,
    blocks: [
      ...(problems === undefined ? [] : [problems]),
      ...latencyOnlyBlocks(verdict),
      ...tables,
      ...profilerHeapBlocks(record),
    ],
  };
}

/** What else was wrong with the rig, and why that changes nothing here. */
function latencyOnlyBlocks({ validity }: MemoryVerdict): readonly Block[] {
  const busy = validity.filter((cycle) => cycle.problems.length > doubtsOf(cycle).length);
  if (busy.length === 0) return [];
  const codes = new Set(
    busy.flatMap((cycle) => {
      const doubts = doubtsOf(cycle);
      return cycle.problems.filter((problem) => !doubts.includes(problem)).map((problem) => problem.code);
    }),
  );
  const names = [...codes].flatMap((name, index) => [index === 0 ? '' : ', ', code(name)]);
  const text: RichText = [
    `In ${busy.length} of ${validity.length} cycles the machine was too busy to trust latencies (`,
    ...names,
    '). Nothing here depends on them: what stays in a structure stays there on a busy machine, too.',
  ];
  return [{ kind: 'paragraph', text }];
}

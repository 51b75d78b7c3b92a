/** A memory run, judged and put into words. */

import { analyseMemory } from '../../analysis/memory/analyse-memory.ts';
import type { CycleAnalysis, MemoryAnalysis } from '../../analysis/memory/memory-analysis.ts';
import type { MemoryRecord } from '../../record/memory-record.ts';
import type { MemorySample } from '../../record/tier-record.ts';
import { formatNamedGrowth } from '../../verdict/growth-text.ts';
import { heldText, originText, thingsOf } from '../../verdict/memory/growing-words.ts';
import { judgeMemory } from '../../verdict/memory/judge-memory.ts';
import type { MemoryVerdict } from '../../verdict/memory/memory-verdict.ts';
import { formatBytes, formatCount, formatList, formatMs } from '../../verdict/quantities.ts';
import type { Highlight, JudgedRun } from '../judged-run.ts';
import { memoryReport } from './memory-report.ts';

export function judgedMemory(record: MemoryRecord): JudgedRun {
  const analysis = analyseMemory(record);
  const verdict = judgeMemory(record, analysis);
  const measured = analysis.cycles.length > 0;
  return {
    record,
    verdict,
    report: memoryReport({ record, analysis, verdict }),
    highlights: measured ? highlights(analysis, verdict) : [],
    tables: measured ? [[CYCLE_HEAD, ...analysis.cycles.map(cycleRow)]] : [],
    notes: notes(analysis, verdict),
  };
}

function highlights(analysis: MemoryAnalysis, verdict: MemoryVerdict): readonly Highlight[] {
  const grown = [
    ...verdict.growing.map(heldText),
    ...verdict.leaks.map(({ cause }) => formatNamedGrowth(cause)),
  ];
  const places = [
    ...verdict.growing.flatMap((root) => originText(root) ?? []),
    ...verdict.leaks.flatMap(({ cause }) => cause.releasedBy ?? []),
  ];
  const none =
    analysis.growth === null
      ? 'not known: the target does not show what it tracks'
      : `none in ${formatCount(analysis.connections)} connections: all that is counted is back at its baseline`;
  return [
    {
      question: 'Leaks and lifecycle issues',
      answer:
        grown.length === 0
          ? none
          : `${formatList(grown)} over ${formatCount(analysis.connections)} connections`,
    },
    {
      question: 'Memory kept for each connection that left',
      answer: slopeText(analysis),
    },
    ...(places.length === 0 ? [] : [{ question: 'Code to fix', answer: formatList([...new Set(places)]) }]),
  ];
}

function slopeText({ slopes }: MemoryAnalysis): string {
  const { heapUsed, external } = slopes;
  if (heapUsed === null) return 'not known';
  const interval =
    heapUsed.interval === null
      ? 'too few cycles for an interval'
      : `95 % CI ${formatBytes(heapUsed.interval[0])} to ${formatBytes(heapUsed.interval[1])}`;
  return `heap ${formatBytes(heapUsed.slope)} (${interval}), external ${formatBytes(external?.slope ?? null)}`;
}

function notes(analysis: MemoryAnalysis, verdict: MemoryVerdict): readonly string[] {
  const grown = verdict.leaks.map(
    ({ cause, kept }) =>
      `${formatNamedGrowth(cause)}${kept.length === 0 ? '' : `; with it ${formatList(kept.map(formatNamedGrowth))}`}: ${cause.releasedBy ?? 'release point not known'}`,
  );
  // Holder and line stand under the sentence.
  const named = verdict.growing.flatMap(({ path, ...root }) =>
    path.length === 0 ? [] : [`How ${thingsOf(root)} are reached: ${path.join(' → ')}`],
  );
  return [
    ...named,
    ...grown,
    ...(analysis.slopes.heapUsed === null
      ? []
      : [`Kept for each connection that left: ${slopeText(analysis)}.`]),
    ...(verdict.cyclesNote === null ? [] : [verdict.cyclesNote]),
  ];
}

const CYCLE_HEAD = [
  'cycle',
  'connections',
  'heap connected',
  'closed',
  'after GC',
  'external',
  'RSS after GC',
  'unsubscribed',
  'released in',
];

function cycleRow(cycle: CycleAnalysis): readonly string[] {
  const { label, tier, connected, closed, collected, unsubscribed, releaseMs } = cycle;
  const heap = (sample: MemorySample | null) => formatBytes(sample?.heapUsedBytes ?? null);
  return [
    label,
    `${formatCount(tier.connected)}/${formatCount(tier.attempted)}`,
    heap(connected),
    heap(closed),
    heap(collected),
    formatBytes(collected?.externalBytes ?? null),
    formatBytes(collected?.rssBytes ?? null),
    unsubscribed === null
      ? 'n/a'
      : `${formatCount(unsubscribed.left)}, ${formatCount(unsubscribed.kept)} kept`,
    formatMs(releaseMs),
  ];
}

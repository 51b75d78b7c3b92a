/** What was run, in sentences that need no knowledge of the tool. */

import type { MemoryAnalysis } from '../../analysis/memory/memory-analysis.ts';
import type { MemoryRecord } from '../../record/memory-record.ts';
import { formatBytes, formatConnections, formatCount } from '../../verdict/quantities.ts';
import { formatPlural } from '../format.ts';
import { type Block, code, type RichText, type Section } from '../report-document.ts';
import { targetText } from '../sections/target.ts';

export function whatWasRunSection(record: MemoryRecord, analysis: MemoryAnalysis): Section {
  return {
    id: 'what-was-run',
    title: 'What was run',
    blocks: [
      { kind: 'paragraph', text: targetText(record) },
      { kind: 'paragraph', text: cyclesText(record, analysis) },
      {
        kind: 'paragraph',
        text: 'The verdict compares what the server tracks after the warm-up with what it tracks after the last cycle: entries, listeners, timers and descriptors, each the least of three looks, so that what is only on its way out does not count, and live instances by class. Heap snapshots after the warm-up, half of the cycles and all of them then name what grew in both halves, and who holds it. Only then comes the growth of memory, with its confidence interval. RSS is shown and never judged: of a clean server it grows by more than many leaks.',
      },
    ],
  };
}

function cyclesText({ connections }: MemoryRecord, { cycles, measured }: MemoryAnalysis): string {
  const warmUps = cycles.length - measured.length;
  const [first] = measured;
  if (first === undefined) return `No cycle was measured; ${formatPlural(warmUps, 'warm-up cycle')} ran.`;
  const broadcasts = formatCount(first.tier.published.accepted);
  return `${formatPlural(warmUps, 'warm-up cycle')}, which fill what is bounded (histories, rings) and let the server compile its code, then ${formatPlural(measured.length, 'measured cycle')} of ${formatConnections(connections)}. In each, all join one match, each sends a ping and gets every one of about ${broadcasts} broadcasts; half of them unsubscribe and stay connected, and the room must have dropped them; then all leave. The server's memory is read when all are connected, when all are gone, and after forced collection.`;
}

/** Whether the load side leaked, as far as it was looked at. */
export function profilerHeapBlocks({ profilerHeap, outcome }: MemoryRecord): readonly Block[] {
  if (outcome.state !== 'completed') return [];
  const text: RichText =
    profilerHeap === null
      ? [
          'The profiler ran without --expose-gc, so its own heap could not be collected and is not shown here: ',
          code('node --expose-gc profiling/memory-test.js'),
          ' adds it.',
        ]
      : `The profiler's own heap after forced collection: ${formatBytes(profilerHeap.baselineBytes)} at the baseline, ${formatBytes(profilerHeap.endBytes)} at the end, the record of the cycles included. It is another process than the server, and not in the server's figures.`;
  return [{ kind: 'paragraph', tone: 'muted', text }];
}

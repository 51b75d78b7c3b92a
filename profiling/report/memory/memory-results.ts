/** Memory test results: the server's memory three times a cycle, and before and after them all. */

import type { CycleAnalysis } from '../../analysis/memory/memory-analysis.ts';
import type { MemorySample } from '../../record/tier-record.ts';
import { formatBytes } from '../../verdict/quantities.ts';
import { type Cell, type Column, cell, type Section } from '../report-document.ts';
import type { JudgedMemory } from './judgement.ts';

const right = (title: string): Column => ({ title, align: 'right' });

export function memoryResultsSection({ record, analysis }: JudgedMemory): Section {
  const { forcedGc } = record.target.sees;
  return {
    id: 'memory-results',
    title: 'Memory test results',
    blocks: [
      {
        kind: 'table',
        columns: [
          { title: 'When' },
          ...[
            'Connected: heap',
            'RSS',
            'Closed: heap',
            'RSS',
            'After GC: heap',
            'External',
            'Array buffers',
            'RSS',
          ].map(right),
        ],
        rows: [
          edgeRow('Initial', record.initial),
          ...analysis.cycles.map(cycleRow),
          edgeRow('Final', record.final),
        ],
      },
      {
        kind: 'paragraph',
        tone: 'muted',
        text: `Connected: every client is open, nothing was collected. Closed: all are gone, before collection. After GC: ${forcedGc ? 'after forced collection' : 'garbage could not be collected by force, so these are what they happen to be'}. Heap is what V8 uses of it; array buffers are part of external memory.`,
      },
    ],
  };
}

/** Of a sample: heap used and RSS. */
function two(sample: MemorySample | null): readonly Cell[] {
  return [cell(formatBytes(sample?.heapUsedBytes ?? null)), cell(formatBytes(sample?.rssBytes ?? null))];
}

function collectedCells(sample: MemorySample | null): readonly Cell[] {
  return [
    cell([{ strong: formatBytes(sample?.heapUsedBytes ?? null) }]),
    cell(formatBytes(sample?.externalBytes ?? null)),
    cell(formatBytes(sample?.arrayBuffersBytes ?? null)),
    cell(formatBytes(sample?.rssBytes ?? null)),
  ];
}

function cycleRow({ label, connected, closed, collected }: CycleAnalysis): readonly Cell[] {
  return [cell(label), ...two(connected), ...two(closed), ...collectedCells(collected)];
}

function edgeRow(label: string, sample: MemorySample | null): readonly Cell[] {
  const none = Array.from({ length: 4 }, () => cell('–', 'muted'));
  return [cell([{ strong: label }]), ...none, ...collectedCells(sample)];
}

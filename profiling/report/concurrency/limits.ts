/** How far it goes: memory per connection, knee, predicted limit and what limited the run. */

import type { ConcurrencyAnalysis } from '../../analysis/concurrency/concurrency-analysis.ts';
import type { LineFit } from '../../analysis/line-fit.ts';
import { type ConcurrencyVerdict, isKneeUnknown } from '../../verdict/concurrency/concurrency-verdict.ts';
import { formatBytes, formatConnections, formatCount } from '../../verdict/quantities.ts';
import { type Cell, cell, type RichText, type Section } from '../report-document.ts';

/**
 * The 4 KB are the socket, its inode, dentry and file in the slab: measured by centrifugal.dev (blog, 2026-08-17).
 */
const KERNEL_NOTE =
  'Kernel TCP buffers are what is queued in sockets of this machine at that moment (/proc/net/sockstat), so near 0 where everything was read. Besides, each socket costs the kernel about 4 KB that neither this figure nor RSS shows.';

export function memorySection({ memory }: ConcurrencyAnalysis): Section {
  const rows = [
    memoryRow('RSS (what the process holds)', memory.rss),
    memoryRow('V8 heap used', memory.heapUsed),
    memoryRow('External (buffers outside the heap)', memory.external),
    memoryRow('Kernel TCP buffers, both ends (not in RSS)', memory.kernelSockets),
  ];
  const forced = memory.forcedGc
    ? 'Garbage was collected by force before every reading.'
    : 'Garbage could not be collected by force before every reading: RSS and heap hold garbage too, and move by it.';
  return {
    id: 'memory',
    title: 'Memory per connection',
    blocks: [
      {
        kind: 'table',
        columns: [
          { title: 'Memory' },
          { title: 'Per connection', align: 'right' },
          { title: '95 % CI', align: 'right' },
          { title: 'R²', align: 'right' },
          { title: 'Readings', align: 'right' },
        ],
        rows,
      },
      { kind: 'paragraph', tone: 'muted', text: KERNEL_NOTE },
      {
        kind: 'paragraph',
        tone: 'muted',
        text: `Slopes of a straight line through the idle server and every tier, never one division. ${forced} 1 KB is 1,000 bytes.`,
      },
    ],
  };
}

function memoryRow(title: string, fit: LineFit | null): readonly Cell[] {
  if (fit === null) return [cell(title), cell('n/a'), cell('n/a'), cell('n/a'), cell('0')];
  const interval =
    fit.slopeLow === null ? 'n/a' : `${formatBytes(fit.slopeLow)} to ${formatBytes(fit.slopeHigh)}`;
  return [
    cell(title),
    cell([{ strong: formatBytes(fit.slope) }]),
    cell(interval),
    cell(fit.r2?.toFixed(3) ?? 'n/a'),
    cell(formatCount(fit.points.length)),
  ];
}

export function limitsSection(analysis: ConcurrencyAnalysis, verdict: ConcurrencyVerdict): Section {
  const { scalability, cpu } = analysis;
  const knee =
    verdict.knee === null
      ? noKnee(verdict)
      : [
          'Knee: ',
          { strong: formatConnections(verdict.knee) },
          ', the last tier that holds every threshold, all smaller ones holding too.',
        ];
  const law =
    scalability.state === 'fitted'
      ? [
          `${scalability.sentence} Universal Scalability Law on deliveries per second of server CPU: λ = ${formatCount(scalability.lambda)}, σ = ${scalability.sigma.toPrecision(3)}, κ = ${scalability.kappa.toPrecision(3)}, R² = ${scalability.r2.toFixed(3)}.`,
        ]
      : [scalability.sentence];
  const slope =
    cpu === null
      ? []
      : [
          [
            `CPU grows by ${(cpu.slope * 1_000).toFixed(3)} core for each 1,000 connections${cpu.slopeLow === null ? '' : ` (95 % CI ${(cpu.slopeLow * 1_000).toFixed(3)} to ${((cpu.slopeHigh ?? 0) * 1_000).toFixed(3)})`}.`,
          ],
        ];
  return {
    id: 'limits',
    title: 'How far it goes',
    blocks: [
      {
        kind: 'list',
        items: [
          knee,
          ['What limited the run: ', { strong: `${verdict.limitedBy.sentence}.` }],
          [`Latency and CPU are judged up to ${formatConnections(verdict.judgedUpTo)}.`],
          law,
          ...slope,
        ],
      },
    ],
  };
}

function noKnee(verdict: ConcurrencyVerdict): RichText {
  return isKneeUnknown(verdict)
    ? ['Knee: ', { strong: 'not known' }, ', no tier was measured to its end.']
    : ['Knee: ', { strong: 'none' }, ', the smallest tier already breaks a threshold.'];
}

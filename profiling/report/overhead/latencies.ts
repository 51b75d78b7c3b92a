/** Results: how fast the deliveries were in each way to run the server. */

import type { PercentileComparison } from '../../analysis/overhead/latency-comparison.ts';
import { JUDGED } from '../../verdict/overhead/comparisons.ts';
import type { ArmComparison } from '../../verdict/overhead/overhead-verdict.ts';
import { formatCount, formatMs, NOT_AVAILABLE } from '../../verdict/quantities.ts';
import { type Cell, type Column, cell, type Section, strong } from '../report-document.ts';
import type { ArmFigures } from './arms.ts';

const right = (title: string): Column => ({ title, align: 'right' });

/** `0.12 ms (-0.03 ms to 0.27 ms)`. */
export function addedText(percentile: PercentileComparison | undefined): string {
  const added = percentile?.difference ?? null;
  if (added === null) return NOT_AVAILABLE;
  return `${formatMs(added.mean)} (${formatMs(added.low)} to ${formatMs(added.high)})`;
}

/** `1.02 × (0.99 to 1.05)`. */
function timesText({ ratio }: PercentileComparison): string {
  if (ratio === null) return NOT_AVAILABLE;
  const [mean, low, high] = [ratio.ratio, ratio.low, ratio.high].map((value) => value.toFixed(2));
  return `${mean} × (${low} to ${high})`;
}

/** What the terminal shows; nothing where the run kept no latencies. */
export function latencyRows(figures: readonly ArmFigures[]): readonly (readonly string[])[] {
  const timed = figures.filter(({ latency }) => latency !== null);
  if (timed.length === 0) return [];
  const head = ['server', 'p50', 'p99', 'added to p50', 'added to p99', 'rounds'];
  return [
    head,
    ...timed.map(({ arm, latency, comparison }) => [
      arm,
      formatMs(latency?.p50Ms ?? null),
      formatMs(latency?.p99Ms ?? null),
      ...(comparison === null
        ? ['compared with', 'compared with', '']
        : [
            addedText(comparison.latency.p50),
            addedText(comparison.latency.p99),
            formatCount(comparison.latency.p99.rounds.length),
          ]),
    ]),
  ];
}

/** None where the run kept no latencies. */
export function latencySection(figures: readonly ArmFigures[]): readonly Section[] {
  const timed = figures.filter(({ latency }) => latency !== null);
  if (timed.length === 0) return [];
  return [
    {
      id: 'latency',
      title: 'What each adds to the delivery latency',
      blocks: [
        {
          kind: 'table',
          columns: [
            { title: 'Server' },
            ...[
              'p50',
              'p99',
              'Added to p50 (95 % CI)',
              'Added to p99 (95 % CI)',
              'p50 ÷ compared (95 % CI)',
              'p99 ÷ compared (95 % CI)',
              'Rounds',
            ].map(right),
          ],
          rows: timed.map(latencyRow),
        },
        {
          kind: 'paragraph',
          tone: 'muted',
          text: 'From the intended send to the receipt. p50 and p99 are of all deliveries of the rounds together. What is added is the mean, over the rounds, of a percentile less that of what it is compared with (off; of the last two, twin) in the same round, and ÷ is the geometric mean of their ratio; the intervals are Student’s t. A delivery counts for the slice in which it was due; those that were due while the server was switched over, or in the 10 ms before, count for none.',
        },
      ],
    },
  ];
}

function latencyRow({ arm, latency, comparison }: ArmFigures): readonly Cell[] {
  return [
    cell([strong(arm), ...(arm === JUDGED ? [' (p99 judged)'] : [])]),
    cell(formatMs(latency?.p50Ms ?? null)),
    cell(formatMs(latency?.p99Ms ?? null)),
    ...comparedCells(comparison),
  ];
}

function comparedCells(comparison: ArmComparison | null): readonly Cell[] {
  if (comparison === null) return ['compared with', 'compared with', '–', '–', '–'].map((text) => cell(text));
  const { p50, p99 } = comparison.latency;
  return [
    cell(addedText(p50)),
    cell(addedText(p99)),
    cell(timesText(p50)),
    cell(timesText(p99)),
    cell(formatCount(p99.rounds.length)),
  ];
}

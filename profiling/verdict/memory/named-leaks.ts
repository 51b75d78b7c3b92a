/** What heap snapshots and counts name, line by line: beside a sentence that says only what stayed. */

import type { Growth } from '../../analysis/lifecycle-growth.ts';
import type { GrowingClass } from '../../record/heap-growth-record.ts';
import { formatNamedGrowth } from '../growth-text.ts';
import { formatCount } from '../quantities.ts';
import type { Detail } from '../verdict.ts';
import { releasePointOf } from './findings/growing-classes.ts';
import { eachText, grownBy, originText, rootsOf, thingsOf } from './growing-words.ts';
import type { MemoryContext } from './memory-context.ts';
import type { Leak } from './memory-verdict.ts';

/** Each class with its holder, its line and the line that should let go of it; then the counts; nothing where no class grew. */
export function namedLeaks({ record }: MemoryContext, leaks: readonly Leak[]): readonly Detail[] {
  const roots = rootsOf(record.heapGrowth);
  if (roots.length === 0) return [];
  const points = roots.map((root) => releasePointOf(root, leaks));
  return [
    ...roots.flatMap((root, place) => linesOf(root, points[place] ?? null)),
    ...leaks.map(({ cause }) => countLine(cause, points.includes(cause.releasedBy))),
  ];
}

function linesOf(root: GrowingClass, releasePoint: string | null): readonly Detail[] {
  const origin = originText(root);
  const held = root.holder ?? 'nothing that was there before';
  return [
    { label: 'leak', text: `${formatCount(grownBy(root))} ${thingsOf(root)}: ${eachText(root)}` },
    { label: 'held by', text: held },
    ...(origin === null ? [] : [{ label: 'from', text: origin }]),
    ...(releasePoint === null ? [] : [{ label: 'release at', text: releasePoint }]),
  ];
}

function countLine(cause: Growth, isPointSaid: boolean): Detail {
  const { releasedBy } = cause;
  const where = releasedBy === null || isPointSaid ? '' : `, to be released at ${releasedBy}`;
  return { label: 'counted', text: `${formatNamedGrowth(cause)}${where}` };
}

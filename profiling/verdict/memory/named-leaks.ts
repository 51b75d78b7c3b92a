/** What heap snapshots and counts name, line by line: beside a sentence that says only what stayed. */

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
  return [...roots.flatMap((root) => linesOf(root, releasePointOf(root, leaks))), ...leaks.map(countLine)];
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

function countLine({ cause }: Leak): Detail {
  const where = cause.releasedBy === null ? '' : `, to be released at ${cause.releasedBy}`;
  return { label: 'counted', text: `${formatNamedGrowth(cause)}${where}` };
}

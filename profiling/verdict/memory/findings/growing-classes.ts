/** Findings of heap snapshots: which class leaks, who holds it, where it was made and where it should have been let go. */

import type { GrowingClass } from '../../../record/heap-growth-record.ts';
import { formatCount, formatList } from '../../quantities.ts';
import type { Finding } from '../../verdict.ts';
import { eachText, grownBy, heldText, keptWith, originText, rootsOf, thingsOf } from '../growing-words.ts';
import type { MemoryContext } from '../memory-context.ts';
import type { Leak } from '../memory-verdict.ts';
import { todoOf, whereOf } from './positive-control.ts';

export function growingFindings(context: MemoryContext, leaks: readonly Leak[]): readonly Finding[] {
  const { record } = context;
  return rootsOf(record.heapGrowth).map((root) => ({
    title: `Leak: ${thingsOf(root)}`,
    seen: seenOf(root, context),
    where: whereOf(placesOf(root, context, leaks), record.faults),
    todo: todoOf(adviceOf(root), record.faults),
  }));
}

function seenOf(root: GrowingClass, { record, analysis }: MemoryContext): string {
  const counts = formatList(root.counts.map(formatCount));
  const kept = keptWith(root, record.heapGrowth).map(
    (grown) => `${formatCount(grownBy(grown))} ${thingsOf(grown)}`,
  );
  const alive = kept.length === 0 ? '' : ` They keep alive ${formatList(kept)}.`;
  const path = root.path.length === 0 ? '' : ` One of them is reached by ${root.path.join(' → ')}.`;
  return `${heldText(root)}: ${counts} in the three heap snapshots, ${eachText(root)} over ${formatCount(analysis.connections)} connections.${alive}${path}`;
}

/** Where they come from, and the line that lets go of what belongs to them, as far as it is known. */
function placesOf(root: GrowingClass, { record }: MemoryContext, leaks: readonly Leak[]): string | null {
  const origin = originText(root);
  const released = releasePointOf(root, leaks) ?? record.releasePoints[root.name] ?? null;
  const places = [origin, released === null ? null : `to be released at ${released}`];
  const known = places.filter((place) => place !== null);
  return known.length === 0 ? root.holder : known.join('; ');
}

/** Of the counted figure that grew with them. */
export function releasePointOf(root: GrowingClass, leaks: readonly Leak[]): string | null {
  const leak = leaks.find(({ cause, kept }) =>
    root.event === null
      ? [cause, ...kept].some(({ name }) => name === root.name)
      : cause.kind === 'listener' && cause.name.endsWith(`:${root.event}`),
  );
  return leak?.cause.releasedBy ?? null;
}

function adviceOf({ event, holder, name }: GrowingClass): string {
  if (event !== null) {
    return `Take the listener off (off('${event}', …)) where its connection ends, with the same function that was put on.`;
  }
  return holder === null
    ? `Find what starts a ${name} for each connection, and end it where the connection ends.`
    : `Take each of them out of ${holder} where its connection ends, however it ends.`;
}

/** What to name first, and what not to name at all. */

import type { GrowingClass } from '../../record/heap-growth-record.ts';
import type { DescribedClass } from './describe-class.ts';

/** Node keeps up to a thousand HTTP parsers for the next connections, and whatever they hold. */
const FREE_LIST = 'FreeList';
/** V8 reaches a spare parser through a handle of Node as often as through the list, and then names the handle. */
const PARSER = 'HTTPParser';
const OF_PARSER = /^HTTPParser\b/;
const HANDLES = '(Global handles)';

/** Whose class it is: the program's own, of a package, of Node or V8. */
function familiarity({ script, growing }: DescribedClass): number {
  if (script === null || script.startsWith('node:')) return growing.kind === 'native' ? 3 : 2;
  return script.includes('/node_modules/') ? 1 : 0;
}

/**
 * In order: classes with a holder before those that another class of the list keeps alive; the program's own before those of packages, Node and V8;
 * then by bytes. `keptBy` is filled in.
 */
export function rankClasses(described: readonly DescribedClass[]): GrowingClass[] {
  const byPlace = new Map(described.map((one) => [one.place, one]));
  const kept = described.filter((one) => !isSpare(one, byPlace));
  const rank = (one: DescribedClass) => (one.keeperPlace === null ? 0 : 1);
  return kept
    .toSorted(
      (a, b) =>
        rank(a) - rank(b) ||
        familiarity(a) - familiarity(b) ||
        b.growing.bytesPerConnection - a.growing.bytesPerConnection,
    )
    .map(({ growing, keeperPlace }) => ({
      ...growing,
      keptBy: keeperPlace === null ? null : (byPlace.get(keeperPlace)?.growing.name ?? null),
    }));
}

/** Whether it, or what keeps it alive, lies in a list of spare parts. */
function isSpare(one: DescribedClass, byPlace: ReadonlyMap<number, DescribedClass>): boolean {
  const seen = new Set<number>();
  let at: DescribedClass | undefined = one;
  while (at !== undefined && !seen.has(at.place)) {
    if (isSpareItself(at.growing)) return true;
    seen.add(at.place);
    at = at.keeperPlace === null ? undefined : byPlace.get(at.keeperPlace);
  }
  return false;
}

function isSpareItself({ name, holder }: GrowingClass): boolean {
  if (holder === null) return false;
  // What a parser holds is as spare as the parser: its headers wait for the next request.
  return (
    holder.includes(FREE_LIST) || OF_PARSER.test(holder) || (name === PARSER && holder.startsWith(HANDLES))
  );
}

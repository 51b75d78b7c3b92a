/** A class that grows in heap snapshots, in words: what it is, how many, who holds it, where it was made. */

import type { GrowingClass, HeapGrowth, SourceLine } from '../../record/heap-growth-record.ts';
import { formatPerConnection } from '../growth-text.ts';
import { formatBytes, formatCount } from '../quantities.ts';
import { judgedGrowth } from './judged-growth.ts';

/** How many more there are at the end than after the warm-up. */
export function grownBy({ counts }: GrowingClass): number {
  return counts[2] - counts[0];
}

/** `ClientSession`, `listeners endWithServer of the event close`, `closures sayGoodbye`. */
export function thingsOf({ kind, name, event }: Pick<GrowingClass, 'kind' | 'name' | 'event'>): string {
  if (event !== null) return `listeners ${name} of the event ${event}`;
  return kind === 'closure' ? `closures ${name}` : name;
}

/** `600 ClientSession held by Map: Registry.sessions`. */
export function heldText(grown: GrowingClass): string {
  const things = `${formatCount(grownBy(grown))} ${thingsOf(grown)}`;
  return grown.holder === null ? `${things}, held by nothing older` : `${things} held by ${grown.holder}`;
}

/** `1.00 per connection, 312 B a connection`. */
export function eachText({ countPerConnection, bytesPerConnection }: GrowingClass): string {
  return `${formatPerConnection({ perConnection: countPerConnection })}, ${formatBytes(bytesPerConnection)} a connection`;
}

/** `server/faults/leaked-sessions.ts:24`; with the function where it has a name. */
export function placeText({ file, line, functionName }: SourceLine): string {
  return `${file}:${line}${functionName === '' ? '' : `, ${functionName}`}`;
}

/** `allocated at server/faults/leaked-sessions.ts:24, opened`; null where nobody knows. */
export function originText({ kind, name, allocatedAt, definedAt }: GrowingClass): string | null {
  // A few small ones may all slip past a sampling profile.
  if (allocatedAt === null)
    return definedAt == null ? null : `made by the class at ${definedAt.file}:${definedAt.line}`;
  const { file, line, functionName } = allocatedAt;
  // Of a closure it is the closure itself.
  const place = functionName === name ? `${file}:${line}` : placeText(allocatedAt);
  return `${kind === 'closure' ? 'written' : 'allocated'} at ${place}`;
}

/** Those that nothing else of the list keeps alive: they go first, the others with them. */
export function rootsOf(growth: HeapGrowth | null | undefined): readonly GrowingClass[] {
  const classes = judgedGrowth(growth);
  const roots = classes.filter(({ keptBy }) => keptBy === null);
  // Two that keep each other alive have no root.
  return roots.length > 0 ? roots : classes.slice(0, 1);
}

/** What goes when this one goes, whatever it hangs on in between. */
export function keptWith(root: GrowingClass, growth: HeapGrowth | null | undefined): readonly GrowingClass[] {
  const classes = growth?.classes ?? [];
  const hangsOn = (grown: GrowingClass, steps = 0): boolean => {
    if (grown.keptBy === null || steps > classes.length) return false;
    if (grown.keptBy === root.name) return true;
    const keeper = classes.find(({ name }) => name === grown.keptBy);
    return keeper !== undefined && hangsOn(keeper, steps + 1);
  };
  return classes.filter((grown) => grown !== root && hangsOn(grown));
}

/** Classes that only wrap: they say nothing about a leak by themselves. */

import type { HeapClass } from '../growth/class-census.ts';

/** `{}` and `[]`: they belong to whoever holds them, and say nothing by their class. */
const PLAIN_NAMES: readonly string[] = ['Object', 'Array', ''];
/** What `bind` and `once` wrap a function in. */
const BOUND_NAME = 'native_bind';

/** Whether a class only wraps what it holds. */
export function isWrapper({ kind, name, location }: HeapClass): boolean {
  if (kind === 'closure') return name === BOUND_NAME;
  return kind === 'object' && location === null && PLAIN_NAMES.includes(name);
}

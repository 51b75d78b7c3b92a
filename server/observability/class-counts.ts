/** `POST /debug/class-counts`: how many objects of the classes that a connection is made of are alive. */

import { performance } from 'node:perf_hooks';
import v8 from 'node:v8';
import { TouchlineError } from '../protocol/touchline-error.ts';

/** Classes by the name they are reported under. */
export type CountedClasses = Readonly<Record<string, object>>;

export interface ClassCounts {
  /**
   * Live objects by class, after a collection. An object counts where the class is anywhere on its prototype chain,
   * so subclasses and their prototypes count, too: compare with a baseline, and do not read one number alone.
   */
  readonly counts: Readonly<Record<string, number>>;
  readonly durationMs: number;
}

/** Counts live objects whose prototype chain holds the class. */
export type CountObjects = (countedClass: object) => number;

/**
 * Counts the live instances of every class. Each class costs a full collection and a walk over the heap: about 25 ms
 * with a heap of 10 MB, 100 ms with 50 MB.
 *
 * @param countObjects null where Node cannot count; injected for tests
 * @throws TouchlineError `TL_CLASS_COUNTS_UNAVAILABLE` where Node cannot count
 * @see https://nodejs.org/docs/latest-v20.x/api/v8.html#v8queryobjectsctor-options
 */
export async function countClasses(
  classes: CountedClasses,
  countObjects: CountObjects | null = findCounter(),
): Promise<ClassCounts> {
  if (countObjects === null) {
    throw new TouchlineError(
      'TL_CLASS_COUNTS_UNAVAILABLE',
      `expected Node 20.13 or newer, whose v8.queryObjects counts instances; received ${process.version}`,
    );
  }
  const startedAtMs = performance.now();
  // What ended in this turn of the loop is still on its stacks and queues.
  await new Promise(setImmediate);
  const counts = Object.fromEntries(
    Object.entries(classes).map(([name, counted]) => [name, countObjects(counted)]),
  );
  return { counts, durationMs: performance.now() - startedAtMs };
}

function findCounter(): CountObjects | null {
  const { queryObjects } = v8;
  if (typeof queryObjects !== 'function') return null;
  return (counted) => (typeof counted === 'function' ? queryObjects(counted, { format: 'count' }) : 0);
}

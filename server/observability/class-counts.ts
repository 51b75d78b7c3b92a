/** `POST /debug/class-counts?classes=…`: how many objects of the classes that a connection is made of are alive. */

import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
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

/** What ended in this turn of the loop is let go of in the next ones: close events come last in a turn. */
const SETTLING_TURNS = 3;

/** Counts live objects whose prototype chain holds the class. */
export type CountObjects = (countedClass: object) => number;

/**
 * Counts the live instances of every class. Each class costs full collections and a walk over the heap, 0.1 to 0.5 s
 * in which the process does nothing else; between two classes it does what waited.
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
  for (let turn = 0; turn < SETTLING_TURNS; turn += 1) await nextTurn();
  const counts: Record<string, number> = {};
  for (const [name, counted] of Object.entries(classes)) {
    startDateTimer();
    counts[name] = countObjects(counted);
    await nextTurn();
  }
  return { counts, durationMs: performance.now() - startedAtMs };
}

/** Counts, one request after the other: together they would block the process for the sum of their times. */
export function createClassCounter(
  count: (classes: CountedClasses) => Promise<ClassCounts> = countClasses,
): (classes: CountedClasses) => Promise<ClassCounts> {
  let last: Promise<unknown> = Promise.resolve();
  return (classes) => {
    const counts = last.then(() => count(classes));
    last = counts.catch(() => {});
    return counts;
  };
}

/**
 * Reads `?classes=`: names parted by commas; every class without it.
 *
 * @throws TouchlineError `TL_BODY_INVALID` when it names a class that is not counted
 */
export function chooseClasses(text: string | null, classes: CountedClasses): CountedClasses {
  if (text === null) return classes;
  const names = text.split(',');
  if (names.every((name) => Object.hasOwn(classes, name))) {
    return Object.fromEntries(Object.entries(classes).filter(([name]) => names.includes(name)));
  }
  throw new TouchlineError(
    'TL_BODY_INVALID',
    `expected classes out of ${Object.keys(classes).join(', ')}, parted by commas; received "${text}"`,
  );
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/**
 * Node keeps a timer for up to a second after it wrote a Date header. Started here, it is among the timers always, and
 * does not come and go between two readings.
 */
function startDateTimer(): void {
  new ServerResponse(new IncomingMessage(new Socket())).writeHead(200);
}

function findCounter(): CountObjects | null {
  const { queryObjects } = v8;
  if (typeof queryObjects !== 'function') return null;
  return (counted) => (typeof counted === 'function' ? queryObjects(counted, { format: 'count' }) : 0);
}

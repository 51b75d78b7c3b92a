/** Which event a function listens to, wherever in the leak it hangs. */

import type { LeakScene } from '../graph/leak-scene.ts';

const LISTENERS = '_events';
/** What `once` wraps a listener in holds it by this name. */
const WRAPPED = 'listener';
/** Function, list of functions, wrapper of `once`, table of events, emitter: with elements between. */
const MOST_STEPS = 8;

/** @returns the name of the event; null where the way up leads through no emitter's table */
export function eventOfListener({ graph, walk }: LeakScene, closure: number): string | null {
  let node = closure;
  let event: string | null = null;
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    const step = walk.stepInto(node);
    if (step === null) return null;
    const type = graph.edgeTypeOf(step.edge);
    // Variables of another listener: whatever they hold does not listen to its event.
    if (type === 'context') return null;
    const label = graph.labelOf(step.edge);
    if (type === 'property' && label === LISTENERS) return event;
    if (type === 'property' && label !== WRAPPED) {
      // A second name on the way: it is a property of the thing that listens.
      if (event !== null) return null;
      event = label;
    }
    node = step.from;
  }
  return null;
}

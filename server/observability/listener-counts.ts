/** Listeners on what lives as long as the process: whoever adds one for each connection must take it away again. */

import type { EventEmitter } from 'node:events';

/** Long-lived emitters by the name they are reported under. */
export type LongLivedEmitters = Readonly<Record<string, EventEmitter>>;

/** Listeners by `emitter:event`; an event without listeners is not there. */
export function countListeners(emitters: LongLivedEmitters): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const [name, emitter] of Object.entries(emitters)) {
    for (const event of emitter.eventNames()) {
      counts[`${name}:${String(event)}`] = emitter.listenerCount(event);
    }
  }
  return counts;
}

/** The target's tracking structures and live instances at one moment, read from its admin port. */

import { Type } from 'typebox';
import { Check } from 'typebox/value';
import type { LifecycleSample } from '../record/lifecycle-record.ts';
import type { ServerObservation } from './server-view.ts';

const Counts = Type.Record(Type.String(), Type.Number());
const LifecycleAnswer = Type.Object({
  structures: Counts,
  bounds: Counts,
  listeners: Counts,
  timers: Type.Number(),
  openFds: Type.Union([Type.Number(), Type.Null()]),
});
const ClassCountsAnswer = Type.Object({ counts: Counts });

/**
 * Counting instances collects garbage by itself, several times; call it when nothing is being measured.
 *
 * @param withClasses whether live instances are counted, too
 * @returns null when the target does not show its structures
 */
export async function takeLifecycleSample(
  server: ServerObservation,
  { withClasses }: { readonly withClasses: boolean },
): Promise<LifecycleSample | null> {
  const classes = withClasses ? await server.askAdmin('POST', '/debug/class-counts') : null;
  const lifecycle = await server.askAdmin('GET', '/debug/lifecycle');
  if (!Check(LifecycleAnswer, lifecycle)) return null;
  const { structures, bounds, listeners, timers, openFds } = lifecycle;
  return {
    structures,
    bounds,
    listeners,
    timers,
    openFds,
    classes: Check(ClassCountsAnswer, classes) ? classes.counts : null,
  };
}

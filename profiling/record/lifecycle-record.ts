/** What the target says of its own tracking structures at one moment: `/debug/lifecycle` and `/debug/class-counts`. */

import { type Static, Type } from 'typebox';

const NullableNumber = Type.Union([Type.Number(), Type.Null()]);
const Counts = Type.Record(Type.String(), Type.Number());

export const LifecycleSampleSchema = Type.Object({
  /** Entries by tracking structure: `hub.connections`, `hub.roomMembers`, … */
  structures: Counts,
  /** Largest size by design of structures that may stay filled: histories and rings. */
  bounds: Counts,
  /** Listeners by emitter and event: `process:SIGTERM`, `httpServer:close`, … */
  listeners: Counts,
  timers: Type.Number(),
  openFds: NullableNumber,
  /** Live instances by class name; null where the target does not count them. */
  classes: Type.Union([Counts, Type.Null()]),
});

/**
 * Where something should have been released, by structure, class or emitter of listeners:
 * `{"hub.connections": "server/hub/hub.ts:118, Hub.disconnected"}`.
 */
export const ReleasePointsSchema = Type.Record(Type.String(), Type.String());

export type LifecycleSample = Static<typeof LifecycleSampleSchema>;

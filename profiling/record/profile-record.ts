/** What profiles of a run say, in short: the files beside the report hold every sample. */

import { type Static, Type } from 'typebox';

/** How a function is named wherever a profile is shown. */
const PROFILED_CALL = {
  /** `(anonymous)` where it has no name. */
  functionName: Type.String(),
  /** Mapped to TypeScript, from the project's root; `node:…`; empty where it is native. */
  file: Type.String(),
  /** From 1; 0 where it is native. */
  line: Type.Integer({ minimum: 0 }),
  /** Of the house: `server/hub`, `node_modules/ws`, `node:net`, `native writes`. */
  room: Type.String(),
} as const;

export const ProfiledFunctionSchema = Type.Object({
  ...PROFILED_CALL,
  /** Of itself, as a share of all: of busy time, or of live bytes. */
  selfRatio: Type.Number(),
  /** With what it calls; a recursion counts once. */
  totalRatio: Type.Number(),
});

export const RoomShareSchema = Type.Object({ room: Type.String(), selfRatio: Type.Number() });

/** A call of the flame graph, callers before what they call. */
export const ProfiledCallSchema = Type.Object({
  ...PROFILED_CALL,
  /** Index of the caller; -1 at the bottom. */
  caller: Type.Integer({ minimum: -1 }),
  totalRatio: Type.Number(),
});

const PROFILE = {
  /** The window it was taken in: `tier 3/3`. */
  step: Type.String(),
  /** From the run's folder. */
  file: Type.String(),
  durationMs: Type.Number(),
  /** By self, the hottest first. */
  functions: Type.Array(ProfiledFunctionSchema),
  rooms: Type.Array(RoomShareSchema),
  /** Only of the one that the report draws. */
  calls: Type.Array(ProfiledCallSchema),
} as const;

/** Ratios of functions and rooms are of busy time: neither idle nor the profiler itself. */
export const CpuProfileSchema = Type.Object({
  ...PROFILE,
  intervalUs: Type.Number(),
  samples: Type.Integer(),
  busyMs: Type.Number(),
  /** Of the duration. */
  idleRatio: Type.Number(),
  /** Starting and reading the profile, of the duration. */
  profilerRatio: Type.Number(),
});

/** Ratios are of live bytes. */
export const HeapProfileSchema = Type.Object({
  ...PROFILE,
  intervalBytes: Type.Number(),
  /** Allocated in the window and alive at its end. */
  liveBytes: Type.Number(),
});

export const ProfilesSchema = Type.Object({
  /** In the order they were taken. */
  cpu: Type.Array(CpuProfileSchema),
  heap: Type.Array(HeapProfileSchema),
  /** Windows that were profiled; more than there are files where only the busiest were kept. */
  windows: Type.Integer(),
  /** One sentence for each window that has no profile, and why. */
  missing: Type.Array(Type.String()),
});

export type ProfiledFunction = Static<typeof ProfiledFunctionSchema>;
export type ProfiledCall = Static<typeof ProfiledCallSchema>;
export type RoomShare = Static<typeof RoomShareSchema>;
export type CpuProfileRecord = Static<typeof CpuProfileSchema>;
export type HeapProfileRecord = Static<typeof HeapProfileSchema>;
export type Profiles = Static<typeof ProfilesSchema>;

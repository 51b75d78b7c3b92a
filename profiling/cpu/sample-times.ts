/** When each sample of a CPU profile was taken and how long it stands for; and a stretch of a profile as one of its own. */

import type { V8CpuProfile } from './v8-profiles.ts';

export interface TimedSample {
  readonly nodeId: number;
  /** µs of the profile's clock. */
  readonly atUs: number;
  /** Until the next sample, or the end. */
  readonly lastsUs: number;
}

/** In order of time: V8 may write a sample behind a later one, with a negative delta. */
export function timedSamples({
  samples,
  timeDeltas,
  startTime,
  endTime,
}: V8CpuProfile): readonly TimedSample[] {
  let atUs = startTime;
  const taken = samples.map((nodeId, index) => {
    atUs += timeDeltas[index] ?? 0;
    return { nodeId, atUs };
  });
  taken.sort((a, b) => a.atUs - b.atUs);
  return taken.map((sample, index) => {
    const until = taken[index + 1]?.atUs ?? Math.max(endTime, sample.atUs);
    return { ...sample, lastsUs: until - sample.atUs };
  });
}

/**
 * What lies between two moments, for example without the warm-up. Nodes stay, their hits are counted anew.
 *
 * @param fromMs since the profile's start
 * @param toMs since the profile's start
 */
export function cutProfile(profile: V8CpuProfile, fromMs: number, toMs: number): V8CpuProfile {
  const fromUs = profile.startTime + fromMs * 1_000;
  const toUs = Math.min(profile.endTime, profile.startTime + toMs * 1_000);
  const kept = timedSamples(profile).filter(({ atUs }) => atUs >= fromUs && atUs < toUs);
  const hits = new Map<number, number>();
  for (const { nodeId } of kept) hits.set(nodeId, (hits.get(nodeId) ?? 0) + 1);
  return {
    nodes: profile.nodes.map((node) => ({ ...node, hitCount: hits.get(node.id) ?? 0 })),
    startTime: fromUs,
    endTime: Math.max(fromUs, toUs),
    samples: kept.map(({ nodeId }) => nodeId),
    timeDeltas: kept.map(({ atUs }, index) => atUs - (kept[index - 1]?.atUs ?? fromUs)),
  };
}

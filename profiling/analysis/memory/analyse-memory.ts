/** Record → numbers: what grew over the measured cycles, and how surely. */

import type { LifecycleSample } from '../../record/lifecycle-record.ts';
import type { MemoryCycle, MemoryRecord } from '../../record/memory-record.ts';
import { type MemorySample, type TierRecord, UNSEEN_WINDOW } from '../../record/tier-record.ts';
import { analyseTier } from '../analyse-tier.ts';
import { lifecycleGrowth } from '../lifecycle-growth.ts';
import { fitTheilSen, type TheilSenFit } from '../theil-sen.ts';
import type { CycleAnalysis, MemoryAnalysis, SlopeFigure, UnsubscribeCheck } from './memory-analysis.ts';

/** @throws TouchlineError `TL_RECORD_INVALID` when a histogram in the record cannot be decoded */
export function analyseMemory(record: MemoryRecord): MemoryAnalysis {
  const cycles = analyseCycles(record);
  const measured = cycles.filter(({ kind }) => kind === 'measured');
  const connections = measured.at(-1)?.endedConnections ?? 0;
  const slopes = {
    heapUsed: slopeOf(measured, (sample) => sample.heapUsedBytes),
    external: slopeOf(measured, (sample) => sample.externalBytes),
    arrayBuffers: slopeOf(measured, (sample) => sample.arrayBuffersBytes),
    rss: slopeOf(measured, (sample) => sample.rssBytes),
  };
  const { baseline, end, releasePoints } = record;
  const kept = record.cycles.filter(({ kind }) => kind === 'measured');
  return {
    cycles,
    measured,
    connections,
    broadcasts: measured.reduce((total, { tier }) => total + tier.published.accepted, 0),
    slopes,
    forcedGc: measured.length > 0 && measured.every(({ collected }) => collected?.forcedGc === true),
    growth:
      baseline === null || end === null
        ? null
        : lifecycleGrowth(baseline, end, { connections, releasePoints }),
    countsClasses: (baseline?.classes ?? null) !== null && (end?.classes ?? null) !== null,
    keptBytesPerConnection: keptBytes(slopes),
    visitors: kept.reduce((total, cycle) => total + visitorsIn(cycle), 0),
    faultInjections: injectionsIn(kept),
  };
}

function analyseCycles(record: MemoryRecord): readonly CycleAnalysis[] {
  const counts = { 'warm-up': 0, measured: 0 };
  let endedConnections = 0;
  return record.cycles.map((cycle, index): CycleAnalysis => {
    const { kind, connected, closed, collected, releaseMs } = cycle;
    counts[kind] += 1;
    if (kind === 'measured') endedConnections += cycle.load.connect.connected;
    return {
      label: `${kind === 'warm-up' ? 'warm-up' : 'cycle'} ${counts[kind]}`,
      kind,
      number: counts[kind],
      tier: analyseTier(asTier(cycle), { ...record, idle: { memory: null, cpuCores: null } }),
      endedConnections,
      connected,
      closed,
      collected,
      releaseMs,
      unsubscribed: unsubscribeCheck(cycle, record.cycles[index - 1]?.left ?? null),
      structures: cycle.left?.structures ?? null,
    };
  });
}

/** A cycle as a stretch of load; what a tier knows of the server's window is not sampled here. */
function asTier({ load, connected, serverCounters }: MemoryCycle): TierRecord {
  return {
    connections: load.connections,
    load,
    memory: connected,
    serverWindow: UNSEEN_WINDOW,
    serverCounters,
    serverSamples: [],
  };
}

const ROOM_MEMBERS = 'hub.roomMembers';

/** What an earlier cycle left in the room is that cycle's, not this one's. */
function unsubscribeCheck(cycle: MemoryCycle, before: LifecycleSample | null): UnsubscribeCheck | null {
  const { partLeft, load } = cycle;
  const members = partLeft?.structures[ROOM_MEMBERS];
  const known = before?.structures[ROOM_MEMBERS];
  const left = load.leftEarly?.acknowledged;
  if (members === undefined || known === undefined || left === undefined) return null;
  return { left, kept: members - known - (load.subscribe.acknowledged - left) };
}

function slopeOf(
  cycles: readonly CycleAnalysis[],
  figure: (sample: MemorySample) => number | null,
): TheilSenFit | null {
  const points = cycles.flatMap(({ endedConnections: x, collected }) => {
    const y = collected === null ? null : figure(collected);
    return y === null ? [] : [{ x, y }];
  });
  return fitTheilSen(points);
}

/** External memory holds the array buffers too, so those are not added. */
function keptBytes(slopes: Readonly<Record<SlopeFigure, TheilSenFit | null>>): number | null {
  const { heapUsed, external } = slopes;
  return heapUsed === null ? null : Math.max(0, heapUsed.slope) + Math.max(0, external?.slope ?? 0);
}

function visitorsIn({ load, serverCounters }: MemoryCycle): number {
  // An attempt that the client gave up on may still have been accepted.
  return Math.max(0, (serverCounters.opened ?? 0) - load.connect.attempted);
}

function injectionsIn(cycles: readonly MemoryCycle[]): Readonly<Record<string, number>> {
  const totals: Record<string, number> = {};
  for (const { serverCounters } of cycles) {
    for (const [fault, count] of Object.entries(serverCounters.faultInjections ?? {})) {
      totals[fault] = (totals[fault] ?? 0) + count;
    }
  }
  return totals;
}

/** Puts the workers' rows together: how one broadcast spreads over all members, and who gets it when. Pure. */

import type { FanOutReport } from '../latency/fan-out-book.ts';
import { LatencyHistogram } from '../latency/latency-histogram.ts';
import { splitClients } from '../load-plan.ts';
import type { FanOutShape } from '../load-result.ts';

/** Groups of members by position, at most. */
const MAX_GROUPS = 10;
/** A percentile q needs this many samples beyond it: 10 ÷ (1 − q) in all. */
const SAMPLES_BEYOND = 10;

/** A member: which column of which worker it is, and its group. */
interface Member {
  readonly report: number;
  readonly client: number;
  readonly acknowledgedUs: number;
}

/** One broadcast as all workers saw it. */
interface Spread {
  readonly first: LatencyHistogram;
  readonly median: LatencyHistogram;
  readonly last: LatencyHistogram;
  readonly spread: LatencyHistogram;
}

interface Group {
  readonly from: number;
  readonly to: number;
  readonly latency: LatencyHistogram;
}

/**
 * The shape of the fan-outs that were kept.
 *
 * Members are those that were still there at the end: of one whose connection broke, nothing counts. A broadcast
 * that some member never got has no last delivery and no spread; its median stands where half of all members have it.
 *
 * @returns undefined when no member was left, or none got anything
 */
export function mergeFanOut(reports: readonly FanOutReport[]): FanOutShape | undefined {
  const members = membersByPosition(reports);
  const broadcasts = rowsBySeq(reports);
  if (members.length === 0 || broadcasts.length === 0) return undefined;
  const groups = groupsOf(members.length);
  const groupOfMember = groups.flatMap((group) =>
    Array.from({ length: group.to - group.from + 1 }, () => group.latency),
  );
  const shape = {
    first: new LatencyHistogram(),
    median: new LatencyHistogram(),
    last: new LatencyHistogram(),
    spread: new LatencyHistogram(),
  };
  const times = new Uint32Array(members.length);
  for (const rows of broadcasts) {
    let received = 0;
    for (const [position, { report, client }] of members.entries()) {
      const us = cellOf(reports[report], rows[report], client);
      if (us === 0) continue;
      times[received] = us;
      received += 1;
      groupOfMember[position]?.record(us);
    }
    recordSpread(shape, times.subarray(0, received).sort(), members.length);
  }
  return {
    broadcasts: broadcasts.length,
    everyNth: reports[0]?.everyNth ?? 1,
    members: members.length,
    first: shape.first.encode(),
    median: shape.median.encode(),
    last: shape.last.encode(),
    spread: shape.spread.encode(),
    positions: groups.flatMap(positionOf),
  };
}

/** In the order of their acknowledgements. */
function membersByPosition(reports: readonly FanOutReport[]): readonly Member[] {
  return reports
    .flatMap(({ acknowledgedUs }, report) =>
      Array.from(acknowledgedUs, (atUs, client) => ({ report, client, acknowledgedUs: atUs })),
    )
    .filter((member) => member.acknowledgedUs > 0)
    .sort((a, b) => a.acknowledgedUs - b.acknowledgedUs);
}

/** For each broadcast, in which row each worker keeps it; -1 where nobody there got it. */
function rowsBySeq(reports: readonly FanOutReport[]): readonly (readonly number[])[] {
  const bySeq = new Map<number, number[]>();
  for (const [report, { seqs }] of reports.entries()) {
    for (const [row, seq] of seqs.entries()) {
      const rows = bySeq.get(seq) ?? new Array<number>(reports.length).fill(-1);
      rows[report] = row;
      bySeq.set(seq, rows);
    }
  }
  return [...bySeq.values()];
}

function cellOf(report: FanOutReport | undefined, row: number | undefined, client: number): number {
  if (report === undefined || row === undefined || row < 0) return 0;
  return report.cells[row * report.acknowledgedUs.length + client] ?? 0;
}

/** @param sorted when those that got the broadcast got it, ascending */
function recordSpread(shape: Spread, sorted: Uint32Array, members: number): void {
  const [first] = sorted;
  if (first === undefined) return;
  shape.first.record(first);
  const median = sorted[Math.ceil(members / 2) - 1];
  if (median !== undefined) shape.median.record(median);
  const last = sorted[members - 1];
  if (last === undefined) return;
  shape.last.record(last);
  shape.spread.record(last - first);
}

function groupsOf(members: number): readonly Group[] {
  let before = 0;
  return splitClients(members, Math.min(members, MAX_GROUPS)).map((size) => {
    const from = before + 1;
    before += size;
    return { from, to: before, latency: new LatencyHistogram() };
  });
}

/** Nothing of a group that got nothing at all. */
function positionOf({ from, to, latency }: Group): FanOutShape['positions'] {
  const { meanMs } = latency;
  if (meanMs === null) return [];
  return [{ from, to, meanMs, p50Ms: percentileMs(latency, 0.5), p99Ms: percentileMs(latency, 0.99) }];
}

/** Null where there are too few samples to tell. */
function percentileMs(latency: LatencyHistogram, q: number): number | null {
  return latency.count * (1 - q) < SAMPLES_BEYOND - 1e-9 ? null : latency.quantileMs(q);
}

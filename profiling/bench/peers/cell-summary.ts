/** From the windows of a cell to one row a server: medians, and ratios of the same round. Pure. */

import { median } from '../../../load-tests/calibration/median.ts';
import { LatencyHistogram } from '../../../load-tests/generator/latency/latency-histogram.ts';
import type { PeerName } from '../../../load-tests/peers/run/peer-catalogue.ts';
import { estimateRatio, type RatioEstimate } from '../../analysis/overhead/paired-ratio.ts';
import type { BenchCell } from './bench-cells.ts';
import type { PeerWindow, WindowFigures } from './peer-window.ts';

export interface PeerRow {
  readonly peer: PeerName;
  readonly connections: number;
  /** Medians of the rounds. */
  readonly deliveriesPerSecond: number;
  readonly wireBytesPerSecond: number;
  readonly serverCores: number | null;
  readonly rssBytes: number | null;
  readonly readerCores: number;
  /** Deliveries/s ÷ those of plain ws in the same round: geometric mean and 95 % interval; null of one round. */
  readonly ratioToWs: RatioEstimate | null;
  /** Deliveries/s ÷ those of the floor in the same round: the median. */
  readonly ofFloor: number | null;
  /** p99 ÷ that of the floor in the same round; null where either is not known in two rounds. */
  readonly p99ToFloor: RatioEstimate | null;
  /** Of all rounds together; null with too few samples. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly lost: number;
  readonly repeated: number;
  readonly corrupt: number;
  readonly skipped: number;
  /** Why rounds are missing. */
  readonly failures: readonly string[];
}

export interface CellSummary {
  readonly cell: BenchCell;
  readonly rows: readonly PeerRow[];
  /** Servers of which no round was measured, and why. */
  readonly failed: readonly { readonly peer: PeerName; readonly reason: string }[];
}

/** @param peers in the order of the rows */
export function summariseCell(
  cell: BenchCell,
  windows: readonly PeerWindow[],
  peers: readonly PeerName[],
): CellSummary {
  const rows: PeerRow[] = [];
  const failed: { peer: PeerName; reason: string }[] = [];
  for (const peer of peers) {
    const figures = figuresByRound(windows, peer);
    const failures = windows.flatMap((window) =>
      window.peer === peer && 'failure' in window ? [window.failure] : [],
    );
    if (figures.size > 0) rows.push({ ...summariseRounds(windows, peer, [...figures.values()]), failures });
    else if (failures[0] !== undefined) failed.push({ peer, reason: failures[0] });
  }
  return { cell, rows, failed };
}

function summariseRounds(
  windows: readonly PeerWindow[],
  peer: PeerName,
  rounds: readonly WindowFigures[],
): Omit<PeerRow, 'failures'> {
  const latency = new LatencyHistogram();
  for (const round of rounds) latency.merge(round.latency);
  const middle = (of: (round: WindowFigures) => number) => median(rounds.map(of));
  const total = (of: (round: WindowFigures) => number) => rounds.reduce((sum, round) => sum + of(round), 0);
  const ofFloor = ratios(windows, { peer, base: 'floor', of: deliveries });
  return {
    peer,
    connections: middle(({ connections }) => connections),
    deliveriesPerSecond: middle(({ deliveriesPerSecond }) => deliveriesPerSecond),
    wireBytesPerSecond: middle(({ wireBytesPerSecond }) => wireBytesPerSecond),
    serverCores: medianOrNull(rounds.map(({ serverCores }) => serverCores)),
    rssBytes: medianOrNull(rounds.map(({ rssBytes }) => rssBytes)),
    readerCores: middle(({ readerCores }) => readerCores),
    ratioToWs: estimateRatio(ratios(windows, { peer, base: 'ws', of: deliveries })),
    ofFloor: ofFloor.length === 0 ? null : median(ofFloor),
    p99ToFloor: estimateRatio(ratios(windows, { peer, base: 'floor', of: p99OfRound })),
    p50Ms: quantileMs(latency, 0.5),
    p99Ms: quantileMs(latency, 0.99),
    lost: total(({ lost }) => lost),
    repeated: total(({ repeated }) => repeated),
    corrupt: total(({ corrupt }) => corrupt),
    skipped: total(({ skipped }) => skipped),
  };
}

interface Comparison {
  readonly peer: PeerName;
  readonly base: PeerName;
  readonly of: (figures: WindowFigures) => number | null;
}

const deliveries = ({ deliveriesPerSecond }: WindowFigures) => deliveriesPerSecond;
const p99OfRound = ({ latency }: WindowFigures) => quantileMs(latency, 0.99);

/** One of each round in which both figures are known, and above 0. */
function ratios(windows: readonly PeerWindow[], { peer, base, of }: Comparison): readonly number[] {
  const bases = figuresByRound(windows, base);
  return [...figuresByRound(windows, peer)].flatMap(([round, figures]) => {
    const other = bases.get(round);
    const [own, theirs] = [of(figures), other === undefined ? null : of(other)];
    return own === null || theirs === null || own <= 0 || theirs <= 0 ? [] : [own / theirs];
  });
}

function figuresByRound(windows: readonly PeerWindow[], peer: PeerName): ReadonlyMap<number, WindowFigures> {
  return new Map(
    windows.flatMap((window) =>
      window.peer === peer && 'figures' in window ? [[window.round, window.figures] as const] : [],
    ),
  );
}

/** A percentile needs ten samples beyond it. */
function quantileMs(latency: LatencyHistogram, q: number): number | null {
  return latency.count * (1 - q) < 10 ? null : latency.quantileMs(q);
}

function medianOrNull(values: readonly (number | null)[]): number | null {
  const known = values.flatMap((value) => (value === null ? [] : [value]));
  return known.length === 0 ? null : median(known);
}

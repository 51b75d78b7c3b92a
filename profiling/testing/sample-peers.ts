/** Windows of a peer benchmark as a run might find them: `ws` at a hundred thousand, the others at round multiples. */

import { LatencyHistogram } from '../../load-tests/generator/latency/latency-histogram.ts';
import type { PeerName } from '../../load-tests/peers/run/peer-catalogue.ts';
import type { BenchCell } from '../bench/peers/bench-cells.ts';
import { summariseCell } from '../bench/peers/cell-summary.ts';
import type { PeerWindow, WindowFigures } from '../bench/peers/peer-window.ts';
import type { PeersReport } from '../bench/peers/peers-report.ts';

export const SAMPLE_CELL: BenchCell = {
  readers: 100,
  format: 'json',
  perTurn: 200,
  ratePerSecond: 0,
  rooms: 1,
};

/** How each round differs from the others: all servers of a round alike, so ratios are exact. */
const ROUNDS = [1, 0.9, 1.2];

/** @param latencyMs of each of 2,000 samples */
export function sampleFigures(
  deliveriesPerSecond: number,
  changes: Partial<WindowFigures> & { readonly latencyMs?: number } = {},
): WindowFigures {
  const { latencyMs, ...rest } = changes;
  const latency = new LatencyHistogram();
  for (let sample = 0; latencyMs !== undefined && sample < 2_000; sample += 1)
    latency.record(latencyMs * 1_000);
  return {
    connections: 100,
    deliveriesPerSecond,
    wireBytesPerSecond: deliveriesPerSecond * 65,
    latency,
    serverCores: 0.98,
    rssBytes: 62_000_000,
    readerCores: 0.4,
    lost: 0,
    repeated: 0,
    corrupt: 0,
    skipped: 0,
    ...rest,
  };
}

/** Each server in each round. */
export function sampleWindows(
  figures: Readonly<Partial<Record<PeerName, WindowFigures>>>,
): readonly PeerWindow[] {
  return ROUNDS.flatMap((factor, index) =>
    (Object.entries(figures) as [PeerName, WindowFigures][]).map(([peer, each]) => ({
      peer,
      round: index + 1,
      figures: { ...each, deliveriesPerSecond: each.deliveriesPerSecond * factor },
    })),
  );
}

const GROUP_PEERS: readonly PeerName[] = ['floor', 'ws', 'uws', 'go', 'rust-feed'];

/** With a busy reader, a loss, a round that failed and a server that never ran. */
export function sampleReport(): PeersReport {
  const windows = sampleWindows({
    floor: sampleFigures(20_000_000, { readerCores: 0.99 }),
    ws: sampleFigures(100_000, { latencyMs: 0.5 }),
    uws: sampleFigures(4_000_000, { latencyMs: 0.9, lost: 2 }),
    go: sampleFigures(120_000, { serverCores: null, rssBytes: null }),
  });
  const failed: readonly PeerWindow[] = [
    { peer: 'go', round: 4, failure: 'expected a peer to say where it listens; it ended with 1' },
    { peer: 'rust-feed', round: 1, failure: 'expected 100 readers to stay connected; one ended: ECONNRESET' },
  ];
  const paced = { ...SAMPLE_CELL, perTurn: 1, ratePerSecond: 100 };
  const pacedWindows = sampleWindows({
    floor: sampleFigures(10_000, { latencyMs: 1 }),
    ws: sampleFigures(10_000, { latencyMs: 1.25 }),
  });
  return {
    setting: {
      command: 'npm run bench:peers -- --readers 100',
      startedAt: Date.UTC(2026, 10, 27, 9, 0, 0),
      rounds: 3,
      measureMs: 1_000,
      warmUpMs: 1_000,
      environment: 'Some CPU, 2 cores, 24.0 GB · kernel 6.1 · Node v20.20.2 · commit 123456789abc',
      otherLoadRatio: 0.03,
    },
    groups: [
      {
        title: 'JSON, 200 messages a turn, as fast as they go',
        cells: [summariseCell(SAMPLE_CELL, [...windows, ...failed], GROUP_PEERS)],
      },
      {
        title: 'JSON, paced: 10,000 deliveries/s in all',
        cells: [summariseCell(paced, pacedWindows, ['floor', 'ws'])],
      },
    ],
    measured: [
      { title: 'plain ws, send each', version: 'ws 8.23.0, node 20.20.2' },
      { title: 'uWebSockets.js, publish', version: 'uWebSockets.js 20.30.0, node 20.20.2' },
    ],
    unmeasured: [
      {
        name: 'rust-send',
        reason: 'Rust is not installed: cargo 1.85 or newer builds this peer (rustup.rs).',
      },
    ],
    copyBytesPerSecond: 8_000_000_000,
  };
}

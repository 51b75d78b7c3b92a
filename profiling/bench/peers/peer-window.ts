/** One server's turn: what its readers got in a window, and what the kernel says of the server meanwhile. */

import {
  decodeHistogram,
  type LatencyHistogram,
} from '../../../load-tests/generator/latency/latency-histogram.ts';
import { hasSequence, type PeerName } from '../../../load-tests/peers/run/peer-catalogue.ts';
import { runPeer } from '../../../load-tests/peers/run/peer-run.ts';
import type { PreparedPeer } from '../../../load-tests/peers/run/prepared-peers.ts';
import { TouchlineError } from '../../../server/protocol/touchline-error.ts';
import { readCpuSeconds } from '../../sampling/process-cpu.ts';
import { readRssBytes } from '../process-figures.ts';
import { type BenchCell, sampledEvery } from './bench-cells.ts';

export interface WindowFigures {
  readonly connections: number;
  readonly deliveriesPerSecond: number;
  /** Framing included, as it came out of the readers' sockets. */
  readonly wireBytesPerSecond: number;
  readonly latency: LatencyHistogram;
  /** Of the server; null where /proc does not tell. */
  readonly serverCores: number | null;
  readonly rssBytes: number | null;
  readonly readerCores: number;
  /** Messages that never came and were not announced as left out. */
  readonly lost: number;
  readonly repeated: number;
  readonly corrupt: number;
  /** Left out for a slow reader, and announced. */
  readonly skipped: number;
}

export type PeerWindow = {
  readonly peer: PeerName;
  /** From 1. */
  readonly round: number;
} & ({ readonly figures: WindowFigures } | { readonly failure: string });

export interface WindowLength {
  readonly warmUpMs: number;
  readonly measureMs: number;
}

/** A server that fails fails its own turn only. */
export async function measureWindow(
  peer: PreparedPeer,
  cell: BenchCell,
  turn: WindowLength & { readonly round: number },
): Promise<PeerWindow> {
  const { round, warmUpMs, measureMs } = turn;
  try {
    return { peer: peer.name, round, figures: await measure(peer, cell, { warmUpMs, measureMs }) };
  } catch (error) {
    if (!(error instanceof TouchlineError)) throw error;
    return { peer: peer.name, round, failure: error.message };
  }
}

async function measure(peer: PreparedPeer, cell: BenchCell, length: WindowLength): Promise<WindowFigures> {
  const server: {
    startedAt: number;
    cpuAtStart: number | null;
    cores: number | null;
    rss: Promise<number | null>;
  } = { startedAt: 0, cpuAtStart: null, cores: null, rss: Promise.resolve(null) };
  const result = await runPeer({
    peer,
    plan: { ...cell, limit: 0 },
    end: { kind: 'window', ...length },
    sampledEvery: sampledEvery(cell),
    watch: ({ pid }) => ({
      measuring: () => {
        server.startedAt = performance.now();
        server.cpuAtStart = readCpuSeconds(pid);
      },
      measured: () => {
        const cpu = readCpuSeconds(pid);
        const seconds = (performance.now() - server.startedAt) / 1_000;
        if (cpu !== null && server.cpuAtStart !== null) server.cores = (cpu - server.cpuAtStart) / seconds;
        server.rss = readRssBytes(pid).catch(() => null);
      },
    }),
  });
  const { missing, skipped, repeated, corrupt } = result.faults;
  return {
    connections: result.connections,
    deliveriesPerSecond: result.messages / result.seconds,
    wireBytesPerSecond: result.bytes / result.seconds,
    latency: decodeHistogram(result.latency),
    serverCores: server.cores,
    rssBytes: await server.rss,
    readerCores: result.cpuCores,
    lost: hasSequence(peer.name, cell.format) ? missing - skipped : 0,
    repeated,
    corrupt,
    skipped,
  };
}

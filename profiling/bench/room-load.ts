/** One room of connections for the bench, and what the kernel says of the server while it is held. */

import type { LoadCoordinator } from '../../load-tests/generator/coordinator.ts';
import type { LoadPhase } from '../../load-tests/generator/load-observer.ts';
import type { LoadPlan } from '../../load-tests/generator/load-plan.ts';
import type { LoadResult } from '../../load-tests/generator/load-result.ts';
import type { BenchServer } from './bench-server.ts';
import { readCpuSeconds, readRssBytes } from './process-figures.ts';

export interface RoomLoad {
  readonly connections: number;
  readonly broadcastsPerSecond: number;
  readonly measureMs: number;
}

export interface RoomFigures {
  readonly result: LoadResult;
  /** Of the server, garbage collected, every connection open and subscribed. */
  readonly rssBytes: number;
  /** Cores of CPU the server used between the start of the window and its end. */
  readonly serverCpuCores: number;
}

/** Runs one tier against a bench server and reads the server from outside. */
export async function measureRoom(
  coordinator: LoadCoordinator,
  server: BenchServer,
  load: RoomLoad,
): Promise<RoomFigures> {
  const readings = { cpuAtStart: 0, startedAt: 0, cpuCores: 0, rssBytes: 0 };
  const phase = async (name: LoadPhase): Promise<void> => {
    if (name === 'measure') {
      readings.startedAt = performance.now();
      readings.cpuAtStart = await readCpuSeconds(server.pid);
    }
    if (name !== 'hold') return;
    const seconds = (performance.now() - readings.startedAt) / 1000;
    readings.cpuCores = ((await readCpuSeconds(server.pid)) - readings.cpuAtStart) / seconds;
    await server.collect();
    readings.rssBytes = await readRssBytes(server.pid);
  };
  const result = await coordinator.run(createPlan(server, load), { phase, progress: () => undefined });
  if (result.connect.connected !== load.connections) {
    throw new Error(
      `expected ${server.kind} to take ${load.connections} connections; it took ${result.connect.connected}: ${JSON.stringify(result.connect.failures)}`,
    );
  }
  return { result, rssBytes: readings.rssBytes, serverCpuCores: readings.cpuCores };
}

function createPlan(server: BenchServer, load: RoomLoad): LoadPlan {
  return {
    runId: 'bench',
    seed: 1,
    target: { wsUrl: server.wsUrl, httpUrl: server.httpUrl },
    workload: 'matches',
    matchId: 1,
    client: 'lean',
    connections: load.connections,
    broadcastsPerSecond: load.broadcastsPerSecond,
    arrival: 'uniform',
    textLength: 120,
    warmUpMs: 1_000,
    measureMs: load.measureMs,
    connectTimeoutMs: 30_000,
    connectsInFlight: 100,
    drainTimeoutMs: 10_000,
  };
}

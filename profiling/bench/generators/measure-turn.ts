/** One turn of one generator in one cell: a fresh server, a fresh generator, a warm-up, a measured stream. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TouchlineError } from '../../../server/protocol/touchline-error.ts';
import { readCpuSeconds } from '../../sampling/process-cpu.ts';
import type { GeneratorProgram } from './generator-program.ts';
import type { GeneratorResult } from './receiving/generator-result.ts';
import { RunningGenerator } from './running-generator.ts';
import { BenchServer } from './server/bench-server.ts';
import type { BenchFault, StreamTruth } from './server/server-messages.ts';

const RUN_ID = 'bench';
const JOIN_TIMEOUT_MS = 60_000;
/** One that cannot keep up works off what it kept. */
const MARK_TIMEOUT_MS = 60_000;
const RSS_EVERY_MS = 100;
/** Connections that have just come settle before anything is measured. */
const SETTLE_MS = 300;

export interface TurnPlan {
  readonly connections: number;
  readonly broadcastsPerSecond: number;
  readonly turnMs: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
  readonly fault: BenchFault;
  readonly timed: boolean;
  readonly sparesMemory: boolean;
}

export interface TurnFigures {
  /** Copies that the server wrote in the measured stream. */
  readonly truth: StreamTruth;
  /** What the generator says of everything, the warm-up included. */
  readonly result: GeneratorResult;
  /** Copies that the server wrote in all. */
  readonly deliveries: number;
  /** Of all processes of the generator, from the first broadcast until it has checked the last. */
  readonly cpuSeconds: number;
  readonly serverCpuSeconds: number;
  /** From the last write until it has checked everything. */
  readonly behindMs: number;
  readonly seconds: number;
  /** With all connections open, before the measured stream. */
  readonly idleRssBytes: number;
  readonly peakRssBytes: number;
}

/** @throws TouchlineError when the generator or the server does not get to the end */
export async function measureTurn(program: GeneratorProgram, plan: TurnPlan): Promise<TurnFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'touchline-generators-'));
  const server = await BenchServer.start();
  const { connections, timed, sparesMemory } = plan;
  const generator = new RunningGenerator(
    program,
    {
      wsUrl: server.wsUrl,
      connections,
      timed,
      sparesMemory,
      runId: RUN_ID,
      resultFile: join(folder, 'result.json'),
    },
    folder,
  );
  try {
    return await measure(server, generator, plan);
  } finally {
    await generator.stop();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(
  server: BenchServer,
  generator: RunningGenerator,
  plan: TurnPlan,
): Promise<TurnFigures> {
  await Promise.race([server.awaitMembers(plan.connections, JOIN_TIMEOUT_MS), failWhenClosed(generator)]);
  await pauseMs(SETTLE_MS);
  const warmUp = await stream(server, { ...plan, measureMs: plan.warmUpMs, fault: { kind: 'none' } });
  await fence(server, generator, plan.connections);
  generator.load();
  await pauseMs(SETTLE_MS);
  const idleRssBytes = await generator.rssBytes();
  const rss = watchRss(generator, idleRssBytes);
  const start = {
    ms: performance.now(),
    cpu: generator.cpuSeconds(),
    serverCpu: readCpuSeconds(server.pid) ?? 0,
  };
  const truth = await stream(server, plan);
  const writtenMs = performance.now();
  await fence(server, generator, plan.connections);
  const cpuSeconds = generator.cpuSeconds() - start.cpu;
  const endMs = performance.now();
  const serverCpuSeconds = (readCpuSeconds(server.pid) ?? 0) - start.serverCpu;
  const peakRssBytes = rss.stop();
  if (!generator.hearsLines) await server.end();
  return {
    truth,
    result: await generator.finish(),
    deliveries: warmUp.deliveries + truth.deliveries,
    cpuSeconds,
    serverCpuSeconds,
    behindMs: endMs - writtenMs,
    seconds: (endMs - start.ms) / 1_000,
    idleRssBytes,
    peakRssBytes,
  };
}

async function stream(server: BenchServer, plan: TurnPlan): Promise<StreamTruth> {
  const { broadcastsPerSecond, turnMs, measureMs, fault } = plan;
  const broadcasts = Math.round((broadcastsPerSecond * measureMs) / 1_000);
  return await server.stream({ runId: RUN_ID, broadcasts, broadcastsPerSecond, turnMs, fault });
}

/** Returns when the generator has read and checked all that was sent. */
async function fence(server: BenchServer, generator: RunningGenerator, connections: number): Promise<void> {
  if (generator.hearsLines) {
    await generator.fence();
    return;
  }
  const answered = await server.mark(MARK_TIMEOUT_MS);
  if (answered < connections) {
    throw new TouchlineError(
      'TL_WORKER_FAILED',
      `expected ${connections} connections to read everything within ${MARK_TIMEOUT_MS / 1_000} s; ${answered} did`,
    );
  }
}

async function failWhenClosed(generator: RunningGenerator): Promise<never> {
  await generator.closed;
  throw new TouchlineError(
    'TL_WORKER_FAILED',
    `expected the generator to connect; it ended. Its last words: ${generator.lastWords.trim()}`,
  );
}

function watchRss(generator: RunningGenerator, idleBytes: number): { stop(): number } {
  let peakBytes = idleBytes;
  const timer = setInterval(() => {
    void generator.rssBytes().then((bytes) => {
      peakBytes = Math.max(peakBytes, bytes);
    });
  }, RSS_EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return peakBytes;
    },
  };
}

async function pauseMs(ms: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

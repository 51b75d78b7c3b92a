/** Findings about latency, CPU and memory: the cause is looked for in the server's figures at the worst second. */

import type { MemorySlopes } from '../../../analysis/concurrency/concurrency-analysis.ts';
import type { TierAnalysis } from '../../../analysis/tier-analysis.ts';
import { formatBytes, formatConnections, formatCores, formatMs, formatPercent } from '../../quantities.ts';
import type { Check, Finding } from '../../verdict.ts';
import type { JudgingContext } from '../checks/judging-context.ts';

const LATENCY: ReadonlySet<string> = new Set(['p50', 'p95', 'p99']);
/** Loop delay of half the latency or more explains it. */
const EXPLAINS_RATIO = 0.5;
const FULL_CORE = 0.9;
/** More than this queued for all connections together means that clients, not the server, are slow to read. */
const QUEUED_BYTES = 1_000_000;

/** One finding for latency (its worst percentile), one for CPU and one for memory, where they did not pass. */
export function costFindings(context: JudgingContext, checks: readonly Check[]): readonly Finding[] {
  const open = checks.filter((check) => check.verdict === 'fail');
  const latency = open.filter((check) => LATENCY.has(check.name)).at(-1);
  const tier = context.analysis.tiers.find((candidate) => candidate.connections === latency?.tier);
  const cpu = open.find((check) => check.name === 'cpu-per-1000');
  const memory = open.find((check) => check.name === 'rss-per-connection');
  return [
    ...(latency === undefined || tier === undefined ? [] : [latencyFinding(latency, tier, context)]),
    ...(cpu === undefined ? [] : [cpuFinding(cpu)]),
    ...(memory === undefined ? [] : [memoryFinding(memory, context.analysis.memory)]),
  ];
}

interface Cause {
  readonly title: string;
  readonly where: string;
  readonly todo: string;
}

function latencyFinding(check: Check, tier: TierAnalysis, { record }: JudgingContext): Finding {
  const latencyMs = check.observed ?? 0;
  const cause = faultCause(record.faults) ?? causeOf(tier, latencyMs);
  const at = tier.worstSecond;
  const worst =
    at === null
      ? ''
      : ` The worst second began ${(at.elapsedMs / 1_000).toFixed(0)} s into the window: p99 ${formatMs(at.p99Ms)}, at most ${formatMs(at.maxMs)}, typically ${formatMs(at.typicalP99Ms)}.`;
  return {
    ...cause,
    seen: `Delivery ${check.name} was ${formatMs(latencyMs)} at ${formatConnections(tier.connections)}.${worst}${serverThen(tier)}`,
  };
}

function serverThen(tier: TierAnalysis): string {
  const sample = tier.worstSecond?.server;
  if (sample === null || sample === undefined) return '';
  return ` The server then: ${formatCores(sample.cpuCores)} of CPU, loop delay p99 ${formatMs(sample.loopDelayP99Ms)}, ${formatBytes(sample.sendQueueBytes)} unsent, ${formatMs(sample.gcMsPerSecond)} of garbage collection a second.`;
}

function faultCause(faults: readonly string[]): Cause | null {
  if (faults.length === 0) return null;
  return {
    title: 'Deliveries are slow with a fault switched on',
    where: `the fault ${faults.join(', ')}`,
    todo: 'Nothing: this is the positive control. Run again without --fault.',
  };
}

function causeOf(tier: TierAnalysis, latencyMs: number): Cause {
  const sample = tier.worstSecond?.server ?? null;
  const cpuCores = Math.max(tier.server.cpuCores ?? 0, sample?.cpuCores ?? 0);
  const loopMs = Math.max(tier.server.window.loopDelayP99Ms ?? 0, sample?.loopDelayP99Ms ?? 0);
  if (cpuCores >= FULL_CORE) {
    return {
      title: "The server's core is full",
      where:
        'server/hub/fan-out.ts and the socket writes behind it: one broadcast costs one write for each member',
      todo: 'Take a CPU profile at this load, lower the rate, or spread the connections over more server processes.',
    };
  }
  if (loopMs >= EXPLAINS_RATIO * latencyMs) {
    return {
      title: "Something blocks the server's event loop",
      where: 'code that runs long without giving way; a CPU profile names it',
      todo: 'Take a CPU profile at this load and look for the widest frame that is no socket write.',
    };
  }
  if ((sample?.sendQueueBytes ?? 0) >= QUEUED_BYTES) {
    return {
      title: 'Messages wait in send queues',
      where: 'server/hub/backpressure.ts: bytes handed over that the kernel has not taken',
      todo: 'Look at touchline_slow_consumers: clients read more slowly than the server sends.',
    };
  }
  return {
    title: 'Deliveries wait although the server is not busy',
    where:
      'between publishing and the socket: a timer, a batch, a store or a backplane that the message waits for',
    todo: 'Compare service time with response time below; if both are high, follow one message through the server.',
  };
}

function cpuFinding(check: Check): Finding {
  return {
    title: 'Connections cost too much CPU',
    seen: `${formatCores(check.observed)} for each 1,000 connections at ${formatConnections(check.tier ?? null)}.`,
    where: 'server/hub/fan-out.ts and server/transport/websocket.ts: the work for each delivery',
    todo: 'Take a CPU profile at this tier; serialise once for each broadcast, write once for each connection.',
  };
}

function memoryFinding(check: Check, memory: MemorySlopes): Finding {
  const rss = check.observed ?? 0;
  const heap = memory.heapUsed?.slope ?? null;
  const external = memory.external?.slope ?? null;
  const inHeap = heap !== null && heap >= EXPLAINS_RATIO * rss;
  const outside = external !== null && external >= EXPLAINS_RATIO * rss;
  return {
    title: 'Connections cost too much memory',
    seen: `${formatBytes(rss)} of RSS for each connection, of it ${formatBytes(heap)} of V8 heap and ${formatBytes(external)} of external memory (${formatPercent(memory.rss?.r2 ?? null)} of the differences lie on the line).`,
    where: inHeap
      ? 'objects kept for each connection: server/hub/connection.ts and what points to it'
      : outside
        ? 'buffers kept for each connection: received frames, unsent messages, compression'
        : 'memory that V8 does not show: sockets, the allocator, compression contexts',
    todo: inHeap
      ? 'Compare two heap snapshots (POST /debug/heap-snapshot) at two tiers and sort by retained size.'
      : 'Check permessage-deflate, socket buffer sizes and what holds received frames.',
  };
}

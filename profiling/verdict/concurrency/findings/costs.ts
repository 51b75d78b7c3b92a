/** Findings about latency, CPU and memory. */

import type { MemorySlopes } from '../../../analysis/concurrency/concurrency-analysis.ts';
import type { TierAnalysis } from '../../../analysis/tier-analysis.ts';
import { breachSentence } from '../../findings/breach-text.ts';
import { latencyFinding } from '../../findings/latency.ts';
import { formatBytes, formatConnections, formatCores, formatPercent } from '../../quantities.ts';
import type { Check, Finding } from '../../verdict.ts';
import type { JudgingContext } from '../checks/judging-context.ts';

const LATENCY: ReadonlySet<string> = new Set(['p50', 'p95', 'p99']);
/** Memory that makes up half of the slope or more is where to look. */
const MOST_RATIO = 0.5;

/** One finding for latency (its worst percentile), one for CPU and one for memory, where they did not pass. */
export function costFindings(context: JudgingContext, checks: readonly Check[]): readonly Finding[] {
  const open = checks.filter((check) => check.verdict === 'fail');
  const latency = open.filter((check) => LATENCY.has(check.name)).at(-1);
  const tier = context.analysis.tiers.find((candidate) => candidate.connections === latency?.tier);
  const cpu = open.find((check) => check.name === 'cpu-per-1000');
  const memory = open.find((check) => check.name === 'rss-per-connection');
  return [
    ...(latency === undefined || tier === undefined
      ? []
      : [
          latencyFinding(latency, tier, {
            at: `at ${formatConnections(tier.connections)}`,
            faults: context.record.faults,
          }),
        ]),
    ...(cpu === undefined ? [] : [cpuFinding(cpu, context.analysis.tiers)]),
    ...(memory === undefined ? [] : [memoryFinding(memory, context.analysis.memory)]),
  ];
}

function cpuFinding(check: Check, tiers: readonly TierAnalysis[]): Finding {
  const tier = tiers.find(({ connections }) => connections === check.tier);
  return {
    title: 'Connections cost too much CPU',
    seen: `${formatCores(check.observed)} for each 1,000 connections at ${formatConnections(check.tier ?? null)}.${tier === undefined ? '' : breachSentence(tier)}`,
    where: 'server/hub/fan-out.ts and server/transport/ws/ws-peer.ts: the work for each delivery',
    todo: 'Take a CPU profile at this tier; serialise once for each broadcast, write once for each connection.',
  };
}

function memoryFinding(check: Check, memory: MemorySlopes): Finding {
  const rss = check.observed ?? 0;
  const heap = memory.heapUsed?.slope ?? null;
  const external = memory.external?.slope ?? null;
  const inHeap = heap !== null && heap >= MOST_RATIO * rss;
  const outside = external !== null && external >= MOST_RATIO * rss;
  return {
    title: 'Connections cost too much memory',
    seen: `${formatBytes(rss)} of RSS for each connection, of it ${formatBytes(heap)} of V8 heap and ${formatBytes(external)} of external memory (${formatPercent(memory.rss?.r2 ?? null)} of the differences lie on the line).`,
    where: inHeap
      ? 'objects kept for each connection: server/hub/connection.ts and what points to it'
      : outside
        ? 'buffers kept for each connection: received frames, unsent messages, compression'
        : 'memory that V8 does not show: sockets, the allocator, compression contexts',
    todo: inHeap
      ? 'Compare two heap snapshots (POST /debug/heap-snapshot) at two tiers: npm run heap:diff names the classes that grew, and who holds them.'
      : 'Check permessage-deflate, socket buffer sizes and what holds received frames.',
  };
}

/** The process and its runtime: event loop, garbage collection, CPU, memory; the same for any server. */

import type { EventLoopMonitor } from '../event-loop.ts';
import { GC_KINDS, type GcMonitor } from '../gc.ts';
import { byLabel, histogramSamples, single, singleOrNone } from '../metric-samples.ts';
import type { ProcessUsage } from '../process-usage.ts';

export function runtimeFamilies({ loop, gc }: { readonly loop: EventLoopMonitor; readonly gc: GcMonitor }) {
  const pauses = gc.pauses();
  return {
    touchline_loop_delay_seconds: histogramSamples(loop.delaySeconds),
    touchline_loop_active_seconds_total: single(loop.activeSeconds()),
    touchline_loop_idle_seconds_total: single(loop.idleSeconds()),
    nodejs_gc_duration_seconds: GC_KINDS.flatMap((kind) => histogramSamples(pauses[kind], { kind })),
  };
}

export function processFamilies(usage: ProcessUsage) {
  const { memory } = usage;
  return {
    touchline_array_buffers_bytes: single(memory.arrayBuffersBytes),
    process_cpu_user_seconds_total: single(usage.cpuUserSeconds),
    process_cpu_system_seconds_total: single(usage.cpuSystemSeconds),
    process_cpu_seconds_total: single(usage.cpuUserSeconds + usage.cpuSystemSeconds),
    process_resident_memory_bytes: single(memory.rssBytes),
    process_start_time_seconds: single(usage.startedAtSeconds),
    process_open_fds: singleOrNone(usage.openFds),
    process_max_fds: singleOrNone(usage.maxFds),
    nodejs_heap_size_total_bytes: single(memory.heapTotalBytes),
    nodejs_heap_size_used_bytes: single(memory.heapUsedBytes),
    nodejs_heap_space_size_used_bytes: byLabel('space', Object.entries(usage.heapSpaceUsedBytes)),
    nodejs_active_resources: byLabel('type', usage.activeResources),
    nodejs_external_memory_bytes: single(memory.externalBytes),
  };
}

/** What the exporter says of itself. */
export function exporterFamilies(version: string, previousScrapeSeconds: number) {
  return {
    touchline_scrape_duration_seconds: single(previousScrapeSeconds),
    touchline_build_info: [{ labels: { version, node: process.version }, value: 1 }],
  };
}

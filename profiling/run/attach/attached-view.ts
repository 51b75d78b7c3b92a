/** What can be seen of an attached process beside, or instead of, metrics of its own. */

import { readdir } from 'node:fs/promises';
import type { MetricName } from '../../../server/observability/metric-catalogue.ts';
import { MetricsReading } from '../../sampling/metrics-reading.ts';
import { readCpuSeconds } from '../../sampling/process-cpu.ts';
import type { ServerObservation } from '../../sampling/server-view.ts';
import type { CdpClient } from './cdp-client.ts';

const MS_PER_SECOND = 1_000;
/** In one answer, so that the figures belong to one moment. */
const ASK =
  '({ memory: { ...process.memoryUsage() }, loop: { ...globalThis.performance?.eventLoopUtilization() } })';

export interface AttachedViewOptions {
  readonly pid: number;
  readonly client: CdpClient;
  readonly collectGarbage: () => Promise<boolean>;
}

/** Memory, CPU time, descriptors and how busy the loop is: what V8 and /proc tell of any Node.js. */
export class AttachedView implements ServerObservation {
  private readonly options: AttachedViewOptions;

  constructor(options: AttachedViewOptions) {
    this.options = options;
  }

  async scrape(): Promise<MetricsReading | null> {
    const { pid, client } = this.options;
    const askedAtMs = performance.now();
    // A process that ended, or whose loop hangs, leaves no reading.
    const told = await client.evaluate(ASK).catch(() => null);
    if (told === null) return null;
    const cpuSeconds = readCpuSeconds(pid);
    const answeredAtMs = performance.now();
    const figures: readonly (readonly [MetricName, number | null])[] = [
      ...memoryFigures(memberOf(told, 'memory')),
      ...loopFigures(memberOf(told, 'loop')),
      ['process_cpu_seconds_total', cpuSeconds],
      ['process_open_fds', await countFds(pid)],
    ];
    const samples = figures.flatMap(([name, value]) => (value === null ? [] : [{ name, labels: {}, value }]));
    return new MetricsReading((askedAtMs + answeredAtMs) / 2, samples);
  }

  collectGarbage(): Promise<boolean> {
    return this.options.collectGarbage();
  }

  /** It has no admin port of ours. */
  async askAdmin(): Promise<null> {
    return null;
  }
}

/** Another's view, with garbage collected over the inspector where it cannot force that itself. */
export function withForcedGc(
  view: ServerObservation,
  collectGarbage: () => Promise<boolean>,
): ServerObservation {
  return {
    scrape: () => view.scrape(),
    askAdmin: (method, path) => view.askAdmin(method, path),
    collectGarbage: async () => (await view.collectGarbage()) || collectGarbage(),
  };
}

function memoryFigures(memory: unknown): readonly (readonly [MetricName, number | null])[] {
  return [
    ['process_resident_memory_bytes', numberAt(memory, 'rss')],
    ['nodejs_heap_size_total_bytes', numberAt(memory, 'heapTotal')],
    ['nodejs_heap_size_used_bytes', numberAt(memory, 'heapUsed')],
    ['nodejs_external_memory_bytes', numberAt(memory, 'external')],
    ['touchline_array_buffers_bytes', numberAt(memory, 'arrayBuffers')],
  ];
}

function loopFigures(loop: unknown): readonly (readonly [MetricName, number | null])[] {
  const seconds = (name: string) => {
    const ms = numberAt(loop, name);
    return ms === null ? null : ms / MS_PER_SECOND;
  };
  return [
    ['touchline_loop_active_seconds_total', seconds('active')],
    ['touchline_loop_idle_seconds_total', seconds('idle')],
  ];
}

async function countFds(pid: number): Promise<number | null> {
  try {
    return (await readdir(`/proc/${pid}/fd`)).length;
  } catch {
    // It ended.
    return null;
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function numberAt(value: unknown, name: string): number | null {
  const member = memberOf(value, name);
  return typeof member === 'number' ? member : null;
}

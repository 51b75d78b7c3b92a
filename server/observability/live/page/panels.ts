/** Which charts there are, and what each of them shows. */

import type { Unit } from './format.ts';
import type { Pick, Row } from './history.ts';
import type { Colour } from './palette.ts';

export interface Line {
  readonly name: string;
  readonly colour: Colour;
  readonly pick: Pick;
  /** A second mark beside the colour. */
  readonly dashed?: boolean;
  /** Another unit than the chart's: stands among the values and is not drawn. */
  readonly unit?: Unit;
}

/** Panels that stand side by side, in this order. */
export const GROUPS = ['traffic', 'ticks', 'server', 'load'] as const;

export interface Panel {
  readonly id: string;
  readonly group: (typeof GROUPS)[number];
  readonly title: string;
  /** In words, beside the title. */
  readonly unitText: string;
  readonly unit: Unit;
  readonly lines: readonly Line[];
  /** Values that lie far apart. */
  readonly log?: boolean;
  /** The top of the axis, at least. */
  readonly least?: number;
  /** What the chart says while there is nothing to draw. */
  readonly empty: string;
  /** Whether there is anything to show; always, unless given. */
  readonly applies?: (rows: readonly Row[]) => boolean;
}

const hasLoad = (rows: readonly Row[]) => rows.some(({ load }) => Object.keys(load).length > 0);
const hasTicks = (rows: readonly Row[]) => rows.some(({ server }) => (server.tickReaders ?? 0) > 0);
const NO_SERVER = 'no figures of a server';
const NO_RUN = 'no run is on';

export const PANELS: readonly Panel[] = [
  {
    id: 'connections',
    group: 'traffic',
    title: 'Connections',
    unitText: 'count',
    unit: 'count',
    least: 4,
    empty: NO_SERVER,
    lines: [
      { name: 'open (server)', colour: 'blue', pick: ({ server }) => server.connections },
      { name: 'connected (clients)', colour: 'orange', pick: ({ load }) => load.connected },
      { name: 'wanted', colour: 'grey', dashed: true, pick: ({ load }) => load.wanted },
    ],
  },
  {
    id: 'deliveries',
    group: 'traffic',
    title: 'Deliveries',
    unitText: 'per second',
    unit: 'perSecond',
    least: 4,
    empty: NO_SERVER,
    lines: [
      { name: 'server', colour: 'blue', pick: ({ server }) => server.deliveriesPerSecond },
      { name: 'received (clients)', colour: 'orange', pick: ({ load }) => load.receivedPerSecond },
      {
        name: 'broadcasts',
        colour: 'grey',
        pick: ({ server }) => server.broadcastsPerSecond,
        unit: 'perSecond',
      },
    ],
  },
  {
    id: 'latency',
    group: 'traffic',
    title: 'Delivery latency',
    unitText: 'ms, due to received',
    unit: 'ms',
    log: true,
    empty: 'nothing timed yet: a run times its measured windows',
    applies: hasLoad,
    lines: [
      { name: 'p99', colour: 'orange', pick: ({ load }) => load.latencyP99Ms },
      { name: 'p95', colour: 'purple', pick: ({ load }) => load.latencyP95Ms },
      { name: 'p50', colour: 'green', pick: ({ load }) => load.latencyP50Ms },
    ],
  },
  {
    id: 'broadcast',
    group: 'traffic',
    title: 'Broadcast duration',
    unitText: 'ms, publish to last write',
    unit: 'ms',
    log: true,
    empty: 'no broadcasts',
    lines: [
      { name: 'p99', colour: 'orange', pick: ({ server }) => server.broadcastP99Ms },
      { name: 'p50', colour: 'green', pick: ({ server }) => server.broadcastP50Ms },
    ],
  },
  {
    id: 'loop-delay',
    group: 'server',
    title: 'Event-loop delay',
    unitText: 'ms',
    unit: 'ms',
    log: true,
    empty: NO_SERVER,
    lines: [{ name: 'p99', colour: 'orange', pick: ({ server }) => server.loopDelayP99Ms }],
  },
  {
    id: 'cpu',
    group: 'server',
    title: 'CPU and loop',
    unitText: '% of one core',
    unit: 'percent',
    least: 1,
    empty: NO_SERVER,
    lines: [
      { name: 'CPU', colour: 'blue', pick: ({ server }) => server.cpuRatio },
      { name: 'loop busy', colour: 'green', dashed: true, pick: ({ server }) => server.loopActiveRatio },
    ],
  },
  {
    id: 'memory',
    group: 'server',
    title: 'Memory',
    unitText: 'bytes',
    unit: 'bytes',
    least: 1e6,
    empty: NO_SERVER,
    lines: [
      { name: 'rss', colour: 'blue', pick: ({ server }) => server.rssBytes },
      { name: 'heap used', colour: 'green', pick: ({ server }) => server.heapUsedBytes },
      { name: 'external', colour: 'purple', pick: ({ server }) => server.externalBytes },
      {
        name: 'rss ÷ connections',
        colour: 'grey',
        pick: ({ server }) => server.rssPerConnectionBytes,
        unit: 'bytes',
      },
    ],
  },
  {
    id: 'gc',
    group: 'server',
    title: 'Garbage collection',
    unitText: '% of the time',
    unit: 'percent',
    least: 0.01,
    empty: NO_SERVER,
    lines: [
      { name: 'major', colour: 'orange', pick: ({ server }) => server.gcMajorRatio },
      { name: 'minor and other', colour: 'blue', pick: ({ server }) => server.gcOtherRatio },
    ],
  },
  {
    id: 'queue',
    group: 'server',
    title: 'Send queue',
    unitText: 'bytes not yet sent',
    unit: 'bytes',
    least: 1000,
    empty: NO_SERVER,
    lines: [
      { name: 'all connections', colour: 'blue', pick: ({ server }) => server.sendQueueBytes },
      {
        name: 'largest one',
        colour: 'orange',
        dashed: true,
        pick: ({ server }) => server.sendQueueMaxBytes,
      },
      { name: 'oldest', colour: 'grey', pick: ({ server }) => server.sendQueueAgeMs, unit: 'ms' },
    ],
  },
  {
    id: 'slow',
    group: 'server',
    title: 'Slow consumers',
    unitText: 'connections',
    unit: 'count',
    least: 4,
    empty: NO_SERVER,
    lines: [
      { name: 'have unsent bytes', colour: 'blue', pick: ({ server }) => server.slowConsumers },
      {
        name: 'closed since start',
        colour: 'orange',
        dashed: true,
        pick: ({ server }) => server.slowClosed,
      },
    ],
  },
  {
    id: 'ticks',
    group: 'ticks',
    title: 'Ticks, four rates',
    unitText: 'per second',
    unit: 'perSecond',
    least: 4,
    empty: 'nobody reads ticks',
    applies: hasTicks,
    lines: [
      { name: 'made', colour: 'grey', dashed: true, pick: ({ server }) => server.ticksMadePerSecond },
      { name: 'buffered', colour: 'purple', pick: ({ server }) => server.ticksBufferedPerSecond },
      { name: 'flushed', colour: 'blue', dashed: true, pick: ({ server }) => server.ticksFlushedPerSecond },
      { name: 'delivered', colour: 'orange', pick: ({ server }) => server.ticksDeliveredPerSecond },
    ],
  },
  {
    id: 'amiss',
    group: 'load',
    title: 'Loss and failures',
    unitText: 'count, since the run began',
    unit: 'count',
    least: 4,
    empty: NO_RUN,
    applies: hasLoad,
    lines: [
      { name: 'missing now', colour: 'purple', pick: ({ load }) => load.missing },
      { name: 'amiss', colour: 'orange', pick: ({ load }) => load.amiss },
      { name: 'failed connects', colour: 'blue', dashed: true, pick: ({ load }) => load.connectFailures },
      { name: 'disconnects', colour: 'grey', dashed: true, pick: ({ load }) => load.disconnects },
    ],
  },
  {
    id: 'generator-cpu',
    group: 'load',
    title: 'Generator: CPU',
    unitText: '%',
    unit: 'percent',
    least: 1,
    empty: NO_RUN,
    applies: hasLoad,
    lines: [
      { name: 'busiest worker, of a core', colour: 'orange', pick: ({ load }) => load.workerCpuRatio },
      { name: 'machine, of all', colour: 'blue', dashed: true, pick: ({ load }) => load.machineCpuRatio },
    ],
  },
  {
    id: 'generator-delay',
    group: 'load',
    title: 'Generator: lateness',
    unitText: 'ms, p99',
    unit: 'ms',
    log: true,
    empty: NO_RUN,
    applies: hasLoad,
    lines: [
      { name: 'worst worker loop', colour: 'orange', pick: ({ load }) => load.workerLoopDelayMs },
      { name: 'schedule', colour: 'blue', dashed: true, pick: ({ load }) => load.scheduleLagP99Ms },
    ],
  },
];

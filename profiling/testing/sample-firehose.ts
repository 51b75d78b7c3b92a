/** A fixed firehose run, with knobs for what tests need to be different. */

import { LatencyHistogram } from '../../load-tests/generator/latency/latency-histogram.ts';
import type { TickResult } from '../../load-tests/generator/ticks/tick-result.ts';
import type { FirehoseCell, FirehoseRecord, TickSetup } from '../record/firehose-record.ts';
import { setupOf } from '../scenarios/firehose/firehose-cells.ts';
import { sampleEnvelope } from './sample-record.ts';
import { sampleTier } from './sample-tier.ts';

const WINDOW_MS = 1_000;
/** Enough for a p99, few enough to be quick. */
const TIMED = 1_200;
const NONE = new LatencyHistogram().encode();

export interface CellKnobs {
  /** Of what was asked for. */
  readonly deliveredRatio?: number;
  /** Added to every tick. */
  readonly delayMs?: number;
  readonly ledger?: Partial<TickResult['ledger']>;
  readonly load?: Partial<TickResult>;
  readonly cell?: Partial<FirehoseCell>;
  readonly setup?: Partial<TickSetup>;
  readonly kind?: FirehoseCell['kind'];
  /** What the server flushed beyond what readers got. */
  readonly unread?: number;
  readonly framesPerWrite?: number;
}

/** A generator too busy to be believed. */
export const BUSY_READER: CellKnobs = {
  load: { workers: [workerOf(1, 0.95)] },
};

function timed(delayMs: number): string {
  const histogram = new LatencyHistogram();
  for (let index = 0; index < TIMED; index += 1) {
    const hiccup = index % 150 === 0 ? 1.2 : 0;
    histogram.record((0.2 + delayMs + hiccup + (index % 40) * 0.01) * 1_000);
  }
  return histogram.encode();
}

function workerOf(connections: number, cpuRatio: number): TickResult['workers'][number] {
  return {
    worker: 0,
    role: 'subscribers',
    pid: 4_101,
    connections,
    cpuRatio,
    deliveriesPerSecond: 0,
    loopDelayP99Ms: 1.4,
    loopUtilisationRatio: cpuRatio,
    rssBytes: 61_000_000,
    openFds: 24,
  };
}

/** What the readers saw of one cell, a second long. */
export function sampleTickResult(setup: TickSetup, knobs: CellKnobs = {}): TickResult {
  const { deliveredRatio = 0.999, delayMs = 0 } = knobs;
  const counted = setup.readers - setup.slowReaders;
  const received = Math.round(setup.rate * counted * deliveredRatio);
  const isJson = setup.format === 'json';
  const response = timed(delayMs);
  return {
    state: 'completed',
    reader: setup.reader,
    format: setup.format,
    readers: setup.readers,
    measureStartedAt: Date.UTC(2026, 10, 21, 9, 30),
    measureRequestedMs: WINDOW_MS,
    measureAchievedMs: WINDOW_MS,
    connect: {
      attempted: setup.readers,
      connected: setup.readers,
      establishMs: 4,
      latency: NONE,
      failures: [],
    },
    ledger: {
      received,
      numbered: isJson ? received : null,
      gaps: isJson ? 0 : null,
      duplicated: isJson ? 0 : null,
      outOfOrder: 0,
      sharedTimestamps: setup.source === 'unique' ? 0 : Math.round(received * 0.99),
      corrupt: 0,
      skipped: 0,
      conflations: 0,
      shortAtConflation: null,
      foreignText: 0,
      undetermined: 0,
      acknowledged: received,
      ...knobs.ledger,
    },
    measured: { received, skipped: 0, bytes: received * (isJson ? 68 : 22), perSecond: received },
    latency: {
      response,
      firstHalf: response,
      secondHalf: response,
      negative: 0,
      sampledEvery: 16,
      clockErrorUs: 1,
    },
    seconds: [{ elapsedMs: 0, received, p50Ms: 0.4, p99Ms: 1.8, maxMs: 2.1 }],
    disconnects: [],
    slowReaders: { count: setup.slowReaders, receivedBeforePause: 0, gapsBeforePause: null, ended: [] },
    workers: [workerOf(setup.readers, 0.1 + received / 5_000_000)],
    machineCpuRatio: 0.4,
    ...knobs.load,
  };
}

/** One cell at this rate. */
export function sampleCell(part: FirehoseCell['part'], rate: number, knobs: CellKnobs = {}): FirehoseCell {
  const setup = setupOf({ engine: 'ws', rate, ...knobs.setup });
  const load = sampleTickResult(setup, knobs);
  const offered = Math.round(rate * setup.readers);
  const { received } = load.ledger;
  const flushed = received + (knobs.unread ?? 0);
  const counts = {
    seconds: 1,
    made: rate,
    offered,
    buffered: setup.slowReaders > 0 ? offered : flushed,
    flushed,
    acknowledged: received,
    skipped: load.ledger.skipped,
    writes: Math.round(received / (knobs.framesPerWrite ?? 50)),
    frames: received,
    wireBytes: received * 68,
  };
  const { serverWindow, serverCounters, serverSamples } = sampleTier(1, { durationMs: 2_000 });
  return {
    part,
    ...(knobs.kind === undefined ? {} : { kind: knobs.kind }),
    setup,
    load,
    window: counts,
    whole: counts,
    serverWindow: { ...serverWindow, cpuCores: 0.2 + received / 2_000_000, loopUtilisationRatio: 0.6 },
    serverCounters,
    serverSamples,
    samples: [
      {
        elapsedMs: 1_000,
        offeredPerSecond: offered,
        bufferedPerSecond: counts.buffered,
        flushedPerSecond: flushed,
        deliveredPerSecond: received,
        backlog: counts.buffered - received,
      },
    ],
    rssBytes: 84_000_000,
    heapUsedBytes: 14_000_000,
    ...knobs.cell,
  };
}

/** A search in one format: 100,000 and 1,000,000/s hold and the latter is confirmed. */
export function sampleSearch(format: TickSetup['format'], knobs: CellKnobs = {}): readonly FirehoseCell[] {
  const step = (kind: FirehoseCell['kind'], rate: number) =>
    sampleCell('search', rate, { kind, ...knobs, setup: { format, ...knobs.setup } });
  return [step('sweep', 100_000), step('sweep', 1_000_000), step('confirmation', 1_000_000)];
}

const MODES = [
  ['naive', 0.12, 1],
  ['framed', 0.16, 1],
  ['corked', 0.7, 40],
  ['coalesced', 0.999, 60],
] as const;

/** Everything a quick run measures but the other engine; `changes` replace whole members. */
export function sampleFirehose(changes: Partial<FirehoseRecord> = {}): FirehoseRecord {
  return {
    ...sampleEnvelope('firehose'),
    runId: '20261121-092930-firehose',
    scenario: 'firehose',
    command: 'npm run profile:firehose -- --quick --seed 42',
    options: { rates: '100000,1000000', maxRate: 1_000_000, measureMs: 1_000 },
    rates: [100_000, 1_000_000],
    maxRate: 1_000_000,
    cells: [
      ...sampleSearch('json'),
      ...sampleSearch('binary'),
      sampleCell('readers', 100_000, { setup: { readers: 10 } }),
      ...[1, 10].flatMap((readers) =>
        MODES.map(([mode, deliveredRatio, framesPerWrite]) =>
          sampleCell('modes', 1_000_000, { deliveredRatio, framesPerWrite, setup: { mode, readers } }),
        ),
      ),
      sampleCell('sources', 100_000),
      sampleCell('sources', 100_000, { setup: { source: 'cached-1ms' } }),
      sampleCell('kinds', 100_000),
      sampleCell('kinds', 100_000, { setup: { reader: 'ws' }, deliveredRatio: 0.6 }),
      ...(['naive', 'coalesced'] as const).flatMap((mode) => slowPair(mode)),
      sampleCell('engines', 1_000_000),
    ],
    notMeasured: [
      {
        what: 'engine uws',
        why: 'TL_CONFIG_INVALID: ENGINE=uws needs the package uWebSockets.js: npm install it',
      },
    ],
    buffers: {
      batchTicks: 4_096,
      conflationBytes: 1_048_576,
      highWaterMarkBytes: 16_384,
      send: { minBytes: 4_096, defaultBytes: 16_384, maxBytes: 4_194_304 },
      receive: { minBytes: 4_096, defaultBytes: 131_072, maxBytes: 6_291_456 },
      probe: { takenBytes: 4_200_000, sendQueueBytes: 2_600_000, receiveQueueBytes: 1_600_000 },
    },
    ...changes,
  };
}

function slowPair(mode: TickSetup['mode']): readonly FirehoseCell[] {
  const withSlow = sampleCell('slow', 100_000, { setup: { mode, readers: 2, slowReaders: 1 } });
  const skipped = mode === 'naive' ? 0 : 60_000;
  return [
    sampleCell('slow', 100_000, { setup: { mode } }),
    {
      ...withSlow,
      window: { ...withSlow.window, buffered: 199_900 - skipped, skipped },
      serverSamples: withSlow.serverSamples.map((sample) => ({
        ...sample,
        sendQueueBytes: mode === 'naive' ? 9_000_000 : 900_000,
      })),
    },
  ];
}

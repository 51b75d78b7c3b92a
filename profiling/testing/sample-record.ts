/** A fixed, realistic run record, for golden files and table tests. */

import type { ConcurrencyRecord } from '../record/concurrency-record.ts';
import type { RunEnvelope } from '../record/run-envelope.ts';
import type { ScenarioName } from '../record/run-record.ts';
import type { MemorySample } from '../record/tier-record.ts';
import { sampleTier } from './sample-tier.ts';

const STARTED_AT = Date.UTC(2026, 10, 21, 9, 29, 30);

const IDLE_MEMORY: MemorySample = {
  connections: 0,
  forcedGc: true,
  rssBytes: 62_100_000,
  heapTotalBytes: 18_000_000,
  heapUsedBytes: 11_520_000,
  externalBytes: 2_400_000,
  arrayBuffersBytes: 120_000,
  kernelSocketBytes: 1_200_000,
};

/** A healthy run of tiers 10, 50, 100, 500 and 1,000; `changes` replace whole members. */
export function sampleRecord(changes: Partial<ConcurrencyRecord> = {}): ConcurrencyRecord {
  return {
    ...sampleEnvelope('concurrency'),
    scenario: 'concurrency',
    command: 'npm run profile:concurrency -- --tiers 10,50,100,500,1000 --duration 10s --seed 42',
    options: { tiers: '10,50,100,500,1000', duration: '10s', rate: 10, workers: 1 },
    overrides: [
      { name: 'MAX_CONNECTIONS_PER_IP', value: '20000', why: 'all load clients come from loopback' },
    ],
    idle: { memory: IDLE_MEMORY, cpuCores: 0.004 },
    tiers: [10, 50, 100, 500, 1000].map((connections) => sampleTier(connections)),
    ...changes,
  };
}

/** What the records of all scenarios share: a completed run on a calibrated machine of two cores. */
export function sampleEnvelope(scenario: ScenarioName): RunEnvelope {
  return {
    schema: 'touchline/run-record',
    schemaVersion: 1,
    runId: `20261121-092930-${scenario}`,
    outcome: { state: 'completed' },
    startedAt: STARTED_AT,
    finishedAt: STARTED_AT + 74_000,
    command: `npm run profile:${scenario} -- --seed 42`,
    seed: 42,
    quick: false,
    options: {},
    faults: [],
    overrides: [],
    thresholds: {},
    ...rig(),
  };
}

function rig(): Pick<RunEnvelope, 'target' | 'environment' | 'calibration'> {
  return {
    target: {
      kind: 'spawned',
      url: 'ws://127.0.0.1:34001/ws',
      http: 'http://127.0.0.1:34001',
      metrics: 'http://127.0.0.1:34002/metrics',
      admin: 'http://127.0.0.1:34002',
      sees: { metrics: true, forcedGc: true },
      sharesMachine: true,
      nodeVersion: 'v20.20.2',
    },
    environment: {
      node: 'v20.20.2',
      v8: '11.3.244.8',
      platform: 'linux',
      kernel: '6.8.0',
      cpuModel: 'Example CPU @ 2.60GHz',
      cores: 2,
      memoryBytes: 8_000_000_000,
      fdLimit: 20_000,
      localPortRange: '1024 65535',
      gitCommit: '0123abc',
      touchlineVersion: '0.1.0',
      dependencies: { fastify: '5.12.8', ws: '8.23.0' },
      store: 'none',
      loadAverage: [0.31, 0.22, 0.18],
    },
    calibration: {
      schemaVersion: 1,
      calibratedAt: STARTED_AT - 86_400_000,
      fingerprint: { node: 'v20.20.2', kernel: '6.8.0', cpuModel: 'Example CPU @ 2.60GHz', cores: 2 },
      singleFramePerCoreSecond: 92_000,
      coalescedPerCoreSecond: 4_100_000,
      connectsPerSecondPerWorker: 4_800,
      bursts: [
        { fanOut: 10, p50Ms: 0.31, p99Ms: 0.92, loopDelayP99Ms: 1.3, workerCpuRatio: 0.02 },
        { fanOut: 100, p50Ms: 0.9, p99Ms: 2.1, loopDelayP99Ms: 2.4, workerCpuRatio: 0.04 },
        { fanOut: 1000, p50Ms: 5.2, p99Ms: 11.8, loopDelayP99Ms: 11.2, workerCpuRatio: 0.16 },
      ],
    },
  };
}

/** A churn run as a healthy rig would record it, with knobs for what tests need to be different. */

import type { ChurnResult, StormResult } from '../../load-tests/generator/churn/churn-result.ts';
import { LatencyHistogram } from '../../load-tests/generator/latency/latency-histogram.ts';
import type { DeliveryLedgerTotals } from '../../load-tests/generator/load-result.ts';
import { analyseChurn } from '../analysis/churn/analyse-churn.ts';
import type { ChurnLook, ChurnRecord } from '../record/churn-record.ts';
import type { LifecycleSample } from '../record/lifecycle-record.ts';
import type { ServerCounters } from '../record/tier-record.ts';
import type { ChurnVerdict } from '../verdict/churn/churn-verdict.ts';
import { judgeChurn } from '../verdict/churn/judge-churn.ts';
import type { Check } from '../verdict/verdict.ts';
import { sampleEnvelope } from './sample-record.ts';

const HEARTBEAT_MS = 2_000;
const SILENT = 200;

export interface ChurnKnobs {
  readonly record?: Partial<ChurnRecord>;
  readonly load?: Partial<ChurnResult>;
  /** Null leaves the storm out. */
  readonly storm?: Partial<StormResult> | null;
  readonly counters?: Partial<ServerCounters>;
  /** What the server still tracks after the churn, and at the end. */
  readonly settled?: Partial<LifecycleSample>;
  readonly end?: Partial<LifecycleSample>;
}

/** 200 connects a second for 8 s, 1,600 clients of which 400 end abruptly, then a storm of 500. */
export function sampleChurn(knobs: ChurnKnobs = {}): ChurnRecord {
  const storm = knobs.storm === null ? null : sampleStorm(knobs.storm);
  return {
    ...sampleEnvelope('churn'),
    scenario: 'churn',
    outline: {
      connectsPerSecond: 200,
      churnMs: 8_000,
      stayMs: { min: 1_000, max: 3_000 },
      abruptRatio: 0.25,
      silentTimeoutMs: 4 * HEARTBEAT_MS,
      stormClients: storm === null ? 0 : 500,
      stormAwayMs: 1_000,
      broadcastsPerSecond: 10,
    },
    heartbeatMs: HEARTBEAT_MS,
    baseline: sampleLook(),
    settled: sampleLook(knobs.settled),
    end: sampleLook(knobs.end ?? knobs.settled),
    releases: [
      { after: 'churn', releasedMs: 4, waitedMs: 4, stillHeld: 0 },
      ...(storm === null ? [] : [{ after: 'storm', releasedMs: 9, waitedMs: 9, stillHeld: 0 } as const]),
    ],
    load: { ...sampleLoad(), storm, ...knobs.load },
    serverWindow: {
      cpuCores: 0.12,
      loopDelayP50Ms: 0.1,
      loopDelayP99Ms: 4,
      loopDelayMaxMs: 12,
      loopUtilisationRatio: 0.14,
      gcMs: 40,
      openFds: 23,
      maxFds: 20_000,
    },
    serverCounters: { ...sampleCounters(1_600, 80, 30_281), heartbeatsMissed: SILENT, ...knobs.counters },
    stormCounters: { ...sampleCounters(1_000, 46, 12_000), heartbeatsMissed: 0 },
    serverSamples: [],
    samples: [0, 4_000, 8_000, 14_000, 18_000].map((elapsedMs, index) => ({
      elapsedMs,
      openFds: [29, 463, 486, 24, 524][index] ?? null,
      connections: [6, 440, 463, 1, 500][index] ?? null,
      sockets: { held: 1, serverTimeWait: 250 * index, clientTimeWait: 120 * index },
    })),
    releasePoints: { 'hub.connections': 'server/hub/hub.ts:106, Hub.disconnected' },
    ...knobs.record,
  };
}

/** Judges a sample in one call. */
export function judgeChurnSample(knobs: ChurnKnobs = {}): ChurnVerdict {
  const record = sampleChurn(knobs);
  return judgeChurn(record, analyseChurn(record));
}

/** @throws Error when there is no such check */
export function churnCheck(verdict: ChurnVerdict, name: string): Check {
  const check = verdict.checks.find((candidate) => candidate.name === name);
  if (check === undefined) throw new Error(`no check named ${name}`);
  return check;
}

/** What the finding of that title says was seen; undefined when there is none. */
export function seenOf({ findings }: ChurnVerdict, title: string): string | undefined {
  return findings.find((finding) => finding.title === title)?.seen;
}

/** The ledger of a storm, with `figures` replaced. */
export function ledgerOf(figures: Partial<DeliveryLedgerTotals>): DeliveryLedgerTotals {
  return {
    expected: 23_000,
    received: 23_000,
    unique: 22_998,
    lost: 0,
    duplicated: 0,
    outOfOrder: 0,
    wrongRoom: 0,
    foreign: 0,
    corrupt: 0,
    undetermined: 2,
    ...figures,
  };
}

/** A histogram of values spread evenly between the two, ms. */
export function spread(count: number, fromMs: number, toMs: number): string {
  const histogram = new LatencyHistogram();
  for (let index = 0; index < count; index += 1) {
    histogram.record((fromMs + ((toMs - fromMs) * index) / Math.max(1, count - 1)) * 1_000);
  }
  return histogram.encode();
}

/** 23 descriptors, one of them of the profiler's own connection. */
export function sampleLook(changes: Partial<LifecycleSample> = {}): ChurnLook {
  const clean: LifecycleSample = {
    structures: { 'hub.connections': 0, 'hub.roomMembers': 0, 'hub.messagesHistory': 100 },
    bounds: { 'hub.messagesHistory': 100 },
    listeners: { 'httpServer:close': 1, 'process:SIGTERM': 1 },
    timers: 2,
    openFds: 23,
    classes: { Connection: 0, Peer: 0, Socket: 3, Timeout: 6 },
  };
  return {
    lifecycle: { ...clean, ...changes, structures: { ...clean.structures, ...changes.structures } },
    memory: null,
    sockets: { held: 1, serverTimeWait: 0, clientTimeWait: 0 },
  };
}

function sampleLedger(expected: number): DeliveryLedgerTotals {
  const none = { lost: 0, duplicated: 0, outOfOrder: 0, wrongRoom: 0, foreign: 0, corrupt: 0 };
  return { expected, received: expected, unique: expected, undetermined: 0, ...none };
}

function samplePublish(count: number): ChurnResult['publish'] {
  return {
    intended: count,
    sent: count,
    accepted: count,
    failures: [],
    scheduleLag: spread(count, 0, 1),
    latency: spread(count, 1, 3),
    achievedPerSecond: 10,
  };
}

function sampleLoad(): Omit<ChurnResult, 'storm'> {
  const open = [200, 365, 425, 437, 447, 469, 465, 465, 277, 122, 50, 12, 0];
  const usage = {
    cpuRatio: 0.15,
    loopDelayP99Ms: 4,
    loopUtilisationRatio: 0.2,
    rssBytes: 78e6,
    openFds: 480,
  };
  return {
    state: 'completed',
    matchId: 7,
    startedAt: 1_795_258_165_361,
    requestedPerSecond: 200,
    requestedMs: 8_000,
    achievedMs: 8_000,
    acceptedPerSecond: 200,
    connect: {
      attempted: 1_600,
      connected: 1_600,
      establishMs: 7_995,
      latency: spread(1_600, 0.5, 20),
      failures: [],
    },
    scheduleLag: spread(1_600, 0, 3),
    failures: [],
    seconds: open.map((count, second) => {
      const made = second < 8 ? 200 : 0;
      return { elapsedMs: second * 1_000, attempted: made, accepted: made, failed: 0, open: count };
    }),
    ends: { clean: 1_200, reset: 200, halfOpen: SILENT, unasked: [] },
    halfOpen: {
      silent: SILENT,
      detected: SILENT,
      reasons: [{ reason: 'close_4004', count: SILENT }],
      detection: spread(SILENT, HEARTBEAT_MS, 2 * HEARTBEAT_MS),
    },
    publish: samplePublish(80),
    ledger: sampleLedger(30_281),
    workers: [
      { worker: 0, role: 'subscribers', pid: 11, connections: 1_600, deliveriesPerSecond: 3_786, ...usage },
      { worker: 1, role: 'publisher', pid: 12, connections: 0, deliveriesPerSecond: 0, ...usage },
    ],
    machineCpuRatio: 0.3,
  };
}

function sampleStorm(changes: Partial<StormResult> = {}): StormResult {
  return {
    clients: 500,
    gatherFailures: [],
    awayMs: 1_000,
    openingMs: 23,
    recovered: 500,
    failures: [],
    handshake: spread(500, 60, 400),
    resume: spread(500, 100, 420),
    recoveryMs: 440,
    results: [{ reason: 'recovered', count: 500 }],
    missed: 11_000,
    givenBack: 11_000,
    disconnects: [],
    publish: samplePublish(46),
    ledger: sampleLedger(23_000),
    ...changes,
  };
}

function sampleCounters(opened: number, broadcasts: number, deliveries: number): ServerCounters {
  const none = { refused: 0, slowConsumersClosed: 0, droppedByReason: { fault: 0 } };
  return { opened, broadcasts, deliveries, ...none };
}

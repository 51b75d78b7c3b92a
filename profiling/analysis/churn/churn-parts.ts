/** Churn and storm as two stretches of load, in the shape that totals, findings and validity read for any scenario. */

import type { ChurnResult, StormResult } from '../../../load-tests/generator/churn/churn-result.ts';
import type {
  DeliveryLedgerTotals,
  FailureCount,
  WorkerUsage,
} from '../../../load-tests/generator/load-result.ts';
import type { ChurnRecord } from '../../record/churn-record.ts';
import type { ServerCounters } from '../../record/tier-record.ts';
import { workerHealth } from '../analyse-tier.ts';
import { compareCounts } from '../counter-check.ts';
import { latencyFigures } from '../latency-figures.ts';
import { rigFloor } from '../rig-floor.ts';
import type {
  AchievedRate,
  CounterCheck,
  FailuresByOrigin,
  LatencyFigures,
  ServerCost,
  WorkerHealth,
} from '../tier-analysis.ts';
import type { ChurnPart } from './churn-analysis.ts';
import { unnoticedEnds } from './release.ts';

export function churnParts(record: ChurnRecord): readonly ChurnPart[] {
  const { load } = record;
  if (load === null) return [];
  return [churnPart(load, record), ...(load.storm === null ? [] : [stormPart(load, load.storm, record)])];
}

/** What the two have in common. */
interface Shared {
  readonly name: ChurnPart['name'];
  readonly state: ChurnResult['state'];
  readonly attempted: number;
  readonly failures: FailuresByOrigin;
  readonly ledger: DeliveryLedgerTotals;
  readonly publish: ChurnResult['publish'];
  readonly counters: ServerCounters;
  /** Ends that the server notices late: it goes on delivering meanwhile. */
  readonly abruptEnds: number;
  /** Messages that came in answers, not as deliveries. */
  readonly givenBack: number;
}

function churnPart(load: ChurnResult, record: ChurnRecord): ChurnPart {
  const { connect, ends } = load;
  const workers = healthOf(load, record);
  return {
    ...partOf(
      {
        name: 'churn',
        state: load.state,
        attempted: connect.attempted,
        failures: {
          connect: connect.failures,
          subscribe: load.failures,
          publish: load.publish.failures,
          disconnects: ends.unasked,
        },
        ledger: load.ledger,
        publish: load.publish,
        counters: record.serverCounters,
        abruptEnds: ends.reset + ends.halfOpen,
        givenBack: 0,
      },
      record,
    ),
    connections: Math.max(0, ...load.seconds.map(({ open }) => open)),
    measuredMs: load.achievedMs,
    measureRequestedMs: load.requestedMs,
    establishMs: connect.establishMs,
    connectLatency: latencyFigures(connect.latency),
    workers,
    machineCpuRatio: load.machineCpuRatio,
    floor: rigFloor(record.calibration, Math.max(0, ...workers.map(({ connections }) => connections))),
  };
}

function stormPart(load: ChurnResult, storm: StormResult, record: ChurnRecord): ChurnPart {
  const tried = [...storm.gatherFailures, ...storm.failures];
  const isSubscribe = ({ reason }: FailureCount): boolean => reason.startsWith('subscribe_');
  return {
    ...partOf(
      {
        name: 'storm',
        state: load.state,
        attempted: storm.clients + storm.recovered + countOf(tried),
        failures: {
          connect: tried.filter((failure) => !isSubscribe(failure)),
          subscribe: tried.filter(isSubscribe),
          publish: storm.publish.failures,
          disconnects: storm.disconnects,
        },
        ledger: storm.ledger,
        publish: storm.publish,
        counters: record.stormCounters,
        abruptEnds: storm.clients,
        givenBack: storm.givenBack,
      },
      record,
    ),
    connections: storm.clients,
    measuredMs: storm.awayMs + storm.recoveryMs,
    measureRequestedMs: storm.awayMs + storm.recoveryMs,
    establishMs: storm.recoveryMs,
    connectLatency: latencyFigures(storm.handshake),
    workers: [],
    machineCpuRatio: null,
    floor: null,
  };
}

type SharedPart = Omit<
  ChurnPart,
  | 'connections'
  | 'measuredMs'
  | 'measureRequestedMs'
  | 'establishMs'
  | 'connectLatency'
  | 'workers'
  | 'machineCpuRatio'
  | 'floor'
>;

function partOf(shared: Shared, record: ChurnRecord): SharedPart {
  const { name, state, attempted, failures, ledger, publish, counters } = shared;
  const requestedPerSecond = record.outline?.broadcastsPerSecond ?? 0;
  const connected = attempted - countOf(failures.connect);
  return {
    name,
    state,
    attempted,
    connected,
    rateNote: null,
    delivery: NOT_MEASURED,
    service: NOT_MEASURED,
    scheduleLag: latencyFigures(publish.scheduleLag),
    publishLatency: latencyFigures(publish.latency),
    negativeLatencies: 0,
    broadcasts: rate(requestedPerSecond, publish.achievedPerSecond),
    deliveries: rate(0, 0),
    published: { intended: publish.intended, sent: publish.sent, accepted: publish.accepted },
    ledger,
    failures,
    counterChecks: counterChecksOf(shared, connected, record),
    server: costOf(record, counters),
    memory: null,
    steadiness: {
      state: 'unknown',
      firstHalf: NOT_MEASURED,
      secondHalf: NOT_MEASURED,
      detail: 'clients come and go, so delivery latency is not measured',
    },
    worstSecond: null,
    breach: null,
  };
}

const NOT_MEASURED: LatencyFigures = {
  n: 0,
  p50Ms: null,
  p95Ms: null,
  p99Ms: null,
  p999Ms: null,
  maxMs: null,
  meanMs: null,
};

/** A reset takes the server's kernel and loop this long at the most to tell the hub. */
const NOTICED_WITHIN_SECONDS = 0.5;

/** Deliveries to a connection whose end the server has yet to notice are counted there, and nobody's here. */
function lateDeliveries({ abruptEnds }: Shared, record: ChurnRecord): number {
  const perSecond = record.outline?.broadcastsPerSecond ?? 0;
  const heartbeats = (2.5 * (record.heartbeatMs ?? 0)) / 1_000;
  const unnoticed = (unnoticedEnds(record) ?? 0) * Math.ceil(perSecond * heartbeats);
  return abruptEnds * Math.ceil(perSecond * NOTICED_WITHIN_SECONDS) + unnoticed;
}

function counterChecksOf(shared: Shared, connected: number, record: ChurnRecord): readonly CounterCheck[] {
  const { attempted, ledger, publish, counters, givenBack } = shared;
  const { lost, undetermined, duplicated, wrongRoom, corrupt } = ledger;
  return [
    compareCounts('connections', [connected, counters.opened], {
      serverMore: attempted - connected,
      clientMore: 0,
    }),
    compareCounts('broadcasts', [publish.accepted, counters.broadcasts], {
      serverMore: publish.sent - publish.accepted,
      clientMore: 0,
    }),
    compareCounts('deliveries', [ledger.received + corrupt - givenBack, counters.deliveries], {
      serverMore: lost + undetermined + wrongRoom + lateDeliveries(shared, record),
      clientMore: duplicated + wrongRoom + corrupt,
    }),
  ];
}

/** The window is the churn's; nothing of it is the cost of a connection that stays. */
function costOf({ serverWindow, load }: ChurnRecord, counters: ServerCounters): ServerCost {
  const { cpuCores, gcMs } = serverWindow;
  const lastMs = load?.seconds.at(-1)?.elapsedMs ?? 0;
  return {
    cpuCores,
    cpuAboveIdleCores: null,
    cpuPerThousandCores: null,
    window: serverWindow,
    counters,
    gcRatio: gcMs === null || lastMs === 0 ? null : gcMs / lastMs,
  };
}

/** A worker reads for those that are open at a time, not for all that ever came. */
function healthOf(load: ChurnResult, record: ChurnRecord): readonly WorkerHealth[] {
  const subscribers = load.workers.filter(({ role }) => role === 'subscribers').length;
  const mostOpen = Math.max(0, ...load.seconds.map(({ open }) => open));
  const openOf = ({ role }: WorkerUsage): number =>
    role === 'subscribers' ? Math.ceil(mostOpen / Math.max(1, subscribers)) : 0;
  return load.workers.map((worker) => workerHealth({ ...worker, connections: openOf(worker) }, record));
}

function rate(requestedPerSecond: number, achievedPerSecond: number): AchievedRate {
  return {
    requestedPerSecond,
    achievedPerSecond,
    ratio: requestedPerSecond === 0 ? null : achievedPerSecond / requestedPerSecond,
  };
}

function countOf(failures: readonly FailureCount[]): number {
  return failures.reduce((total, { count }) => total + count, 0);
}

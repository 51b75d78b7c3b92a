/** Makes one {@link LoadResult} of what the workers reported. Pure. */

import { FailureTally } from './failure-tally.ts';
import type { LatencyReport, LoadWindow } from './latency/latency-book.ts';
import { decodeHistogram, LatencyHistogram } from './latency/latency-histogram.ts';
import type { LedgerBooks } from './ledger/delivery-ledger.ts';
import { knownBroadcasts } from './ledger/known-broadcasts.ts';
import { roomOffsetOf, settleByOffset, settleLedger } from './ledger/settle-ledger.ts';
import type { LoadPlan } from './load-plan.ts';
import type {
  DeliveryLedgerTotals,
  FailureCount,
  LoadResult,
  LoadSecond,
  WorkerUsage,
} from './load-result.ts';
import { mergeFanOut } from './merge-fan-out.ts';
import type {
  ConnectReport,
  JoinReport,
  PublishReport,
  SubscriberReport,
  WindowReport,
  WorkerRole,
} from './worker-messages.ts';

/** What is known of one process after a tier. */
export interface WorkerOutcome {
  readonly worker: number;
  readonly role: WorkerRole;
  readonly pid: number;
  readonly connections: number;
  readonly window: WindowReport | null;
  readonly subscribers: SubscriberReport | null;
}

export interface TierOutcome {
  readonly plan: LoadPlan;
  readonly state: LoadResult['state'];
  /** Null when the load never began. */
  readonly window: LoadWindow | null;
  /** When the load really ended, µs: the window's end, or the moment of an interruption. */
  readonly loadEndedUs: number;
  /** Epoch ms of the window's start; 0 when it never began. */
  readonly measureStartedAt: number;
  readonly connects: readonly ConnectReport[];
  readonly joins: readonly JoinReport[];
  readonly joinDurationMs: number;
  /** Pings after the join that got no pong. */
  readonly pingFailures: readonly FailureCount[];
  /** Null where nobody was to leave early, or the tier did not come so far. */
  readonly leftEarly: { readonly asked: number; readonly acknowledged: number } | null;
  readonly publish: PublishReport | null;
  readonly workers: readonly WorkerOutcome[];
  readonly machineCpuRatio: number | null;
}

/** The result of a tier. */
export function mergeReports(tier: TierOutcome): LoadResult {
  const { plan, window } = tier;
  const subscribers = tier.workers.flatMap((worker) => worker.subscribers ?? []);
  const latencies = subscribers.flatMap((report) => report.latency ?? []);
  const isClosed = plan.closedPublishers !== undefined;
  const measuredUs = window === null ? 0 : Math.max(tier.loadEndedUs - window.measureStartUs, 0);
  return {
    state: tier.state,
    connections: plan.connections,
    broadcastsPerSecond: isClosed ? 0 : plan.broadcastsPerSecond,
    matchId: plan.matchId,
    measureStartedAt: measuredUs > 0 ? tier.measureStartedAt : 0,
    measureRequestedMs: plan.measureMs,
    measureAchievedMs: measuredUs / 1_000,
    connect: mergeConnects(tier.connects),
    subscribe: {
      acknowledged: total(tier.joins, (join) => join.acknowledged),
      durationMs: tier.joinDurationMs,
      failures: mergeFailures([...tier.joins.map((join) => join.failures), tier.pingFailures]),
    },
    publish: publishResult(tier.publish, measuredUs),
    ...deliveries(tier, subscribers),
    latency: mergeLatencies(latencies),
    seconds: isClosed ? countedSeconds(subscribers, measuredUs) : mergeSeconds(latencies, measuredUs),
    disconnects: mergeFailures(subscribers.map((report) => report.disconnects)),
    workers: tier.workers.map(workerUsage),
    machineCpuRatio: tier.machineCpuRatio,
    ...(plan.closedPublishers === undefined ? {} : { closedPublishers: plan.closedPublishers }),
    ...(tier.leftEarly === null ? {} : { leftEarly: { ...tier.leftEarly } }),
    ...fanOut(subscribers),
  };
}

/** The ledger, and the slow readers beside it. */
function deliveries(
  tier: TierOutcome,
  subscribers: readonly SubscriberReport[],
): Pick<LoadResult, 'ledger' | 'slowReaders'> {
  const books = subscribers.map((report) => report.books);
  const settle = settlement(tier, subscribers, roomOffsetOf(books));
  const ledger = settle(books);
  if ((tier.plan.slowReaders ?? 0) === 0) return { ledger };
  const slow = settle(subscribers.map((report) => report.slowReaders.books));
  const reports = subscribers.map((report) => report.slowReaders);
  return {
    // What slow readers had not got when they stopped may lie anywhere between the server and them.
    ledger: { ...ledger, undetermined: ledger.undetermined + slow.lost + slow.undetermined },
    slowReaders: {
      count: total(reports, (report) => report.count),
      received: slow.unique,
      ended: mergeFailures(reports.map((report) => report.ended)),
    },
  };
}

/** How books are settled: by the publisher's list or, of a closed load, which has none, by the room's offsets. */
function settlement(
  { plan, publish }: TierOutcome,
  subscribers: readonly SubscriberReport[],
  roomOffset: number,
): (books: readonly LedgerBooks[]) => DeliveryLedgerTotals {
  if (plan.closedPublishers !== undefined) return (books) => settleByOffset(books, roomOffset);
  const broadcasts = knownBroadcasts(
    publish?.accepted ?? [],
    publish?.unconfirmed ?? [],
    subscribers.flatMap((report) => report.sightings),
  );
  return (books) => settleLedger(books, broadcasts);
}

function fanOut(subscribers: readonly SubscriberReport[]): Pick<LoadResult, 'fanOut'> {
  const shape = mergeFanOut(subscribers.flatMap((report) => report.fanOut ?? []));
  return shape === undefined ? {} : { fanOut: shape };
}

export function mergeConnects(reports: readonly ConnectReport[]): LoadResult['connect'] {
  const tried = reports.filter((report) => report.attempted > 0);
  const startedUs = Math.min(...tried.map((report) => report.startedUs));
  const finishedUs = Math.max(...tried.map((report) => report.finishedUs));
  return {
    attempted: total(reports, (report) => report.attempted),
    connected: total(reports, (report) => report.connected),
    establishMs: tried.length > 0 ? (finishedUs - startedUs) / 1_000 : 0,
    latency: mergeHistograms(reports.map((report) => report.latency)).encode(),
    failures: mergeFailures(reports.map((report) => report.failures)),
  };
}

export function publishResult(publish: PublishReport | null, measuredUs: number): LoadResult['publish'] {
  const none = new LatencyHistogram().encode();
  if (publish === null) {
    return {
      intended: 0,
      sent: 0,
      accepted: 0,
      failures: [],
      scheduleLag: none,
      latency: none,
      achievedPerSecond: 0,
    };
  }
  return {
    intended: publish.intended,
    sent: publish.sent,
    accepted: publish.acceptedCount,
    failures: [...publish.failures],
    scheduleLag: publish.scheduleLag,
    latency: publish.latency,
    achievedPerSecond: measuredUs > 0 ? (publish.acceptedInWindow * 1e6) / measuredUs : 0,
  };
}

function mergeLatencies(reports: readonly LatencyReport[]): LoadResult['latency'] {
  const firstHalf = mergeHistograms(reports.map((report) => report.firstHalf));
  const secondHalf = mergeHistograms(reports.map((report) => report.secondHalf));
  const response = new LatencyHistogram();
  response.merge(firstHalf);
  response.merge(secondHalf);
  return {
    response: response.encode(),
    service: mergeHistograms(reports.map((report) => report.service)).encode(),
    firstHalf: firstHalf.encode(),
    secondHalf: secondHalf.encode(),
    negative: total(reports, (report) => report.negative),
  };
}

/** Seconds that began before the load ended, so an interrupted tier shows no empty ones. */
function mergeSeconds(reports: readonly LatencyReport[], measuredUs: number): LoadSecond[] {
  const seconds = Math.max(...reports.map((report) => report.seconds.length), 0);
  return Array.from({ length: Math.min(seconds, Math.ceil(measuredUs / 1e6)) }, (_, second) => {
    const merged = new LatencyHistogram(2);
    for (const report of reports) {
      const slot = report.seconds[second];
      if (slot !== undefined) merged.merge(decodeHistogram(slot));
    }
    return {
      elapsedMs: second * 1_000,
      deliveries: merged.count,
      p50Ms: merged.quantileMs(0.5),
      p99Ms: merged.quantileMs(0.99),
      maxMs: merged.maxMs,
    };
  });
}

/** {@link mergeSeconds} where nothing was timed. */
function countedSeconds(reports: readonly SubscriberReport[], measuredUs: number): LoadSecond[] {
  const counts = reports.flatMap((report) => (report.counts === null ? [] : [report.counts]));
  const seconds = Math.min(Math.max(...counts.map((count) => count.length), 0), Math.ceil(measuredUs / 1e6));
  return Array.from({ length: seconds }, (_, second) => ({
    elapsedMs: second * 1_000,
    deliveries: total(counts, (count) => count[second] ?? 0),
    p50Ms: null,
    p99Ms: null,
    maxMs: null,
  }));
}

export function workerUsage(outcome: WorkerOutcome): WorkerUsage {
  const usage = outcome.window?.usage;
  const elapsedSeconds = (usage?.elapsedMs ?? 0) / 1_000;
  return {
    worker: outcome.worker,
    role: outcome.role,
    pid: outcome.pid,
    connections: outcome.connections,
    cpuRatio: usage?.cpuRatio ?? 0,
    loopDelayP99Ms: usage?.loopDelayP99Ms ?? 0,
    loopUtilisationRatio: usage?.loopUtilisationRatio ?? 0,
    deliveriesPerSecond: elapsedSeconds > 0 ? (outcome.window?.deliveries ?? 0) / elapsedSeconds : 0,
    rssBytes: usage?.rssBytes ?? 0,
    openFds: usage?.openFds ?? 0,
  };
}

export function mergeHistograms(encoded: readonly string[]): LatencyHistogram {
  const merged = new LatencyHistogram();
  for (const text of encoded) merged.merge(decodeHistogram(text));
  return merged;
}

export function mergeFailures(lists: readonly (readonly { reason: string; count: number }[])[]) {
  const tally = new FailureTally();
  for (const list of lists) tally.merge(list);
  return tally.list();
}

export function total<T>(items: readonly T[], field: (item: T) => number): number {
  return items.reduce((sum, item) => sum + field(item), 0);
}

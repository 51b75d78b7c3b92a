/** Makes one {@link LoadResult} of what the workers reported. Pure. */

import type { LoadWindow } from '../latency/latency-book.ts';
import { LatencyHistogram } from '../latency/latency-histogram.ts';
import type { LoadPlan } from '../load-plan.ts';
import type { FailureCount, LoadResult, WorkerUsage } from '../load-result.ts';
import type {
  ConnectReport,
  JoinReport,
  PublishReport,
  SubscriberReport,
  WindowReport,
  WorkerRole,
} from '../worker-messages.ts';
import { mergeDeliveries } from './merge-deliveries.ts';
import { mergeFanOut } from './merge-fan-out.ts';
import { countedSeconds, mergeLatencies, mergeSeconds, mergeSlots } from './merge-latencies.ts';
import { mergeFailures, mergeHistograms, total } from './merge-parts.ts';

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
  const counts = subscribers.flatMap((report) => (report.counts === null ? [] : [report.counts]));
  const fanOut = mergeFanOut(subscribers.flatMap((report) => report.fanOut ?? []));
  const latencySlots = window === null ? undefined : mergeSlots(latencies, window);
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
    ...mergeDeliveries(tier, subscribers),
    latency: mergeLatencies(latencies),
    seconds: isClosed ? countedSeconds(counts, measuredUs) : mergeSeconds(latencies, measuredUs),
    disconnects: mergeFailures(subscribers.map((report) => report.disconnects)),
    workers: tier.workers.map(workerUsage),
    machineCpuRatio: tier.machineCpuRatio,
    ...(plan.closedPublishers === undefined ? {} : { closedPublishers: plan.closedPublishers }),
    ...(tier.leftEarly === null ? {} : { leftEarly: { ...tier.leftEarly } }),
    ...(fanOut === undefined ? {} : { fanOut }),
    ...(latencySlots === undefined ? {} : { latencySlots }),
  };
}

/** All workers' connecting, from the first attempt of any to the last. */
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

/** What the publisher did; nothing where the load never began. */
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

/** What one process used over the measured window; zeros where it never began. */
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

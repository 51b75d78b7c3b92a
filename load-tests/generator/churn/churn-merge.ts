/** Makes one {@link ChurnResult} of what the workers reported. Pure. */

import { knownBroadcasts } from '../ledger/known-broadcasts.ts';
import { countUpTo, settleLedger } from '../ledger/settle-ledger.ts';
import { mergeFailures, mergeHistograms, total } from '../merge/merge-parts.ts';
import { mergeConnects, publishResult, workerUsage } from '../merge/merge-reports.ts';
import type { PublishReport, WindowReport, WorkerRole } from '../worker-messages.ts';
import type { ChurnReport, ReturnReport } from './churn-messages.ts';
import type { ChurnPlan } from './churn-plan.ts';
import type { ChurnResult, ChurnSecond, StormResult } from './churn-result.ts';
import type { StormOutcome } from './churn-storm-run.ts';

/** What is known of one process after the churn. */
export interface ChurnWorkerOutcome {
  readonly worker: number;
  readonly role: WorkerRole;
  readonly pid: number;
  /** Null from the publisher. */
  readonly churn: ChurnReport | null;
  readonly window: WindowReport | null;
}

export interface ChurnOutcome {
  readonly plan: ChurnPlan;
  readonly state: ChurnResult['state'];
  /** Epoch ms; 0 when the churn never began. */
  readonly startedAt: number;
  /** µs of the shared clock; the end is that of an interruption, if there was one. */
  readonly startUs: number;
  readonly endedUs: number;
  readonly publish: PublishReport | null;
  readonly workers: readonly ChurnWorkerOutcome[];
  readonly machineCpuRatio: number | null;
  readonly storm: StormOutcome | null;
}

/** The result of a churn run. */
export function churnResult(outcome: ChurnOutcome): ChurnResult {
  const { plan, publish, workers } = outcome;
  const reports = workers.flatMap((worker) => worker.churn ?? []);
  const achievedUs = Math.max(outcome.endedUs - outcome.startUs, 0);
  const acceptedInTime = total(reports, (report) => report.acceptedInTime);
  return {
    state: outcome.state,
    matchId: plan.matchId,
    startedAt: outcome.startedAt,
    requestedPerSecond: plan.connectsPerSecond,
    requestedMs: plan.churnMs,
    achievedMs: achievedUs / 1_000,
    acceptedPerSecond: achievedUs > 0 ? (acceptedInTime * 1e6) / achievedUs : 0,
    connect: mergeConnects(reports.map((report) => report.connect)),
    scheduleLag: mergeHistograms(reports.map((report) => report.scheduleLag)).encode(),
    failures: mergeFailures(reports.map((report) => report.failures)),
    seconds: mergeSeconds(reports),
    ...mergeEnds(reports),
    publish: publishResult(publish, achievedUs),
    ledger: settleLedger(
      reports.map((report) => report.books),
      broadcastsOf(publish, reports),
    ),
    storm: outcome.storm === null ? null : stormResult(outcome.storm),
    workers: workers.map((worker) =>
      workerUsage({ ...worker, connections: worker.churn?.connect.connected ?? 0, subscribers: null }),
    ),
    machineCpuRatio: outcome.machineCpuRatio,
  };
}

function mergeEnds(reports: readonly ChurnReport[]): Pick<ChurnResult, 'ends' | 'halfOpen'> {
  const silent = total(reports, (report) => report.silent);
  const cut = total(reports, (report) => report.cut);
  const reasons = mergeFailures(reports.map((report) => report.detected));
  return {
    ends: {
      clean: total(reports, (report) => report.clean),
      reset: total(reports, (report) => report.reset),
      halfOpen: silent,
      unasked: mergeFailures(reports.map((report) => report.unasked)),
    },
    halfOpen: {
      silent,
      detected: total(reasons, ({ count }) => count),
      ...(cut === 0 ? {} : { cut }),
      reasons,
      detection: mergeHistograms(reports.map((report) => report.detection)).encode(),
    },
  };
}

function mergeSeconds(reports: readonly ChurnReport[]): ChurnSecond[] {
  const seconds = Math.max(...reports.map((report) => report.seconds.length), 0);
  let open = 0;
  return Array.from({ length: seconds }, (_, second) => {
    const parts = reports.flatMap((report) => report.seconds[second] ?? []);
    const accepted = total(parts, (part) => part.accepted);
    open += accepted - total(parts, (part) => part.ended);
    return {
      elapsedMs: second * 1_000,
      attempted: total(parts, (part) => part.attempted),
      accepted,
      failed: total(parts, (part) => part.failed),
      open,
    };
  });
}

function stormResult(storm: StormOutcome): StormResult {
  const { gathers, returns, reports, publish } = storm;
  const broadcasts = broadcastsOf(publish, reports);
  const offsets = Float64Array.from(broadcasts, ({ offset }) => offset);
  const { firstUs, lastUs, lastReturnUs } = returnTimes(returns, storm.cutUs);
  const recovered = total(returns, (each) => each.recovered);
  return {
    clients: storm.cut,
    gatherFailures: mergeFailures(gathers.map((gather) => gather.failures)),
    awayMs: Math.max(firstUs - storm.cutUs, 0) / 1_000,
    openingMs: (lastUs - firstUs) / 1_000,
    recovered,
    failures: mergeFailures(returns.map((each) => each.failures)),
    handshake: mergeHistograms(returns.map((each) => each.handshake)).encode(),
    resume: mergeHistograms(returns.map((each) => each.resume)).encode(),
    recoveryMs: recovered > 0 ? (lastReturnUs - firstUs) / 1_000 : 0,
    results: mergeFailures(returns.map((each) => each.results)),
    missed: total(reports, ({ absentFrom, absentTo }) =>
      absentFrom.reduce(
        (sum, from, client) => sum + countUpTo(offsets, absentTo[client] ?? from) - countUpTo(offsets, from),
        0,
      ),
    ),
    givenBack: total(reports, (report) => report.givenBack),
    disconnects: mergeFailures(reports.map((report) => report.disconnects)),
    publish: publishResult(publish, storm.publishedUs),
    ledger: settleLedger(
      reports.map((report) => report.books),
      broadcasts,
    ),
  };
}

/** Workers with nobody to bring back have no times; with none anywhere, nobody was away. */
function returnTimes(returns: readonly ReturnReport[], cutUs: number) {
  const attempted = returns.filter((each) => each.firstAttemptUs > 0);
  if (attempted.length === 0) return { firstUs: cutUs, lastUs: cutUs, lastReturnUs: cutUs };
  return {
    firstUs: Math.min(...attempted.map((each) => each.firstAttemptUs)),
    lastUs: Math.max(...attempted.map((each) => each.lastAttemptUs)),
    lastReturnUs: Math.max(...attempted.map((each) => each.lastReturnUs)),
  };
}

function broadcastsOf(publish: PublishReport | null, reports: readonly Pick<ChurnReport, 'sightings'>[]) {
  return knownBroadcasts(
    publish?.accepted ?? [],
    publish?.unconfirmed ?? [],
    reports.flatMap((report) => report.sightings),
  );
}

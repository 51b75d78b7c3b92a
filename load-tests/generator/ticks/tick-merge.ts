/** Makes one {@link TickResult} of what the workers reported. Pure. */

import type { LoadWindow } from '../latency/latency-book.ts';
import { decodeHistogram, LatencyHistogram } from '../latency/latency-histogram.ts';
import { mergeFailures, mergeHistograms, total } from '../merge/merge-parts.ts';
import { mergeConnects, workerUsage } from '../merge/merge-reports.ts';
import type { ConnectReport } from '../worker-messages.ts';
import type { TickBooks } from './reading/tick-ledger.ts';
import type { TickMeterReport, TickReport } from './tick-messages.ts';
import { type FullTickPlan, isSharedClock } from './tick-plan.ts';
import type { TickLedgerTotals, TickResult, TickSecond } from './tick-result.ts';

/** What is known of one worker after its readers were closed. */
export interface TickWorkerOutcome {
  readonly worker: number;
  readonly pid: number;
  readonly connections: number;
  readonly report: TickReport;
}

export interface TickOutcome {
  readonly plan: FullTickPlan;
  readonly state: TickResult['state'];
  /** Null when the load never began. */
  readonly window: LoadWindow | null;
  /** When the load really ended, µs: the window's end, or the moment of an interruption. */
  readonly endedUs: number;
  /** Epoch ms of the window's start; 0 when it never began. */
  readonly measureStartedAt: number;
  readonly connects: readonly ConnectReport[];
  readonly workers: readonly TickWorkerOutcome[];
  readonly machineCpuRatio: number | null;
}

/** The result of a tick load. */
export function tickResult(outcome: TickOutcome): TickResult {
  const { plan, window, workers } = outcome;
  const reports = workers.map((worker) => worker.report);
  const measuredUs = window === null ? 0 : Math.max(outcome.endedUs - window.measureStartUs, 0);
  const browser = reports.find((report) => report.browser !== null)?.browser ?? null;
  return {
    state: outcome.state,
    reader: plan.reader,
    format: plan.format,
    readers: plan.readers,
    measureStartedAt: measuredUs > 0 ? outcome.measureStartedAt : 0,
    measureRequestedMs: plan.measureMs,
    measureAchievedMs: measuredUs / 1_000,
    connect: mergeConnects(outcome.connects),
    ledger: {
      ...sumBooks(reports.flatMap((report) => report.books)),
      undetermined: total(reports, (report) => report.undetermined),
      acknowledged: total(reports, (report) => report.acknowledged),
    },
    measured: measured(reports, measuredUs),
    latency: mergeLatency(plan, reports),
    seconds: mergeSeconds(
      reports.map((report) => report.meter),
      measuredUs,
    ),
    disconnects: mergeFailures(reports.map((report) => report.disconnects)),
    slowReaders: mergeSlowReaders(reports),
    workers: workers.map(({ report, ...worker }) =>
      workerUsage({ ...worker, role: 'subscribers', window: report.window, subscribers: null }),
    ),
    machineCpuRatio: outcome.machineCpuRatio,
    ...(browser === null ? {} : { browser }),
  };
}

type BooksTotals = Omit<TickLedgerTotals, 'undetermined' | 'acknowledged'>;

/** The sum of several readers' accounts. */
export function sumBooks(books: readonly TickBooks[]): BooksTotals {
  const sum = (field: (each: TickBooks) => number): number => total(books, field);
  return {
    received: sum((each) => each.received),
    numbered: nullableSum(books, (each) => each.numbered),
    gaps: nullableSum(books, (each) => each.gaps),
    duplicated: nullableSum(books, (each) => each.duplicated),
    outOfOrder: sum((each) => each.outOfOrder),
    sharedTimestamps: sum((each) => each.sharedTimestamps),
    corrupt: sum((each) => each.corrupt),
    skipped: sum((each) => each.skipped),
    conflations: sum((each) => each.conflations),
    shortAtConflation: nullableSum(books, (each) => each.shortAtConflation),
    foreignText: sum((each) => each.foreignText),
  };
}

/** Null when there is no number at all. */
function nullableSum(books: readonly TickBooks[], field: (each: TickBooks) => number | null): number | null {
  const numbers = books.flatMap((each) => field(each) ?? []);
  return numbers.length === 0 ? null : total(numbers, (number) => number);
}

function measured(reports: readonly TickReport[], measuredUs: number): TickResult['measured'] {
  const received = total(reports, ({ meter }) => meter.received);
  return {
    received,
    skipped: total(reports, ({ meter }) => meter.skipped),
    bytes: total(reports, ({ meter }) => meter.bytes),
    perSecond: measuredUs > 0 ? (received * 1e6) / measuredUs : 0,
  };
}

function mergeLatency(plan: FullTickPlan, reports: readonly TickReport[]): TickResult['latency'] {
  const firstHalf = mergeHistograms(reports.map(({ meter }) => meter.firstHalf));
  const secondHalf = mergeHistograms(reports.map(({ meter }) => meter.secondHalf));
  const response = new LatencyHistogram();
  response.merge(firstHalf);
  response.merge(secondHalf);
  return {
    response: response.encode(),
    firstHalf: firstHalf.encode(),
    secondHalf: secondHalf.encode(),
    negative: total(reports, ({ meter }) => meter.negative),
    sampledEvery: plan.timeEvery,
    clockErrorUs: isSharedClock(plan) ? Math.max(...reports.map((report) => report.clockErrorUs), 0) : null,
  };
}

/** Seconds that began before the load ended, so an interrupted one shows no empty ones. */
function mergeSeconds(meters: readonly TickMeterReport[], measuredUs: number): TickSecond[] {
  const seconds = Math.max(...meters.map((meter) => meter.seconds.length), 0);
  return Array.from({ length: Math.min(seconds, Math.ceil(measuredUs / 1e6)) }, (_, second) => {
    const slots = meters.flatMap((meter) => meter.seconds[second] ?? []);
    const latency = new LatencyHistogram(2);
    for (const slot of slots) latency.merge(decodeHistogram(slot.latency));
    return {
      elapsedMs: second * 1_000,
      received: total(slots, (slot) => slot.received),
      p50Ms: latency.quantileMs(0.5),
      p99Ms: latency.quantileMs(0.99),
      maxMs: latency.maxMs,
    };
  });
}

function mergeSlowReaders(reports: readonly TickReport[]): TickResult['slowReaders'] {
  const books = sumBooks(reports.flatMap((report) => report.slowReaders.books));
  return {
    count: total(reports, (report) => report.slowReaders.count),
    receivedBeforePause: books.received,
    gapsBeforePause: books.gaps,
    ended: mergeFailures(reports.map((report) => report.slowReaders.ended)),
  };
}

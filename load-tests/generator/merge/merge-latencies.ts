/** Puts the workers' latencies together, as a whole and second by second. Pure. */

import type { LatencyReport, LoadWindow } from '../latency/latency-book.ts';
import { decodeHistogram, LatencyHistogram } from '../latency/latency-histogram.ts';
import type { LatencySlotsResult, LoadResult, LoadSecond } from '../load-result.ts';
import { mergeHistograms, total } from './merge-parts.ts';

/** Percentiles are never averaged: the histograms are added. */
export function mergeLatencies(reports: readonly LatencyReport[]): LoadResult['latency'] {
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

/** @returns undefined where no worker kept any */
export function mergeSlots(
  reports: readonly LatencyReport[],
  { measureStartUs, measureEndUs }: LoadWindow,
): LatencySlotsResult | undefined {
  const kept = reports.flatMap(({ slots }) => (slots === null ? [] : [slots]));
  const [first] = kept;
  if (first === undefined) return undefined;
  return {
    startUs: measureStartUs,
    lengthUs: (measureEndUs - measureStartUs) / first.length,
    response: first.map((_, slot) => mergeHistograms(kept.flatMap((slots) => slots[slot] ?? [])).encode()),
  };
}

/** Seconds that began before the load ended, so an interrupted tier shows no empty ones. */
export function mergeSeconds(reports: readonly LatencyReport[], measuredUs: number): LoadSecond[] {
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
export function countedSeconds(counts: readonly (readonly number[])[], measuredUs: number): LoadSecond[] {
  const seconds = Math.min(Math.max(...counts.map((count) => count.length), 0), Math.ceil(measuredUs / 1e6));
  return Array.from({ length: seconds }, (_, second) => ({
    elapsedMs: second * 1_000,
    deliveries: total(counts, (count) => count[second] ?? 0),
    p50Ms: null,
    p99Ms: null,
    maxMs: null,
  }));
}

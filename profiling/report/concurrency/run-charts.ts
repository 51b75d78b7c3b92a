/** The charts of one run, in the order of the report. */

import type { ConcurrencyAnalysis } from '../../analysis/concurrency/concurrency-analysis.ts';
import type { ConcurrencyRecord } from '../../record/concurrency-record.ts';
import type { ConcurrencyVerdict } from '../../verdict/concurrency/concurrency-verdict.ts';
import { limitsOf } from '../../verdict/thresholds.ts';
import { type Chart, type ChartDrawing, drawChart } from '../charts/chart.ts';
import { capacityOverConnections, memoryOverConnections } from './fit-charts.ts';
import { connectionsMade, deliveryLatency, latencyOverTime, serverLoad } from './tier-charts.ts';

/** Draws every chart that the data allow. */
export function drawCharts(
  record: ConcurrencyRecord,
  analysis: ConcurrencyAnalysis,
  verdict: ConcurrencyVerdict,
): readonly Chart[] {
  if (analysis.tiers.length === 0) return [];
  const limits = limitsOf(record.thresholds);
  const drawings: readonly (ChartDrawing | null)[] = [
    deliveryLatency(analysis, limits),
    timeline(record, analysis, verdict),
    connectionsMade(analysis),
    serverLoad(analysis),
    memoryOverConnections(analysis),
    capacityOverConnections(analysis.scalability),
  ];
  return drawings.filter((drawing) => drawing !== null).map(drawChart);
}

/** Of the largest tier with a healthy rig, else of the largest. */
function timeline(
  record: ConcurrencyRecord,
  analysis: ConcurrencyAnalysis,
  verdict: ConcurrencyVerdict,
): ChartDrawing | null {
  const healthy = verdict.validity.filter((tier) => tier.problems.length === 0).at(-1)?.connections;
  const chosen = analysis.tiers.find((tier) => tier.connections === healthy) ?? analysis.tiers.at(-1);
  const seconds = record.tiers.find((tier) => tier.connections === chosen?.connections)?.load.seconds ?? [];
  return chosen === undefined || seconds.length < 2
    ? null
    : latencyOverTime(chosen, seconds, limitsOf(record.thresholds));
}

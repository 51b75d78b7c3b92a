/** From what a broadcast run recorded to what it means; no thresholds here, and no judgement. */

import { decodeHistogram } from '../../../load-tests/generator/latency/latency-histogram.ts';
import type { FanOutShape, LoadResult } from '../../../load-tests/generator/load-result.ts';
import type { BroadcastRecord, BroadcastStep, SlowReaderStep } from '../../record/broadcast-record.ts';
import type { TierRecord } from '../../record/tier-record.ts';
import { analyseTier } from '../analyse-tier.ts';
import { latencyFigures } from '../latency-figures.ts';
import type { TierAnalysis } from '../tier-analysis.ts';
import type {
  BroadcastAnalysis,
  ClosedAnalysis,
  Completeness,
  FanOutFigures,
  PositionFigures,
  SlowReaderAnalysis,
  StepAnalysis,
} from './broadcast-analysis.ts';

/** What readers feel as at once, as soon, and as late. */
const WITHIN_MS = [10, 50, 100, 250] as const;

/**
 * Computes every figure that verdict and report need.
 *
 * @throws TouchlineError `TL_RECORD_INVALID` when a histogram in the record cannot be decoded
 */
export function analyseBroadcast(record: BroadcastRecord): BroadcastAnalysis {
  return {
    connections: record.connections,
    steps: record.steps.map((step, index) => analyseStep(step, labelOf(record.steps, index), record)),
    closed: record.closed === null ? null : analyseClosed(record.closed, record),
    slowReaders: record.slowReaders.map((step) => analyseSlowReaders(step, record)),
  };
}

function analyseStep(
  { kind, rate, tier }: BroadcastStep,
  label: string,
  record: BroadcastRecord,
): StepAnalysis {
  const analysis = analyseTier(tier, record);
  const { fanOut } = tier.load;
  return {
    kind,
    rate,
    label,
    tier: analysis,
    fanOut: fanOut === undefined ? null : fanOutFigures(fanOut),
    completeness: completenessOf(tier.load),
    deliveriesPerCore: deliveriesPerCore(analysis),
  };
}

/** Rates that were measured several times are told apart. */
function labelOf(steps: readonly BroadcastStep[], index: number): string {
  const { kind, rate } = steps[index] ?? { kind: 'sweep', rate: 0 };
  const said = `${rate.toLocaleString('en-US', { maximumSignificantDigits: 6 })}/s`;
  const before = steps.slice(0, index).some((step) => step.kind === kind && step.rate === rate);
  const notes = [...(kind === 'confirmation' ? ['confirmation'] : []), ...(before ? ['again'] : [])];
  return notes.length === 0 ? said : `${said} (${notes.join(', ')})`;
}

function fanOutFigures(shape: FanOutShape): FanOutFigures {
  const { broadcasts, everyNth, members, positions } = shape;
  return {
    broadcasts,
    everyNth,
    members,
    first: latencyFigures(shape.first),
    median: latencyFigures(shape.median),
    last: latencyFigures(shape.last),
    spread: latencyFigures(shape.spread),
    positions,
    unfairnessMs: unfairness(positions),
  };
}

function unfairness(positions: readonly PositionFigures[]): number | null {
  const [first] = positions;
  const last = positions.at(-1);
  return first === undefined || last === undefined || first === last ? null : last.meanMs - first.meanMs;
}

function completenessOf({ latency }: LoadResult): readonly Completeness[] {
  const histogram = decodeHistogram(latency.response);
  return WITHIN_MS.map((withinMs) => ({
    withinMs,
    ratio: histogram.count === 0 ? null : histogram.countUpToMs(withinMs) / histogram.count,
  }));
}

function analyseClosed(tier: TierRecord, record: BroadcastRecord): ClosedAnalysis {
  const analysis = analyseTier(tier, record);
  return {
    tier: analysis,
    publishers: tier.load.closedPublishers ?? 0,
    requestsPerSecond: analysis.broadcasts.achievedPerSecond,
    publishLatency: analysis.publishLatency,
    deliveriesPerSecond: analysis.deliveries.achievedPerSecond,
    deliveriesPerCore: deliveriesPerCore(analysis),
  };
}

function analyseSlowReaders(
  { slowReaders, rate, textLength, tier }: SlowReaderStep,
  record: BroadcastRecord,
): SlowReaderAnalysis {
  const queued = tier.serverSamples.flatMap((sample) =>
    sample.sendQueueBytes === null ? [] : [sample.sendQueueBytes],
  );
  return {
    slowReaders,
    rate,
    textLength,
    tier: analyseTier(tier, record),
    peakSendQueueBytes: queued.length === 0 ? null : Math.max(...queued),
    bytesPerMember: tier.load.publish.accepted * textLength,
  };
}

function deliveriesPerCore({ deliveries, server }: TierAnalysis): number | null {
  const { cpuCores } = server;
  return cpuCores === null || cpuCores === 0 ? null : deliveries.achievedPerSecond / cpuCores;
}
